import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import { finishInterview } from '@/lib/api/interviews';
import { recordingUploads } from '@/lib/recording/uploads';
import { callService, signInState } from '../api';
import { RoomEngine } from './room-engine';
import type { RoomSnapshot } from './room-parts';

interface Wanted {
  interviewId: string;
  userId: string;
  userName: string;
  consented: boolean;
  /** Whether this installation's interviewer comes by a vendor's call. */
  byCall: boolean;
  onEnded: () => void;
}

/** One engine for as long as the room is on screen; it connects at once and is left when the room goes. */
export function useRoomEngine(wanted: Wanted): { engine: RoomEngine; snapshot: RoomSnapshot } {
  const { onEnded, byCall, ...options } = wanted;
  const [engine] = useState(
    () =>
      new RoomEngine({
        ...options,
        uploads: recordingUploads(),
        renewSignIn: () => signInState(options.interviewId),
        finish: () => finishInterview(options.interviewId),
        callService: byCall ? callService(options.interviewId) : null,
      }),
  );
  useEffect(() => {
    engine.setOnEnded(onEnded);
  });

  const leaving = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  useEffect(() => {
    clearTimeout(leaving.current);
    engine.connect();
    const flush = () => {
      if (document.visibilityState === 'hidden') engine.flush();
    };
    document.addEventListener('visibilitychange', flush);
    window.addEventListener('pagehide', engine.goodbye);
    return () => {
      window.removeEventListener('pagehide', engine.goodbye);
      document.removeEventListener('visibilitychange', flush);
      // React's strict mode runs every effect twice in development: only a room that stays away has been left.
      leaving.current = setTimeout(() => void engine.leave(), 0);
    };
  }, [engine]);

  return { engine, snapshot: useSyncExternalStore(engine.subscribe, engine.getSnapshot) };
}
