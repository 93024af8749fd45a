import workletUrl from './microphone.worklet.js?url&no-inline';

/** Receives 40 ms of the candidate's voice: Int16 mono at 16 kHz. Numbers grow by one for each frame made. */
export type FrameListener = (sequence: number, pcm: Int16Array) => void;

const prepared = new WeakMap<AudioContext, Promise<void>>();

/** The candidate's voice on its way to the recogniser. */
export class Microphone {
  #source: MediaStreamAudioSourceNode;
  #worklet: AudioWorkletNode;
  #listening = true;
  #sequence: number;

  private constructor(context: AudioContext, stream: MediaStream, firstSequence: number, onFrame: FrameListener) {
    this.#sequence = firstSequence;
    this.#source = context.createMediaStreamSource(stream);
    this.#worklet = new AudioWorkletNode(context, 'microphone', { numberOfOutputs: 1 });
    this.#worklet.port.onmessage = (event: MessageEvent<{ pcm: Int16Array }>) => {
      if (this.#listening) onFrame(this.#sequence++, event.data.pcm);
    };
    this.#source.connect(this.#worklet);
    // Silent, but a node that leads nowhere need not be computed.
    this.#worklet.connect(context.destination);
  }

  /**
   * In a context of any rate: the worklet brings it down to 16 kHz.
   *
   * @throws when this browser has no AudioWorklet: then answers are typed.
   */
  static async open(
    context: AudioContext,
    stream: MediaStream,
    firstSequence: number,
    onFrame: FrameListener,
  ): Promise<Microphone> {
    let ready = prepared.get(context);
    if (!ready) {
      ready = context.audioWorklet.addModule(workletUrl);
      prepared.set(context, ready);
    }
    await ready;
    return new Microphone(context, stream, firstSequence, onFrame);
  }

  /** The number the next frame will have. */
  get sequence(): number {
    return this.#sequence;
  }

  /** Muted frames are not made at all, so that nothing said while muted can leave the page. */
  setListening(listening: boolean): void {
    this.#listening = listening;
  }

  close(): void {
    this.#listening = false;
    this.#worklet.port.onmessage = null;
    this.#source.disconnect();
    this.#worklet.disconnect();
  }
}
