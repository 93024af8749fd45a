/* global sampleRate, registerProcessor, AudioWorkletProcessor */
/**
 * Cuts the microphone into frames of Int16 samples at 16 kHz. Plain JavaScript, because the browser loads this file
 * by itself into the audio thread. Messages out: { pcm: Int16Array }.
 */
const TARGET_RATE = 16_000;
const FRAME_SAMPLES = 640; // 40 ms

class MicrophoneProcessor extends AudioWorkletProcessor {
  constructor() {
    super();
    this.ratio = sampleRate / TARGET_RATE;
    this.frame = new Int16Array(FRAME_SAMPLES);
    this.filled = 0;
    // One output sample is the mean of the input samples it covers: enough of a low-pass for speech, at next to no cost.
    this.sum = 0;
    this.weight = 0;
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
    let left = 1;
    while (this.weight + left >= this.ratio - 1e-9) {
      const part = this.ratio - this.weight;
      this.put((this.sum + sample * part) / this.ratio);
      left = Math.max(0, left - part);
      this.sum = 0;
      this.weight = 0;
    }
    this.sum += sample * left;
    this.weight += left;
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

registerProcessor('microphone', MicrophoneProcessor);
