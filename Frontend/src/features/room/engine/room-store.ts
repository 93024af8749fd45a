import { initialRoomState, roomReducer, type RoomEvent } from '../connection/room-state';
import type { CallState, OwnState, RoomSnapshot } from './room-parts';

export const NO_CALL: CallState = { status: 'none', speaking: null, captions: {}, arranging: false, problem: null };

/** What the room knows and shows: one value, replaced as a whole, in the shape React's useSyncExternalStore wants. */
export class RoomStore {
  #snapshot: RoomSnapshot = {
    room: initialRoomState,
    own: { presence: 'waiting', microphone: 'off', camera: 'off', recording: 'none', preview: null, ending: false },
    call: NO_CALL,
  };
  #listeners = new Set<() => void>();

  get = (): RoomSnapshot => this.#snapshot;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  tell(event: RoomEvent): void {
    const room = roomReducer(this.#snapshot.room, event);
    if (room !== this.#snapshot.room) this.#publish({ ...this.#snapshot, room });
  }

  problem(code: string, message: string): void {
    this.tell({ kind: 'problem', code, message });
  }

  own(change: Partial<OwnState>): void {
    this.#publish({ ...this.#snapshot, own: { ...this.#snapshot.own, ...change } });
  }

  call(change: Partial<CallState>): void {
    this.#publish({ ...this.#snapshot, call: { ...this.#snapshot.call, ...change } });
  }

  #publish(snapshot: RoomSnapshot): void {
    this.#snapshot = snapshot;
    for (const listener of this.#listeners) listener();
  }
}
