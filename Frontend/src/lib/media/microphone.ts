import workletUrl from './microphone.worklet.js?url&no-inline';

export const MICROPHONE_RATE = 16_000;

/** Receives 40 ms of the candidate's voice: Int16 mono at 16 kHz. Numbers grow by one for each frame made. */
export type FrameListener = (sequence: number, pcm: Int16Array) => void;

/** The candidate's voice on its way to the recogniser. */
export class Microphone {
  #context: AudioContext;
  #source: MediaStreamAudioSourceNode;
  #worklet: AudioWorkletNode;
  #listening = true;
  #sequence = 0;

  private constructor(context: AudioContext, source: MediaStreamAudioSourceNode, onFrame: FrameListener) {
    this.#context = context;
    this.#source = source;
    this.#worklet = new AudioWorkletNode(context, 'microphone', { numberOfOutputs: 1 });
    this.#worklet.port.onmessage = (event: MessageEvent<{ pcm: Int16Array }>) => {
      if (this.#listening) onFrame(this.#sequence++, event.data.pcm);
    };
    source.connect(this.#worklet);
    // Silent, but a node that leads nowhere need not be computed.
    this.#worklet.connect(context.destination);
  }

  /** @throws when this browser has no AudioWorklet: then answers are typed. */
  static async open(stream: MediaStream, onFrame: FrameListener): Promise<Microphone> {
    const { context, source } = contextFor(stream);
    try {
      await context.audioWorklet.addModule(workletUrl);
      if (context.state === 'suspended') await context.resume();
      return new Microphone(context, source, onFrame);
    } catch (error) {
      await context.close();
      throw error;
    }
  }

  /** Muted frames are not made at all, so that nothing said while muted can leave the page. */
  setListening(listening: boolean): void {
    this.#listening = listening;
  }

  async close(): Promise<void> {
    this.#listening = false;
    this.#worklet.port.onmessage = null;
    this.#source.disconnect();
    this.#worklet.disconnect();
    if (this.#context.state !== 'closed') await this.#context.close();
  }
}

function contextFor(stream: MediaStream): { context: AudioContext; source: MediaStreamAudioSourceNode } {
  const context = new AudioContext({ sampleRate: MICROPHONE_RATE, latencyHint: 'balanced' });
  try {
    return { context, source: context.createMediaStreamSource(stream) };
  } catch {
    // Firefox connects a microphone only at the device's own rate; the worklet brings it down to 16 kHz.
    void context.close();
    const own = new AudioContext({ latencyHint: 'balanced' });
    return { context: own, source: own.createMediaStreamSource(stream) };
  }
}
