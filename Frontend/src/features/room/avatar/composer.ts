/** Puts a persona's layers and patches together for one moment, on a 2D canvas. */
import { newCanvas, type Patches, type Persona } from './assets';
import type { FacePose } from './idle-motion';
import { mouthPose, specialAlpha, SPECIALS, type VisemeWeights } from './visemes';

/** Cells of the head's warp, in picture pixels: small enough that steps between them stay below half a pixel. */
const CELL = 24;

export class Composer {
  private readonly head: HTMLCanvasElement;
  private readonly g: CanvasRenderingContext2D;

  private readonly persona: Persona;

  constructor(persona: Persona) {
    this.persona = persona;
    [this.head, this.g] = newCanvas(persona.head.width, persona.head.height);
  }

  draw(target: CanvasRenderingContext2D, weights: VisemeWeights, pose: FacePose): void {
    this.composeHead(weights, pose);
    const { manifest, room, body } = this.persona;
    const [w, h] = manifest.size;
    const { width, height } = target.canvas;
    const view = cover({ width, height }, { width: w, height: h }, manifest.focus);
    target.setTransform(view.scale, 0, 0, view.scale, view.x, view.y);
    // Bilinear is enough near full size and costs a fraction of 'high' without a graphics card.
    target.imageSmoothingQuality = view.scale < 0.6 ? 'medium' : 'low';
    target.drawImage(room, 0, 0, w, h);
    // Stretched, not lifted: its lower edge stays on the picture's.
    target.drawImage(
      body,
      manifest.body.at[0],
      manifest.body.at[1] - pose.breath,
      body.width,
      body.height + pose.breath,
    );
    const [px, py] = manifest.pivot;
    target.translate(px, py - pose.breath);
    target.rotate(pose.tilt);
    target.translate(-px, -py);
    this.drawHead(target, pose, view.scale);
  }

  private composeHead(weights: VisemeWeights, pose: FacePose): void {
    const { manifest, head, mouth, upper } = this.persona;
    const g = this.g;
    g.globalCompositeOperation = 'copy';
    g.globalAlpha = 1;
    g.drawImage(head, 0, 0);
    // Patches change colours, never the outline.
    g.globalCompositeOperation = 'source-atop';
    const [dx, dy] = manifest.head.at;
    const stamp = (patches: Patches, name: string, alpha: number): void => {
      const frame = patches.frames.get(name);
      if (!frame || alpha <= 0.004) return;
      g.globalAlpha = Math.min(1, alpha);
      g.drawImage(frame, patches.box[0] - dx, patches.box[1] - dy);
    };

    const { opening, rounding } = mouthPose(weights);
    stampMixture(bilinear(manifest.mouth.openings, opening, manifest.mouth.roundings, rounding), (o, r, a) =>
      stamp(mouth, `g${r}${o}`, a),
    );
    // A smile over a mouth that works would show two mouths: it goes as soon as the lips part.
    const working = smooth((opening + Math.abs(rounding)) / 0.12 + weights.PP + weights.FF);
    stamp(mouth, 'smile', pose.warmth * (1 - working));
    for (const special of SPECIALS) stamp(mouth, special, specialAlpha(special, weights));

    const { brows, gaze } = pose;
    // A blink lasts a few frames: the nearest lid frame looks right, a mixture of two shows two lids.
    const lids = nearest(manifest.upper.closures, pose.lids);
    stampMixture(bilinear(manifest.upper.closures, lids, [0, 1], brows), (k, b, a) => stamp(upper, `b${b}l${k}`, a));
    const open = Math.max(0, 1 - 2.5 * lids);
    for (const way of ['left', 'right', 'down', 'aside'] as const) stamp(upper, way, gaze[way] * open);
    stamp(
      upper,
      'warm',
      pose.warmth * open * (1 - brows) * (1 - Math.max(gaze.down, gaze.aside, gaze.left, gaze.right)),
    );
  }

  /**
   * The head turns rather than slides: the middle of the face moves most, the outline hardly, the neck not at
   * all. Drawn in cells that overlap by two pixels of the screen, so that smoothing at their edges cannot let
   * the room through.
   */
  private drawHead(target: CanvasRenderingContext2D, pose: FacePose, scale: number): void {
    const overlap = Math.max(1, Math.ceil(2 / scale));
    const { at } = this.persona.manifest.head;
    const { width, height } = this.head;
    const [px, py] = this.persona.manifest.pivot;
    const [, fy] = this.persona.manifest.focus;
    const shift = (x: number, y: number): [number, number] => {
      const u = (x - px) / 190;
      const v = (y - fy - 20) / 260;
      const above = smooth((py - y) / 150);
      const bulge = Math.max(0, 1 - u * u) * Math.max(0.25, 1 - v * v);
      return [pose.turn * above * (0.35 + 0.65 * bulge), pose.nod * above * (0.4 + 0.6 * bulge)];
    };
    for (let y = 0; y < height; y += CELL) {
      const ch = Math.min(CELL, height - y);
      for (let x = 0; x < width; x += CELL) {
        const cw = Math.min(CELL, width - x);
        const [ax, ay] = shift(at[0] + x, at[1] + y);
        const [bx, by] = shift(at[0] + x + cw, at[1] + y + ch);
        const extraX = Math.min(overlap, width - x - cw);
        const extraY = Math.min(overlap, height - y - ch);
        const sx = (cw + bx - ax) / cw;
        const sy = (ch + by - ay) / ch;
        target.drawImage(
          this.head,
          x,
          y,
          cw + extraX,
          ch + extraY,
          at[0] + x + ax,
          at[1] + y + ay,
          (cw + extraX) * sx,
          (ch + extraY) * sy,
        );
      }
    }
  }
}

/** object-fit: cover, keeping the picture's focus in sight. */
export function cover(
  box: { width: number; height: number },
  picture: { width: number; height: number },
  focus: readonly [number, number],
): { scale: number; x: number; y: number } {
  const scale = Math.max(box.width / picture.width, box.height / picture.height);
  const place = (room: number, length: number, at: number): number =>
    Math.min(0, Math.max(room - length * scale, room / 2 - at * scale));
  return { scale, x: place(box.width, picture.width, focus[0]), y: place(box.height, picture.height, focus[1]) };
}

export type Corner = { i: number; k: number; weight: number };

/** The four grid points around (x, y) with weights that sum to 1. */
export function bilinear(xs: readonly number[], x: number, ys: readonly number[], y: number): Corner[] {
  const [i, fx] = between(xs, x);
  const [k, fy] = between(ys, y);
  return [
    { i, k, weight: (1 - fx) * (1 - fy) },
    { i: i + 1, k, weight: fx * (1 - fy) },
    { i, k: k + 1, weight: (1 - fx) * fy },
    { i: i + 1, k: k + 1, weight: fx * fy },
  ].filter((c) => c.weight > 0);
}

function between(stops: readonly number[], x: number): [number, number] {
  for (let i = 0; i < stops.length - 2; i++) if (x < stops[i + 1]!) return [i, fraction(stops[i]!, stops[i + 1]!, x)];
  const i = stops.length - 2;
  return [i, fraction(stops[i]!, stops[i + 1]!, x)];
}

function fraction(a: number, b: number, x: number): number {
  return Math.min(1, Math.max(0, (x - a) / (b - a)));
}

function nearest(stops: readonly number[], x: number): number {
  return stops.reduce((best, stop) => (Math.abs(stop - x) < Math.abs(best - x) ? stop : best));
}

/** Painting one over the other with alpha w/(sum so far) leaves each with exactly its weight. */
function stampMixture(corners: readonly Corner[], stamp: (i: number, k: number, alpha: number) => void): void {
  let sum = 0;
  for (const { i, k, weight } of corners) {
    sum += weight;
    stamp(i, k, weight / sum);
  }
}

function smooth(u: number): number {
  const x = Math.min(1, Math.max(0, u));
  return x * x * (3 - 2 * x);
}
