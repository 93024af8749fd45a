/**
 * What a living face does by itself: blinks, gaze, small head movements, breathing, and how these differ
 * between idling, listening, thinking and speaking. No canvas and no clock of its own: `step` is fed with
 * elapsed seconds and draws its chances from the injected `random`, so a test can run a minute in a moment.
 */

export type AvatarMood = 'idle' | 'listening' | 'thinking' | 'speaking' | 'away';

/** Amounts are 0 … 1 unless said otherwise; pixels are those of the 960×720 picture. */
export type FacePose = {
  lids: number;
  brows: number;
  warmth: number;
  /** Side glances; at most one of the four is far from 0. */
  gaze: { left: number; right: number; down: number; aside: number };
  /** Pixels that the middle of the face moves: to the picture's right, and down. */
  turn: number;
  nod: number;
  /** Radians about the base of the neck, and pixels of sway. */
  tilt: number;
  /** Pixels that the chest rises. */
  breath: number;
};

type Temper = { warmth: number; tilt: number; sway: number; nodEvery: readonly [number, number] | null };

/**
 * `warmth` and the brows rest at 0 or 1 only: half a cross-fade between two mouths shows both. The resting face smiles a little by itself.
 */
const TEMPERS: Record<AvatarMood, Temper> = {
  idle: { warmth: 0, tilt: 0, sway: 0.6, nodEvery: null },
  // A listener leans in, head a little to one side, and shows that words arrive.
  listening: { warmth: 1, tilt: 0.016, sway: 0.7, nodEvery: [3.2, 7.5] },
  thinking: { warmth: 0, tilt: -0.01, sway: 0.5, nodEvery: null },
  speaking: { warmth: 0, tilt: 0, sway: 1.3, nodEvery: [2.4, 5] },
  away: { warmth: 0, tilt: 0, sway: 0.3, nodEvery: null },
};

/** Human blinks come every 2-6 s and last 0.1-0.4 s: closing is faster than opening. */
const BLINK_GAP: readonly [number, number] = [2.2, 5.8];
const CLOSING_S = 0.07;
const CLOSED_S = 0.035;
const OPENING_S = 0.14;
const NOD_S = 0.62;

type Gaze = FacePose['gaze'];
const AHEAD: Gaze = { left: 0, right: 0, down: 0, aside: 0 };

export class IdleMotion {
  reducedMotion = false;
  private mood: AvatarMood = 'idle';
  private time = 0;
  private blinkAt: number;
  private nods: { at: number; depth: number }[] = [];
  private nextNod = 4;
  private gaze: Gaze = { ...AHEAD };
  private gazeGoal: Gaze = AHEAD;
  private gazeUntil = 0;
  private warmth = TEMPERS.idle.warmth;
  private brows = 0;
  private tilt = 0;
  private sway = TEMPERS.idle.sway;
  private browUntil = -1;

  private readonly random: () => number;

  constructor(random: () => number = Math.random) {
    this.random = random;
    this.blinkAt = this.between(BLINK_GAP) * 0.6;
  }

  setMood(mood: AvatarMood): void {
    if (mood === this.mood) return;
    this.mood = mood;
    this.gazeUntil = this.time;
    const every = TEMPERS[mood].nodEvery;
    // The first nod comes soon: it tells the candidate that they are heard.
    this.nextNod = every ? this.time + every[0] * (0.4 + 0.5 * this.random()) : Infinity;
    // People blink when their attention changes.
    this.blinkAt = Math.min(this.blinkAt, this.time + 0.15 + 0.3 * this.random());
  }

  nod(depth = 1): void {
    if (!this.reducedMotion) this.nods.push({ at: this.time, depth });
  }

  /** Brows go up for a while, as they do on a question. */
  raiseBrows(seconds: number): void {
    this.browUntil = Math.max(this.browUntil, this.time + seconds);
  }

  /** `energy`: how much the mouth moves now, 0 … 1. */
  step(elapsed: number, energy: number): FacePose {
    const dt = Math.min(0.1, Math.max(0, elapsed));
    this.time += dt;
    const temper = TEMPERS[this.mood];
    const still = this.reducedMotion;
    this.warmth = approach(this.warmth, still ? TEMPERS.idle.warmth : temper.warmth, dt, 0.45);
    this.brows = approach(this.brows, still ? 0 : this.time < this.browUntil ? 1 : 0, dt, 0.14);
    this.tilt = approach(this.tilt, still ? 0 : temper.tilt, dt, 0.6);
    this.sway = approach(this.sway, still ? 0 : temper.sway, dt, 0.5);
    this.moveGaze(dt);
    this.startNods(temper);
    const t = this.time;
    // Sums of slow sines with unrelated periods never visibly repeat and never jump.
    const drift = (a: number, b: number, c: number): number =>
      0.5 * Math.sin(a * t) + 0.3 * Math.sin(b * t + 1.3) + 0.2 * Math.sin(c * t + 4.1);
    const liveliness = this.sway + (still ? 0 : 0.7 * energy);
    return {
      lids: this.lids(),
      brows: this.brows,
      warmth: this.warmth,
      gaze: { ...this.gaze },
      turn:
        2.6 * liveliness * drift(0.53, 0.97, 1.71) +
        (still ? 0 : 3.2 * (this.gaze.left - this.gaze.right) - 5 * this.gaze.aside),
      nod:
        1.7 * liveliness * drift(0.71, 1.33, 2.57) +
        this.nodDepth() +
        (still ? 0 : 3 * this.gaze.down - 2 * this.gaze.aside),
      tilt: this.tilt + 0.006 * liveliness * drift(0.41, 0.83, 1.49),
      breath: 1.3 * Math.min(1, this.sway / 0.3) * (0.5 + 0.5 * Math.sin((t * 2 * Math.PI) / 4.2)),
    };
  }

  private lids(): number {
    const since = this.time - this.blinkAt;
    if (since < 0) return 0;
    if (since < CLOSING_S) return ease(since / CLOSING_S);
    if (since < CLOSING_S + CLOSED_S) return 1;
    const opening = (since - CLOSING_S - CLOSED_S) / OPENING_S;
    if (opening < 1) return 1 - ease(opening);
    // Now and then two in a row, as people do.
    this.blinkAt = this.time + (this.random() < 0.12 ? 0.22 : this.between(BLINK_GAP));
    return 0;
  }

  private moveGaze(dt: number): void {
    if (this.reducedMotion) this.gazeGoal = AHEAD;
    else if (this.time >= this.gazeUntil) this.chooseGaze();
    // Eyes jump in 30-60 ms; slower would look drugged.
    for (const k of Object.keys(this.gaze) as (keyof Gaze)[])
      this.gaze[k] = approach(this.gaze[k], this.gazeGoal[k], dt, 0.035);
  }

  private chooseGaze(): void {
    const chance = this.random();
    if (this.mood === 'thinking') {
      this.gazeGoal = chance < 0.55 ? { ...AHEAD, down: 0.95 } : chance < 0.85 ? { ...AHEAD, aside: 0.9 } : AHEAD;
      this.gazeUntil = this.time + this.between([1.1, 2.6]);
    } else if (this.mood === 'away') {
      this.gazeGoal = { ...AHEAD, down: 1 };
      this.gazeUntil = this.time + 5;
    } else if (this.gazeGoal === AHEAD && chance < 0.45) {
      // Between two looks at the candidate the eyes wander a little, never far.
      const amount = 0.7 + 0.3 * this.random();
      this.gazeGoal = this.random() < 0.5 ? { ...AHEAD, left: amount } : { ...AHEAD, right: amount };
      this.gazeUntil = this.time + this.between([0.25, 0.7]);
    } else {
      this.gazeGoal = AHEAD;
      this.gazeUntil = this.time + this.between(this.mood === 'listening' ? [2.6, 5.5] : [1.6, 4]);
    }
  }

  private startNods(temper: Temper): void {
    if (!temper.nodEvery || this.reducedMotion || this.time < this.nextNod) return;
    const listening = this.mood === 'listening';
    this.nod((listening ? 0.75 : 0.45) * (0.7 + 0.6 * this.random()));
    if (listening && this.random() < 0.4) this.raiseBrows(0.9);
    this.nextNod = this.time + this.between(temper.nodEvery);
  }

  private nodDepth(): number {
    this.nods = this.nods.filter((n) => this.time - n.at < NOD_S);
    return this.nods.reduce((sum, n) => {
      const u = (this.time - n.at) / NOD_S;
      // Down, and a little less far up again; starts and ends at rest with no speed.
      return sum + n.depth * 9 * Math.sin(Math.PI * u) ** 2 * (u < 0.6 ? 1 : 0.8 + 0.2 * Math.cos(Math.PI * (u - 0.6)));
    }, 0);
  }

  private between([low, high]: readonly [number, number]): number {
    return low + (high - low) * this.random();
  }
}

function approach(from: number, to: number, dt: number, seconds: number): number {
  return from + (to - from) * (1 - Math.exp(-dt / seconds));
}

function ease(u: number): number {
  return u * u * (3 - 2 * u);
}
