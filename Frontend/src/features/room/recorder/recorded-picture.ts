const WIDTH = 640;
const HEIGHT = 480;
/** Enough for a talking head, and half the work of 30 on a machine that also draws a face and listens. */
const FRAMES_A_SECOND = 15;
/** A little less than a frame's time, so that a camera at 30 gives every second frame and not every third. */
const FRAME_MS = 1000 / FRAMES_A_SECOND - 8;
/** A picture that stands still must still give frames, or the recording's video ends before its sound. */
const STILL_MS = 250;

/**
 * The video side of the recording: one track from beginning to end, on which the camera is drawn, or initials
 * while it is off. A recorder ends when tracks come and go, and a camera that is off should really be off.
 */
export class RecordedPicture {
  readonly track: MediaStreamTrack;
  #canvas: HTMLCanvasElement;
  #pen: CanvasRenderingContext2D;
  #video: HTMLVideoElement;
  #initials: string;
  #timer: ReturnType<typeof setInterval>;
  #drawnAt = 0;
  #frameRequest = 0;

  /** @throws when this browser cannot record a canvas: then only the sound is recorded. */
  constructor(initials: string) {
    this.#initials = initials;
    this.#canvas = document.createElement('canvas');
    this.#canvas.width = WIDTH;
    this.#canvas.height = HEIGHT;
    const pen = this.#canvas.getContext('2d', { alpha: false });
    if (!pen) throw new Error('no 2D canvas in this browser');
    this.#pen = pen;
    this.#video = document.createElement('video');
    this.#video.muted = true;
    this.#video.playsInline = true;
    this.#draw();
    const [track] = this.#canvas.captureStream(FRAMES_A_SECOND).getVideoTracks();
    if (!track) throw new Error('captureStream gave no track');
    this.track = track;
    // Hidden tabs get no frame callbacks, but still a timer a second.
    this.#timer = setInterval(() => {
      if (performance.now() - this.#drawnAt >= STILL_MS) this.#draw();
    }, STILL_MS);
  }

  setCamera(stream: MediaStream | null): void {
    if (this.#frameRequest) this.#video.cancelVideoFrameCallback(this.#frameRequest);
    this.#frameRequest = 0;
    this.#video.srcObject = stream;
    if (stream) {
      void this.#video.play().catch(() => undefined); // A camera that ends at once: the initials stay.
      this.#followFrames();
    }
    this.#draw();
  }

  close(): void {
    this.setCamera(null);
    clearInterval(this.#timer);
    this.track.stop();
  }

  #followFrames(): void {
    if (!('requestVideoFrameCallback' in this.#video)) return;
    this.#frameRequest = this.#video.requestVideoFrameCallback((now) => {
      if (now - this.#drawnAt >= FRAME_MS) this.#draw();
      this.#followFrames();
    });
  }

  #draw(): void {
    this.#drawnAt = performance.now();
    const { videoWidth, videoHeight } = this.#video;
    const live = this.#video.srcObject instanceof MediaStream && this.#video.srcObject.active;
    if (live && videoWidth > 0 && videoHeight > 0) {
      const { x, y, width, height } = covered(videoWidth, videoHeight, WIDTH, HEIGHT);
      this.#pen.drawImage(this.#video, x, y, width, height, 0, 0, WIDTH, HEIGHT);
      return;
    }
    this.#pen.fillStyle = '#16202c';
    this.#pen.fillRect(0, 0, WIDTH, HEIGHT);
    this.#pen.fillStyle = '#93a4b8';
    this.#pen.font = '600 120px system-ui, sans-serif';
    this.#pen.textAlign = 'center';
    this.#pen.textBaseline = 'middle';
    this.#pen.fillText(this.#initials, WIDTH / 2, HEIGHT / 2);
  }
}

/** The part of a source that fills a target of another shape, centred, with nothing stretched. */
export function covered(
  sourceWidth: number,
  sourceHeight: number,
  targetWidth: number,
  targetHeight: number,
): { x: number; y: number; width: number; height: number } {
  const scale = Math.max(targetWidth / sourceWidth, targetHeight / sourceHeight);
  const width = targetWidth / scale;
  const height = targetHeight / scale;
  return { x: (sourceWidth - width) / 2, y: (sourceHeight - height) / 2, width, height };
}

/** At most two letters for a name; a dot for none. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => [...(word ?? '')][0] ?? '');
  return letters.join('').toUpperCase() || '·';
}
