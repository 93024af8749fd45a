import type { RecordingUploads } from '@/lib/recording/recording-uploads';

/**
 * The first type the browser can write is taken. VP8 first: in software it costs clearly less than VP9, and the
 * same machine draws a face and listens. MP4 is for Safari before 18.4, which writes nothing else.
 */
const VIDEO_TYPES = [
  'video/webm;codecs=vp8,opus',
  'video/webm;codecs=vp9,opus',
  'video/webm',
  'video/mp4;codecs=avc1.42E01E,mp4a.40.2',
  'video/mp4',
];
const AUDIO_TYPES = ['audio/webm;codecs=opus', 'audio/mp4;codecs=mp4a.40.2', 'audio/mp4', 'audio/ogg;codecs=opus'];

/** About 480 MB an hour. The browser's own choice would be 1.1 GB. */
const VIDEO_BITS_A_SECOND = 1_000_000;
const AUDIO_BITS_A_SECOND = 64_000;
const PIECE_MS = 2000;
/** Some browsers name a type they have no encoder for, begin, and write nothing: WebKitGTK 2.50 with MP4 does. */
const EMPTY_AFTER_MS = 10_000;
/** A keyframe a piece: seeking lands within two seconds. Left out of TypeScript's DOM types as yet. */
const KEYFRAME_MS = 2000;

export function recordingType(
  hasVideo: boolean,
  supported: (type: string) => boolean = (type) => MediaRecorder.isTypeSupported(type),
): string | null {
  return (hasVideo ? VIDEO_TYPES : AUDIO_TYPES).find(supported) ?? null;
}

export interface RecorderOptions {
  interviewId: string;
  userId: string;
  uploads: Pick<RecordingUploads, 'startTake' | 'addPiece' | 'endTake'>;
  /** The interview clock's reading now, ms. */
  clock: () => number;
  /** The recording has stopped and cannot go on; the interview can. */
  onLost: () => void;
  /** The browser writes no picture; sound alone is recorded from now on. */
  onPictureLost: () => void;
  makeRecorder?: (stream: MediaStream, options: MediaRecorderOptions) => MediaRecorder;
}

/** Records the room in takes, each a run of MediaRecorder, in pieces that are stored as they are made. */
export class Recorder {
  #stream: MediaStream;
  #options: RecorderOptions;
  #run: Run | null = null;
  #nextTake = 0;

  /** The stream's tracks must stay the same for as long as it is recorded. */
  constructor(stream: MediaStream, options: RecorderOptions) {
    this.#stream = stream;
    this.#options = options;
  }

  get recording(): boolean {
    return this.#run !== null;
  }

  /** Begins take `number`, or the next one that this page has not used. A running take is ended first. */
  start(number: number): void {
    void this.stop();
    const take = Math.max(number, this.#nextTake);
    this.#nextTake = take + 1;
    const mimeType = recordingType(this.#stream.getVideoTracks().length > 0);
    const make = this.#options.makeRecorder ?? ((stream, options) => new MediaRecorder(stream, options));
    try {
      const recorder = make(this.#stream, {
        ...(mimeType ? { mimeType } : {}),
        videoBitsPerSecond: VIDEO_BITS_A_SECOND,
        audioBitsPerSecond: AUDIO_BITS_A_SECOND,
        ...{ videoKeyFrameIntervalDuration: KEYFRAME_MS },
      });
      this.#run = new Run(recorder, take, this.#options, {
        onBrokenOff: () => {
          this.#run = null;
          this.#options.onLost();
        },
        onEmpty: () => this.#writesNothing(take),
      });
    } catch {
      this.#run = null;
      this.#options.onLost();
    }
  }

  #writesNothing(take: number): void {
    if (this.#stream.getVideoTracks().length === 0) {
      void this.stop();
      this.#options.onLost();
      return;
    }
    this.#stream = new MediaStream(this.#stream.getAudioTracks());
    this.#options.onPictureLost();
    this.start(take + 1);
  }

  /** The interview clock stands still: so does the recording, that the two stay in step. */
  pause(): void {
    this.#run?.pause();
  }

  resume(): void {
    this.#run?.resume();
  }

  /** What has been recorded so far becomes a piece at once: the tab may be closed any moment. */
  flush(): void {
    this.#run?.flush();
  }

  /** Resolves when the last piece is safe in this browser. */
  async stop(): Promise<void> {
    const run = this.#run;
    this.#run = null;
    await run?.stop();
  }
}

interface RunListener {
  onBrokenOff: () => void;
  /** Called once, after a while of recording in which nothing was written. */
  onEmpty: () => void;
}

class Run {
  #recorder: MediaRecorder;
  #take: number;
  #options: RecorderOptions;
  #stored: Promise<void> = Promise.resolve();
  #pieces = 0;
  #clockStart: number;
  #announced = false;
  #stopping = false;
  #ended: Promise<void>;
  #listener: RunListener;
  #emptyTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(recorder: MediaRecorder, take: number, options: RecorderOptions, listener: RunListener) {
    this.#recorder = recorder;
    this.#take = take;
    this.#options = options;
    this.#listener = listener;
    this.#clockStart = options.clock();
    recorder.onstart = () => {
      this.#clockStart = options.clock();
    };
    recorder.ondataavailable = (event) => {
      this.#store(event.data);
    };
    this.#ended = new Promise((resolve) => {
      // `stop` is told after the last piece, and after an error, too.
      recorder.onstop = () => {
        const ended = this.#stored.then(() =>
          this.#announced ? options.uploads.endTake(options.interviewId, take, this.#pieces) : undefined,
        );
        void ended.finally(resolve);
        clearTimeout(this.#emptyTimer);
        if (!this.#stopping) listener.onBrokenOff();
      };
    });
    recorder.start(PIECE_MS);
    this.#expectSomething();
  }

  pause(): void {
    clearTimeout(this.#emptyTimer);
    if (this.#recorder.state === 'recording') this.#recorder.pause();
  }

  resume(): void {
    if (this.#recorder.state !== 'paused') return;
    this.#recorder.resume();
    this.#expectSomething();
  }

  #expectSomething(): void {
    if (this.#pieces > 0) return;
    clearTimeout(this.#emptyTimer);
    this.#emptyTimer = setTimeout(this.#listener.onEmpty, EMPTY_AFTER_MS);
  }

  flush(): void {
    if (this.#recorder.state === 'recording') this.#recorder.requestData();
  }

  stop(): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#emptyTimer);
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    return this.#ended;
  }

  #store(piece: Blob): void {
    if (piece.size === 0) return;
    const { uploads, interviewId, userId } = this.#options;
    const number = this.#pieces;
    this.#pieces += 1;
    clearTimeout(this.#emptyTimer);
    const mimeType = this.#recorder.mimeType || piece.type;
    const begins = !this.#announced;
    this.#announced = true;
    // One after the other: pieces are slices of one file and keep their order.
    this.#stored = this.#stored.then(async () => {
      if (begins) {
        await uploads.startTake({
          interviewId,
          userId,
          number: this.#take,
          mimeType,
          clockStartMs: Math.max(0, Math.round(this.#clockStart)),
        });
      }
      await uploads.addPiece(interviewId, this.#take, number, piece);
    });
  }
}
