import { wordsFor } from '@/lib/api/problem';

/**
 * A short message that comes and goes by itself. The part that draws it is loaded with the first message,
 * so that it costs the first screen nothing.
 */
type Tone = 'good' | 'bad' | 'plain';
export interface Toast {
  tone: Tone;
  text: string;
}

const waiting: Toast[] = [];
let show: ((toast: Toast) => void) | null = null;
const listeners = new Set<() => void>();
let wanted = false;

export function tell(text: string, tone: Tone = 'plain'): void {
  if (show) {
    show({ tone, text });
    return;
  }
  waiting.push({ tone, text });
  wanted = true;
  for (const listener of listeners) listener();
}

export function tellProblem(error: unknown): void {
  tell(wordsFor(error), 'bad');
}

export function subscribeToWanted(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function isToasterWanted(): boolean {
  return wanted;
}

/** The toaster is on screen: hands over what has been waiting. */
export function connectToaster(draw: (toast: Toast) => void): () => void {
  show = draw;
  for (const toast of waiting.splice(0)) draw(toast);
  return () => {
    show = null;
  };
}
