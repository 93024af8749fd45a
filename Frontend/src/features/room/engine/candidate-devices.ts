import type { DeviceChoice } from '@/lib/media/device-choice';
import { DeviceError, stopStream } from '@/lib/media/media-devices';
import type { SoundStage } from '@/lib/media/sound-stage';
import type { Wish } from '../connection/messages';
import type { DeviceState, OpenMicrophone, Parts } from './room-parts';
import type { RoomStore } from './room-store';

interface DeviceListener {
  wish: (wish: Wish) => void;
  sendAudio: (sequence: number, pcm: Int16Array) => void;
  onCamera: (stream: MediaStream | null) => void;
}

/** The candidate's microphone and camera: opened from a click, lost, muted, and really off when they are off. */
export class CandidateDevices {
  #parts: Parts;
  #store: RoomStore;
  #listener: DeviceListener;
  #choice: DeviceChoice | null = null;
  #stage: SoundStage | null = null;
  #stream: MediaStream | null = null;
  #microphone: OpenMicrophone | null = null;
  #nextFrame = 0;
  #closed = false;

  constructor(parts: Parts, store: RoomStore, listener: DeviceListener) {
    this.#parts = parts;
    this.#store = store;
    this.#listener = listener;
  }

  get listening(): boolean {
    return this.#store.get().own.microphone === 'on';
  }

  /** `stage` is null in a browser without Web Audio: then answers are typed. */
  async open(choice: DeviceChoice, stage: SoundStage | null): Promise<void> {
    this.#choice = choice;
    this.#stage = stage;
    await Promise.all([
      choice.microphone ? this.startMicrophone() : undefined,
      choice.camera ? this.startCamera() : undefined,
    ]);
  }

  async startMicrophone(): Promise<void> {
    try {
      const stream = await this.#parts.openMicrophone(this.#choice?.microphoneId ?? null);
      if (this.#closed) {
        stopStream(stream);
        return;
      }
      const [track] = stream.getAudioTracks();
      track?.addEventListener('ended', () => {
        if (this.#stream !== stream) return;
        this.stopMicrophone('failed');
        this.#store.problem(
          'microphone_lost',
          'Your microphone has gone. Plug it in and switch it on again, or type your answers.',
        );
        this.#listener.wish({ type: 'microphone.set', listen: false });
      });
      this.#stream = stream;
      if (!this.#stage) throw new Error('no Web Audio in this browser');
      this.#microphone = await this.#parts.listen(this.#stage, stream, this.#nextFrame, this.#listener.sendAudio);
      this.#stage.setMicrophone(stream);
      this.#store.own({ microphone: 'on' });
    } catch (error) {
      this.stopMicrophone('failed');
      this.#tellProblem('microphone', error);
    }
  }

  /** After another tab had the microphone. */
  async bringBack(): Promise<void> {
    if (this.#choice?.microphone && !this.#stream) await this.startMicrophone();
  }

  stopMicrophone(state: DeviceState): void {
    this.#stage?.setMicrophone(null);
    this.#nextFrame = this.#microphone?.sequence ?? this.#nextFrame;
    this.#microphone?.close();
    this.#microphone = null;
    stopStream(this.#stream);
    this.#stream = null;
    this.#store.own({ microphone: state });
  }

  async setMicrophone(on: boolean): Promise<void> {
    if (on === this.listening) return;
    if (!on) {
      this.#mute(true);
      this.#store.own({ microphone: 'off' });
      this.#listener.wish({ type: 'microphone.set', listen: false });
      return;
    }
    if (this.#microphone) {
      this.#mute(false);
      this.#store.own({ microphone: 'on' });
    } else {
      await this.startMicrophone();
    }
    if (this.listening) this.#listener.wish({ type: 'microphone.set', listen: true });
  }

  async startCamera(): Promise<void> {
    try {
      const stream = await this.#parts.openCamera(this.#choice?.cameraId ?? null);
      if (this.#closed) {
        stopStream(stream);
        return;
      }
      stream.getVideoTracks()[0]?.addEventListener('ended', () => {
        if (this.#store.get().own.preview === stream) this.stopCamera('failed');
      });
      this.#listener.onCamera(stream);
      this.#store.own({ camera: 'on', preview: stream });
    } catch (error) {
      this.#store.own({ camera: 'failed', preview: null });
      this.#tellProblem('camera', error);
    }
  }

  stopCamera(state: DeviceState): void {
    this.#listener.onCamera(null);
    stopStream(this.#store.get().own.preview);
    this.#store.own({ camera: state, preview: null });
  }

  async setCamera(on: boolean): Promise<void> {
    if (on === (this.#store.get().own.camera === 'on')) return;
    if (on) await this.startCamera();
    else this.stopCamera('off');
  }

  close(): void {
    this.#closed = true;
    this.stopMicrophone('off');
    stopStream(this.#store.get().own.preview);
    this.#store.own({ camera: 'off', preview: null });
  }

  #mute(muted: boolean): void {
    this.#microphone?.setListening(!muted);
    // The recording falls silent, too.
    for (const track of this.#stream?.getAudioTracks() ?? []) track.enabled = !muted;
  }

  #tellProblem(device: 'camera' | 'microphone', error: unknown): void {
    const words =
      error instanceof DeviceError ? `${error.message} ${error.advice}` : `Your ${device} could not be started.`;
    const instead = device === 'microphone' ? ' You can type your answers.' : ' The interview goes on without it.';
    this.#store.problem(`${device}_failed`, words + instead);
  }
}
