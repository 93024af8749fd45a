import type { SocketLike } from './live-connection';
import type { Fact, Wish } from './messages';

/** A server that says what the test tells it to, and remembers what it was told. */
export class ScriptedSocket implements SocketLike {
  binaryType = 'blob';
  readyState = 0;
  bufferedAmount = 0;
  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  onerror: (() => void) | null = null;
  readonly url: string;
  readonly wishes: Wish[] = [];
  readonly audio: ArrayBuffer[] = [];
  closedByPage: number | null = null;

  constructor(url: string) {
    this.url = url;
  }

  send(data: string | ArrayBuffer): void {
    if (typeof data === 'string') this.wishes.push(JSON.parse(data) as Wish);
    else this.audio.push(data);
  }

  close(code = 1000): void {
    this.readyState = 3;
    this.closedByPage = code;
  }

  accept(): void {
    this.readyState = 1;
    this.onopen?.();
  }

  tell(...facts: Fact[]): void {
    for (const fact of facts) this.onmessage?.({ data: JSON.stringify(fact) });
  }

  tellRaw(data: unknown): void {
    this.onmessage?.({ data });
  }

  breakOff(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  wishesOf<T extends Wish['type']>(type: T): Extract<Wish, { type: T }>[] {
    return this.wishes.filter((wish): wish is Extract<Wish, { type: T }> => wish.type === type);
  }
}
