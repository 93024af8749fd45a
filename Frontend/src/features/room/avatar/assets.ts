/** Loads a persona: manifest, layers, and the patches with softened edges. */
import type { Special } from './visemes';

class AvatarLoadError extends Error {
  override readonly name = 'AvatarLoadError';
}

type Box = readonly [x: number, y: number, width: number, height: number];
type AtlasEntry = { src: string; box: Box; feather: number; columns: number; frames: Record<string, number> };
type Manifest = {
  version: 1;
  name: string;
  size: readonly [number, number];
  focus: readonly [number, number];
  pivot: readonly [number, number];
  room: { src: string };
  body: { src: string; at: readonly [number, number] };
  head: { src: string; at: readonly [number, number] };
  mouth: AtlasEntry & { openings: readonly number[]; roundings: readonly number[] };
  upper: AtlasEntry & { closures: readonly number[] };
};

type Picture = HTMLImageElement | HTMLCanvasElement;
export type Patches = { readonly box: Box; readonly frames: ReadonlyMap<string, HTMLCanvasElement> };
export type Persona = {
  readonly manifest: Manifest;
  readonly room: Picture;
  readonly body: Picture;
  readonly head: Picture;
  readonly mouth: Patches;
  readonly upper: Patches;
};

/** Names of frames that the drawing code asks for; a manifest without one of them is refused, not drawn with holes. */
const SPECIAL_FRAMES: readonly (Special | 'smile')[] = ['CH', 'SS', 'TH', 'DD', 'FF', 'PP', 'smile'];
const UPPER_FRAMES = ['left', 'right', 'down', 'aside', 'warm'] as const;

const LOAD_TIMEOUT_MS = 15_000;

/** Raises AvatarLoadError when a file is missing, late, or not what the player understands. */
export async function loadPersona(manifestUrl: string): Promise<Persona> {
  const base = new URL(manifestUrl, document.baseURI);
  const response = await fetch(base, { signal: AbortSignal.timeout(LOAD_TIMEOUT_MS) }).catch((cause: unknown) => {
    throw new AvatarLoadError(`${base.pathname} cannot be fetched`, { cause });
  });
  if (!response.ok) throw new AvatarLoadError(`${base.pathname} answered ${response.status}`);
  const manifest = checked(await response.json().catch(() => null));
  const [room, body, head, mouth, upper] = await Promise.all(
    [manifest.room, manifest.body, manifest.head, manifest.mouth, manifest.upper].map((part) =>
      loadImage(new URL(part.src, base)),
    ),
  );
  return {
    manifest,
    room: room!,
    body: body!,
    head: head!,
    mouth: cutPatches(mouth!, manifest.mouth),
    upper: cutPatches(upper!, manifest.upper),
  };
}

function checked(value: unknown): Manifest {
  const m = value as Partial<Manifest> | null;
  if (m?.version !== 1 || !m.mouth || !m.upper || !m.head || !m.body || !m.room || !m.size || !m.focus || !m.pivot) {
    throw new AvatarLoadError('the manifest is not one of version 1');
  }
  const mouth = m.mouth.frames;
  const grid = m.mouth.roundings.flatMap((_, r) => m.mouth!.openings.map((_, o) => `g${r}${o}`));
  const lids = [0, 1].flatMap((b) => m.upper!.closures.map((_, k) => `b${b}l${k}`));
  const missing = [...grid, ...SPECIAL_FRAMES].filter((name) => !(name in mouth));
  missing.push(...[...lids, ...UPPER_FRAMES].filter((name) => !(name in m.upper!.frames)));
  if (missing.length > 0) throw new AvatarLoadError(`the manifest lacks the frames ${missing.join(', ')}`);
  return m as Manifest;
}

async function loadImage(url: URL): Promise<HTMLImageElement> {
  const image = new Image();
  image.decoding = 'async';
  image.src = url.href;
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new AvatarLoadError(`${url.pathname} did not arrive in time`)), LOAD_TIMEOUT_MS);
  });
  const decoded = image.decode().catch((cause: unknown) => {
    throw new AvatarLoadError(`${url.pathname} cannot be shown`, { cause });
  });
  await Promise.race([decoded, late]);
  return image;
}

function cutPatches(atlas: HTMLImageElement, entry: AtlasEntry): Patches {
  const [, , w, h] = entry.box;
  const mask = softMask(w, h, entry.feather);
  const frames = new Map<string, HTMLCanvasElement>();
  for (const [name, index] of Object.entries(entry.frames)) {
    const [canvas, g] = newCanvas(w, h);
    g.drawImage(atlas, (index % entry.columns) * w, Math.floor(index / entry.columns) * h, w, h, 0, 0, w, h);
    g.globalCompositeOperation = 'destination-in';
    g.drawImage(mask, 0, 0);
    frames.set(name, canvas);
  }
  return { box: entry.box, frames };
}

/** Opaque in the middle, fading to nothing over `feather` pixels at each edge. */
function softMask(w: number, h: number, feather: number): HTMLCanvasElement {
  const [canvas, g] = newCanvas(w, h);
  const fade = (x1: number, y1: number, length: number): void => {
    const gradient = g.createLinearGradient(0, 0, x1, y1);
    const edge = feather / length;
    for (const [stop, a] of [
      [0, 0],
      [edge / 2, 0.5],
      [edge, 1],
      [1 - edge, 1],
      [1 - edge / 2, 0.5],
      [1, 0],
    ] as const) {
      gradient.addColorStop(stop, `rgba(0,0,0,${a})`);
    }
    g.fillStyle = gradient;
    g.fillRect(0, 0, w, h);
  };
  fade(w, 0, w);
  g.globalCompositeOperation = 'destination-in';
  fade(0, h, h);
  return canvas;
}

export function newCanvas(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const g = canvas.getContext('2d');
  if (!g) throw new AvatarLoadError('this browser gives no 2D canvas');
  return [canvas, g];
}
