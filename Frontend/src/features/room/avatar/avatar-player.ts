/**
 * Plays a persona on a 2D canvas: lips from timed cues, everything else from `IdleMotion`.
 *
 * Framework-free. Nothing here throws after construction: when the pictures cannot be loaded the player draws
 * a disc with the interviewer's initial and keeps its whole interface, because a missing face must never end an
 * interview. `status` says which of the two is on screen.
 */
import { loadPersona } from './assets';
import { joined, mouthTrack, scaled, weightsAt, type MouthTrack } from './viseme-blend';
import { Composer } from './composer';
import { cuesFromText } from './spelling-cues';
import { IdleMotion, type AvatarMood, type FacePose } from './idle-motion';
import { noVisemes, VISEMES, type VisemeCue, type VisemeWeights } from './visemes';

export type AvatarStatus = 'loading' | 'playing' | 'unavailable';

export type SpeakOptions = {
  /** Brows rise towards the end of the chunk. `speakApprox` finds this out by itself. */
  question?: boolean;
};

type Chunk = { track: MouthTrack; startAt: number; clock: () => number; question: boolean; browsRaised: boolean };

/** Cut-off lips close within this time: fast enough for an interruption, slow enough not to snap. */
const RELEASE_MS = 120;
/** Sharper than twice the picture gains nothing. */
const MAX_PIXEL_RATIO = 2;
/** A chunk whose start never comes (a suspended AudioContext that was replaced) must not stay for ever. */
const MAX_CHUNKS = 64;

export class AvatarPlayer {
  /** Settles when the first picture is drawn, be it the face or the initial; never rejects. */
  readonly ready: Promise<void>;
  private readonly canvas: HTMLCanvasElement;
  private readonly initial: string;
  private readonly motion: IdleMotion;
  private readonly target: CanvasRenderingContext2D | null;
  private composer: Composer | null = null;
  private state: AvatarStatus = 'loading';
  private pose: FacePose | null = null;
  private failure: string | null = null;
  private chunks: Chunk[] = [];
  private released: { weights: VisemeWeights; at: number } | null = null;
  private shown = noVisemes();
  private frame = 0;
  private last = 0;
  private destroyed = false;
  private drawn = 0;
  private away = 0;
  private mood: AvatarMood = 'idle';
  private readonly resizing: ResizeObserver | null;

  constructor(canvas: HTMLCanvasElement, manifestUrl: string, initial = 'M', random: () => number = Math.random) {
    this.canvas = canvas;
    this.initial = initial;
    this.motion = new IdleMotion(random);
    this.target = context2d(canvas);
    this.resizing = typeof ResizeObserver === 'undefined' ? null : new ResizeObserver(() => this.fit());
    this.resizing?.observe(canvas);
    document.addEventListener('visibilitychange', this.onVisibility);
    this.ready = this.load(manifestUrl);
  }

  get status(): AvatarStatus {
    return this.state;
  }

  /** Why the face is not on screen, for a developer's eyes; null while it loads or plays. */
  get whyUnavailable(): string | null {
    return this.failure;
  }

  /** The pose on screen; null before the first picture. */
  get lastPose(): FacePose | null {
    return this.pose;
  }

  /** Pictures drawn since construction: what a measurement divides by time. */
  get framesDrawn(): number {
    return this.drawn;
  }

  setMood(mood: AvatarMood): void {
    this.mood = mood;
    this.motion.setMood(mood);
  }

  /** Queue one chunk. `cues` in ms from its start; `startAt` and `clock` in seconds of the same clock (AudioContext time). */
  speak(cues: readonly VisemeCue[], startAt: number, clock: () => number, options: SpeakOptions = {}): void {
    if (this.destroyed || cues.length === 0) return;
    if (this.chunks.length >= MAX_CHUNKS) this.chunks.shift();
    this.chunks.push({
      track: mouthTrack(cues),
      startAt,
      clock,
      question: options.question ?? false,
      browsRaised: false,
    });
  }

  /** For voices without phoneme times: plausible cues from the letters, stretched over `durationMs`. */
  speakApprox(text: string, durationMs: number, startAt: number, clock: () => number): void {
    this.speak(cuesFromText(text, durationMs), startAt, clock, { question: text.trimEnd().endsWith('?') });
  }

  /** Forget what is queued and close the mouth quickly but without a jump. */
  stopSpeaking(): void {
    if (this.chunks.length === 0) return;
    this.chunks = [];
    this.released = { weights: this.shown, at: performance.now() };
  }

  nod(): void {
    this.motion.nod();
  }

  /** Blinks and lips stay; head, gaze, brows and breathing rest. */
  setReducedMotion(reduced: boolean): void {
    this.motion.reducedMotion = reduced;
  }

  destroy(): void {
    this.destroyed = true;
    cancelAnimationFrame(this.frame);
    this.resizing?.disconnect();
    document.removeEventListener('visibilitychange', this.onVisibility);
    this.chunks = [];
  }

  private async load(manifestUrl: string): Promise<void> {
    try {
      const persona = await loadPersona(manifestUrl);
      if (this.destroyed) return;
      this.composer = new Composer(persona);
      this.state = 'playing';
    } catch (error) {
      if (this.destroyed) return;
      this.state = 'unavailable';
      this.failure = error instanceof Error ? error.message : String(error);
    }
    this.fit();
    this.draw(performance.now());
    this.start();
  }

  private readonly onVisibility = (): void => {
    if (document.hidden) cancelAnimationFrame(this.frame);
    else if (this.state !== 'loading') this.start();
  };

  private start(): void {
    cancelAnimationFrame(this.frame);
    if (this.destroyed || document.hidden) return;
    this.last = performance.now();
    this.frame = requestAnimationFrame(this.tick);
  }

  private readonly tick = (now: number): void => {
    if (this.destroyed) return;
    this.frame = requestAnimationFrame(this.tick);
    this.draw(now);
  };

  private fit(): void {
    const ratio = Math.min(MAX_PIXEL_RATIO, window.devicePixelRatio || 1);
    const width = Math.max(1, Math.round(this.canvas.clientWidth * ratio));
    const height = Math.max(1, Math.round(this.canvas.clientHeight * ratio));
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.canvas.width = width;
    this.canvas.height = height;
    // Resizing clears the canvas; without this a drag of the window flickers.
    if (this.state !== 'loading') this.draw(performance.now());
  }

  private draw(now: number): void {
    const g = this.target;
    if (!g) return;
    const elapsed = (now - this.last) / 1000;
    this.last = now;
    this.shown = this.currentWeights(now);
    const activity = 1 - this.shown.sil;
    const energy =
      Math.min(
        1,
        VISEMES.reduce((sum, v) => sum + this.shown[v], 0),
      ) * activity;
    const pose = this.motion.step(elapsed, energy);
    this.pose = pose;
    this.away += ((this.mood === 'away' ? 1 : 0) - this.away) * Math.min(1, Math.max(0, elapsed) * 5);
    g.setTransform(1, 0, 0, 1, 0, 0);
    if (this.composer) this.composer.draw(g, this.shown, pose);
    else drawInitial(g, this.initial, energy);
    if (this.away > 0.01) {
      g.setTransform(1, 0, 0, 1, 0, 0);
      g.fillStyle = `rgba(20, 24, 28, ${0.45 * this.away})`;
      g.fillRect(0, 0, g.canvas.width, g.canvas.height);
    }
    this.drawn += 1;
  }

  private currentWeights(now: number): VisemeWeights {
    let weights = noVisemes();
    this.chunks = this.chunks.filter((chunk) => {
      const t = (chunk.clock() - chunk.startAt) * 1000;
      if (chunk.question && !chunk.browsRaised && t > 0 && t > chunk.track.endMs - 900) {
        chunk.browsRaised = true;
        this.motion.raiseBrows(1.3);
      }
      if (t > chunk.track.endMs + 200) return false;
      if (t > -200) weights = joined(weights, weightsAt(chunk.track, t));
      return true;
    });
    if (this.released) {
      const left = 1 - (now - this.released.at) / RELEASE_MS;
      if (left <= 0) this.released = null;
      else weights = joined(weights, scaled(this.released.weights, Math.min(1, left)));
    }
    return weights;
  }
}

function context2d(canvas: HTMLCanvasElement): CanvasRenderingContext2D | null {
  try {
    return canvas.getContext('2d', { alpha: false });
  } catch {
    return null;
  }
}

/** The face could not be loaded: a calm disc that still shows when the interviewer speaks. */
function drawInitial(g: CanvasRenderingContext2D, initial: string, energy: number): void {
  const { width, height } = g.canvas;
  const r = Math.min(width, height) * 0.22;
  g.fillStyle = '#2b3338';
  g.fillRect(0, 0, width, height);
  g.fillStyle = `rgba(95, 150, 155, ${0.25 + 0.2 * energy})`;
  g.beginPath();
  g.arc(width / 2, height / 2, r * (1.12 + 0.1 * energy), 0, 2 * Math.PI);
  g.fill();
  g.fillStyle = '#2f6a70';
  g.beginPath();
  g.arc(width / 2, height / 2, r, 0, 2 * Math.PI);
  g.fill();
  g.fillStyle = '#f3efe8';
  g.font = `600 ${Math.round(r)}px system-ui, sans-serif`;
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  g.fillText(initial.slice(0, 2), width / 2, height / 2);
}
