import { X } from 'lucide-react';
import { Link } from 'react-router';
import { Button, IconButton } from '@/ui/button';
import { Notice } from '@/ui/notice';
import { FULL } from '../connection/room-state';
import type { RoomEngine } from '../engine/room-engine';
import type { RoomSnapshot } from '../engine/room-parts';
import { CapacityNotice } from './capacity-notice';

/** What went wrong and goes on another way. Nothing here ends the interview. */
export function Banners({ engine, snapshot }: { engine: RoomEngine; snapshot: RoomSnapshot }) {
  const { room, own } = snapshot;
  return (
    <div className="grid gap-2 empty:hidden">
      {room.connection === 'lost' && (
        <Notice tone="warn" title="The connection is gone for a moment">
          We are reconnecting. {own.recording === 'on' ? 'Your recording goes on, and ' : ''}everything said so far is
          safe. What you say now may not be heard.
        </Notice>
      )}
      {room.connection === 'full' && <CapacityNotice engine={engine} room={room} />}
      {room.connection === 'signed_out' && (
        <Notice
          tone="warn"
          title="You have been signed out"
          action={
            <Button asChild size="small">
              <Link to="/sign-in" target="_blank" rel="opener">
                Sign in
              </Link>
            </Button>
          }
        >
          Sign in again in the new tab, then{' '}
          <button type="button" className="font-semibold text-accent underline" onClick={() => engine.takeBack()}>
            go on here
          </button>
          . Everything said so far is safe.
        </Notice>
      )}
      {room.problems
        .filter((problem) => !FULL.includes(problem.code))
        .map((problem) => (
          <Notice
            key={problem.id}
            tone={problem.code === 'avatar_changed' ? 'info' : 'warn'}
            action={
              <div className="flex items-center gap-1">
                {problem.code === 'sound_blocked' && (
                  <Button
                    size="small"
                    variant="secondary"
                    onClick={() => {
                      void engine.unblockSound();
                      engine.dismissProblem(problem.id);
                    }}
                  >
                    Switch sound on
                  </Button>
                )}
                <IconButton label="Close this message" size="small" onClick={() => engine.dismissProblem(problem.id)}>
                  <X aria-hidden />
                </IconButton>
              </div>
            }
          >
            {problem.message}
          </Notice>
        ))}
    </div>
  );
}
