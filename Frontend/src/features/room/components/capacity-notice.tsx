import { Button } from '@/ui/button';
import { Notice } from '@/ui/notice';
import type { RoomState } from '../connection/room-state';
import type { RoomEngine } from '../engine/room-engine';

/** No place just now. Nothing is lost, it is asked for again without a click, and typing needs no such place. */
export function CapacityNotice({ engine, room }: { engine: RoomEngine; room: RoomState }) {
  const own = room.problems.find((problem) => problem.code === 'own_rooms_full');
  const askAgain = (
    <Button size="small" variant="secondary" onClick={() => engine.askAgain()}>
      Try again now
    </Button>
  );
  if (own) {
    return (
      <Notice title="You are in two interviews already" action={askAgain}>
        Leave one of them, and this one opens by itself.
      </Notice>
    );
  }
  return (
    <Notice
      title="Many interviews are running just now"
      action={
        <div className="flex flex-wrap gap-2">
          <Button size="small" onClick={() => engine.answerByTyping()}>
            Answer by typing
          </Button>
          {askAgain}
        </div>
      }
    >
      {room.begun ? 'Everything said so far is kept. ' : ''}We keep asking for a place, and you can stay on this page.
      Or start right away and type your answers.
    </Notice>
  );
}
