/* global sampleRate, registerProcessor, AudioWorkletProcessor */
/**
 * Cuts the microphone into frames of Int16 samples at 16 kHz, from whatever rate the audio thread runs at. Plain
 * JavaScript, because the browser loads this file by itself into that thread. Messages out: { pcm: Int16Array }.
 *
 * The rate is brought down here and not by an AudioContext at 16 kHz: on a busy machine with two cores such a context
 * was measured to lose 30 % of the sound, while one at the device's own rate beside it lost nothing.
 */
const TARGET_RATE = 16_000;
const FRAME_SAMPLES = 640; // 40 ms
/** Zero crossings of the low-pass on each side: flat to 7 kHz, and nothing above 9 kHz that could fold back. */
const ZEROS = 10;
const PHASES = 128;

class MicrophoneProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.ratio = sampleRate / TARGET_RATE;
    this.half = Math.ceil(ZEROS * Math.max(1, this.ratio));
    this.taps = 2 * this.half;
    this.kernels = kernels(this.ratio, this.half);
    // A ring, written twice, so that every window lies in one stretch.
    this.history = new Float32Array(2 * this.taps);
    this.written = 0;
    /** Where the next output sample lies, in input samples from the first. */
    this.next = 0;
    this.frame = new Int16Array(FRAME_SAMPLES);
    this.filled = 0;
  }

  process(inputs) {
    const channels = inputs[0];
    if (!channels || channels.length === 0) return true;
    const length = channels[0].length;
    for (let i = 0; i < length; i++) {
      let sample = 0;
      for (const channel of channels) sample += channel[i];
      this.take(sample / channels.length);
    }
    return true;
  }

  take(sample) {
    const at = this.written % this.taps;
    this.history[at] = sample;
    this.history[at + this.taps] = sample;
    this.written += 1;
    // The window around an output sample ends `half` samples after it.
    while (this.next + this.half < this.written) {
      const whole = Math.floor(this.next);
      const phase = Math.round((this.next - whole) * PHASES);
      this.put(this.filtered(whole, phase));
      this.next += this.ratio;
    }
  }

  /** The value between the samples `whole` and `whole + 1`, low-passed. */
  filtered(whole, phase) {
    const kernel = this.kernels[phase];
    const first = whole - this.half + 1;
    const from = ((first % this.taps) + this.taps) % this.taps;
    let sum = 0;
    for (let i = 0; i < this.taps; i++) sum += this.history[from + i] * kernel[i];
    return sum;
  }

  put(value) {
    const clipped = Math.max(-1, Math.min(1, value));
    this.frame[this.filled++] = Math.round(clipped * 32_767);
    if (this.filled === FRAME_SAMPLES) {
      const pcm = this.frame;
      this.frame = new Int16Array(FRAME_SAMPLES);
      this.filled = 0;
      this.port.postMessage({ pcm }, [pcm.buffer]);
    }
  }
}

/** Blackman-windowed sinc, one kernel for each fraction of a sample, each of gain 1. */
function kernels(ratio, half) {
  const cutoff = 1 / Math.max(1, ratio);
  return Array.from({ length: PHASES + 1 }, (_, phase) => {
    const kernel = new Float32Array(2 * half);
    let gain = 0;
    for (let i = 0; i < kernel.length; i++) {
      const x = i - half + 1 - phase / PHASES;
      const angle = Math.PI * x * cutoff;
      const sinc = Math.abs(angle) < 1e-9 ? 1 : Math.sin(angle) / angle;
      const place = Math.min(1, Math.abs(x) / half);
      const window = 0.42 + 0.5 * Math.cos(Math.PI * place) + 0.08 * Math.cos(2 * Math.PI * place);
      kernel[i] = sinc * window;
      gain += kernel[i];
    }
    for (let i = 0; i < kernel.length; i++) kernel[i] /= gain;
    return kernel;
  });
}

registerProcessor('microphone', MicrophoneProcessor);
