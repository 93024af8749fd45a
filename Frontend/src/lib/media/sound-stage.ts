/**
 * Where all sound of the room meets: the interviewer's voice goes to the speaker and into the recording,
 * the candidate's microphone into the recording and the level meter only.
 */
export class SoundStage {
  readonly context: AudioContext;
  /** The interviewer's voice is connected here. */
  readonly voice: GainNode;
  #recording: MediaStreamAudioDestinationNode;
  #analyser: AnalyserNode;
  #microphone: MediaStreamAudioSourceNode | null = null;
  #samples: Float32Array<ArrayBuffer>;

  /** Balanced: some ten milliseconds later than `interactive`, and without holes on a machine that is busy. */
  constructor(context: AudioContext = new AudioContext({ latencyHint: 'balanced' })) {
    this.context = context;
    this.voice = context.createGain();
    this.#recording = context.createMediaStreamDestination();
    this.#analyser = context.createAnalyser();
    this.#analyser.fftSize = 1024;
    this.#samples = new Float32Array(this.#analyser.fftSize);
    this.voice.connect(context.destination);
    this.voice.connect(this.#recording);
  }

  /** Both voices, mixed. The track stays the same whatever happens to the microphone. */
  get mixedTrack(): MediaStreamTrack {
    const [track] = this.#recording.stream.getAudioTracks();
    if (!track) throw new Error('a MediaStreamAudioDestinationNode has one audio track; this browser gave none');
    return track;
  }

  setMicrophone(stream: MediaStream | null): void {
    this.#microphone?.disconnect();
    this.#microphone = null;
    if (!stream || stream.getAudioTracks().length === 0) return;
    this.#microphone = this.context.createMediaStreamSource(stream);
    this.#microphone.connect(this.#recording);
    this.#microphone.connect(this.#analyser);
  }

  /** Loudness of the microphone just now, 0 … 1, on a scale on which normal speech fills about two thirds. */
  level(): number {
    if (!this.#microphone) return 0;
    this.#analyser.getFloatTimeDomainData(this.#samples);
    return loudness(this.#samples);
  }

  /** Browsers keep sound off until the person has clicked something. */
  async resume(): Promise<boolean> {
    if (this.context.state === 'suspended') {
      await Promise.race([this.context.resume().catch(() => undefined), new Promise((done) => setTimeout(done, 500))]);
    }
    return this.context.state === 'running';
  }

  async close(): Promise<void> {
    this.#microphone?.disconnect();
    if (this.context.state !== 'closed') await this.context.close();
  }
}

/** Quietest level that shows, in dB below full scale: the noise of a quiet room lies about there. */
const FLOOR_DB = -60;

/** RMS in dB, mapped from −60 … 0 dB onto 0 … 1. */
export function loudness(samples: Float32Array): number {
  let sum = 0;
  for (const sample of samples) sum += sample * sample;
  const rms = Math.sqrt(sum / Math.max(1, samples.length));
  if (rms <= 0) return 0;
  return Math.max(0, Math.min(1, 1 - (20 * Math.log10(rms)) / FLOOR_DB));
}
