/** Registers the processor `microphone` in the audio thread; it exports nothing. */
export {};
