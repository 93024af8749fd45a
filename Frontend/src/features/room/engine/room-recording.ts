import { initialsOf } from '../recorder/recorded-picture';
import type { SoundStage } from '@/lib/media/sound-stage';
import type { Parts, RoomEngineOptions } from './room-parts';
import type { RoomStore } from './room-store';

/** The recording of one stay in the room: follows the interview clock, a new take after every break of the connection. */
export class RoomRecording {
  #options: RoomEngineOptions;
  #parts: Parts;
  #store: RoomStore;
  #picture: ReturnType<Parts['picture']> | null = null;
  #recorder: ReturnType<Parts['recorder']> | null = null;
  #welcomedTake = 0;
  #freeTake = 0;
  #newTakeDue = false;
  #over = false;

  constructor(options: RoomEngineOptions, parts: Parts, store: RoomStore) {
    this.#options = options;
    this.#parts = parts;
    this.#store = store;
  }

  /** Never a number under which this browser still holds pieces. */
  async reserveTake(): Promise<void> {
    this.#freeTake = await this.#options.uploads.nextTake(this.#options.interviewId);
  }

  /** One stream whose tracks stay the same from here on: the room's sound, and the picture when there is a camera. */
  prepare(stage: SoundStage | null, clock: () => number): void {
    if (!this.#options.consented || !stage) return;
    const { preview } = this.#store.get().own;
    try {
      const tracks = [stage.mixedTrack];
      if (preview) {
        this.#picture = this.#parts.picture(initialsOf(this.#options.userName));
        this.#picture.setCamera(preview);
        tracks.push(this.#picture.track);
      }
      this.#recorder = this.#parts.recorder(this.#parts.stream(tracks), {
        interviewId: this.#options.interviewId,
        userId: this.#options.userId,
        uploads: this.#options.uploads,
        clock,
        onLost: () => {
          if (this.#over) return;
          this.#store.own({ recording: 'lost' });
          this.#store.problem(
            'recording_lost',
            'The recording has stopped. The interview goes on, and is still scored.',
          );
        },
        onPictureLost: () => {
          this.#store.problem('picture_lost', 'This browser cannot record your picture. Your voice is recorded.');
        },
      });
    } catch {
      this.#store.problem('recording_lost', 'This browser cannot record. The interview goes on, and is still scored.');
    }
  }

  setCamera(stream: MediaStream | null): void {
    this.#picture?.setCamera(stream);
  }

  /** The interview clock stood still while the connection was lost, the recording did not: a new take sets it right. */
  onWelcomed(take: number): void {
    this.#welcomedTake = take;
    this.#newTakeDue = true;
  }

  followClock(running: boolean): void {
    const { recording } = this.#store.get().own;
    if (!this.#recorder || this.#over || recording === 'lost') return;
    if (!running) {
      this.#recorder.pause();
    } else if (this.#newTakeDue || !this.#recorder.recording) {
      this.#newTakeDue = false;
      this.#recorder.start(Math.max(this.#welcomedTake, this.#freeTake));
      if (recording !== 'on') this.#store.own({ recording: 'on' });
    } else {
      this.#recorder.resume();
    }
  }

  flush(): void {
    this.#recorder?.flush();
  }

  /** This take ends; another may follow. */
  stop(): void {
    void this.#recorder?.stop();
  }

  /** The recording is over. Resolves when its last piece is stored. */
  async finish(): Promise<void> {
    this.#over = true;
    await this.#recorder?.stop();
  }

  close(): void {
    this.#picture?.close();
  }
}
