/** The 15 Oculus visemes, the order that most speech engines' tables use. */
export const VISEMES = ['sil', 'PP', 'FF', 'TH', 'DD', 'kk', 'CH', 'SS', 'nn', 'RR', 'aa', 'E', 'I', 'O', 'U'] as const;
export type Viseme = (typeof VISEMES)[number];

/** `t`: milliseconds from the start of the speech chunk. A cue lasts until the next one. */
export type VisemeCue = { t: number; v: Viseme };

export type VisemeWeights = Record<Viseme, number>;

/** `opening` 0 (closed) to 1 (wide); `rounding` -1 (spread) to 1 (rounded): axes of the rendered mouth grid. */
export type MouthPose = { opening: number; rounding: number };

const POSES: Record<Viseme, MouthPose> = {
  sil: { opening: 0, rounding: 0 },
  PP: { opening: 0, rounding: 0 },
  FF: { opening: 0.08, rounding: 0 },
  TH: { opening: 0.26, rounding: 0 },
  DD: { opening: 0.24, rounding: -0.15 },
  kk: { opening: 0.28, rounding: -0.1 },
  CH: { opening: 0.12, rounding: 0.75 },
  SS: { opening: 0.08, rounding: -0.7 },
  nn: { opening: 0.22, rounding: -0.1 },
  RR: { opening: 0.2, rounding: 0.55 },
  aa: { opening: 0.86, rounding: -0.1 },
  E: { opening: 0.5, rounding: -0.6 },
  I: { opening: 0.26, rounding: -0.9 },
  O: { opening: 0.6, rounding: 0.8 },
  U: { opening: 0.2, rounding: 1 },
};

/** Shapes with a frame of their own, which no point of the grid can show. `nn` shares the raised tongue of `DD`. */
export const SPECIALS = ['CH', 'SS', 'TH', 'DD', 'FF', 'PP'] as const;
export type Special = (typeof SPECIALS)[number];

export function noVisemes(): VisemeWeights {
  return Object.fromEntries(VISEMES.map((v) => [v, 0])) as VisemeWeights;
}

/** Where the weights put the mouth on the grid. What is missing to a sum of 1 counts as a resting mouth. */
export function mouthPose(weights: VisemeWeights): MouthPose {
  let opening = 0;
  let rounding = 0;
  for (const v of VISEMES) {
    opening += weights[v] * POSES[v].opening;
    rounding += weights[v] * POSES[v].rounding;
  }
  return { opening: Math.min(1, Math.max(0, opening)), rounding: Math.min(1, Math.max(-1, rounding)) };
}

/** How much of a special frame shows: nothing while it is a hint, all of it when it dominates. */
export function specialAlpha(special: Special, weights: VisemeWeights): number {
  const w = special === 'DD' ? weights.DD + 0.6 * weights.nn : weights[special];
  const x = Math.min(1, Math.max(0, (w - 0.3) / 0.6));
  return x * x * (3 - 2 * x);
}
