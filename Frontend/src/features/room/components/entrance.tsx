import { Camera, CameraOff, CircleDot, Mic, MicOff, Video } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { Button } from '@/ui/button';
import { Notice } from '@/ui/notice';
import type { InterviewDetail } from '@/lib/api/types';
import { everythingOn, readDeviceChoice, type DeviceChoice } from '@/lib/media/device-choice';
import { CallProblem } from './call-problem';
import { CapacityNotice } from './capacity-notice';
import { Interviewer } from './interviewer';
import type { RoomEngine } from '../engine/room-engine';
import type { RoomSnapshot } from '../engine/room-parts';
import { personaName } from './interviewer-activity';

interface EntranceProps {
  interview: InterviewDetail;
  snapshot: RoomSnapshot;
  engine: RoomEngine;
  byCall: boolean;
}

/** The moment before: nobody is thrown into their interview by a page that has finished loading. */
export function Entrance({ interview, snapshot, engine, byCall }: EntranceProps) {
  const { room, own, call } = snapshot;
  const [choice] = useState<DeviceChoice>(() => readDeviceChoice() ?? everythingOn);
  // Whoever began with our own interviewer, or came back to them, goes on with them.
  const comesByCall = byCall && !(room.begun && room.ledBy === 'us');
  const name = comesByCall ? 'Your interviewer' : personaName(room.persona);
  const entering = own.presence !== 'waiting';
  const heard = choice.microphone && room.hears;
  const left = Math.max(0, room.planned - room.position);
  return (
    <main
      id="content"
      tabIndex={-1}
      data-phase={room.phase ?? 'connecting'}
      data-connection={room.connection}
      className="page-narrow grid min-h-dvh content-center justify-items-center gap-6 py-8 text-center outline-none"
    >
      <div className="aspect-[4/3] w-full max-w-md overflow-hidden rounded-3xl bg-sunken shadow-card">
        {comesByCall ? (
          <div className="grid size-full content-center justify-items-center gap-3 p-6 text-ink-soft">
            <Video aria-hidden className="size-12 text-accent" strokeWidth={1.5} />
            <p className="max-w-64">A video call with an interviewer who sees and hears you.</p>
          </div>
        ) : (
          <Interviewer engine={engine} activity="waiting" persona={room.persona} />
        )}
      </div>
      <div className="grid gap-2">
        <h1 className="text-headline sm:text-title">
          {room.begun ? `${name} kept your place` : `${name} is ready when you are`}
        </h1>
        <p className="text-ink-soft">
          {room.begun
            ? `Everything said so far is kept. ${left === 1 ? 'One question is left.' : `${left} questions are left.`}`
            : `${room.planned || interview.planned} questions for ${interview.role}. Take a breath: there is no rush, and you can pause at any time.`}
        </p>
      </div>
      <ul className="flex flex-wrap justify-center gap-x-5 gap-y-2 text-sm text-ink-soft">
        <li className="flex items-center gap-1.5">
          {heard ? <Mic aria-hidden className="size-4" /> : <MicOff aria-hidden className="size-4" />}
          {heard ? 'Microphone' : 'Answers by typing'}
        </li>
        <li className="flex items-center gap-1.5">
          {choice.camera ? <Camera aria-hidden className="size-4" /> : <CameraOff aria-hidden className="size-4" />}
          {choice.camera ? 'Camera' : 'No camera'}
        </li>
        <li className="flex items-center gap-1.5">
          <CircleDot aria-hidden className="size-4" />
          {interview.consented_at ? 'Will be recorded' : 'Will not be recorded'}
        </li>
      </ul>
      {room.connection === 'lost' && (
        <Notice tone="warn" title="We cannot reach the interview just now">
          We keep trying. You can begin as soon as the connection is back.
        </Notice>
      )}
      {room.connection === 'full' && <CapacityNotice engine={engine} room={room} />}
      {room.connection === 'signed_out' && (
        <Notice tone="warn" title="You have been signed out">
          <Link to="/sign-in" className="font-semibold text-accent underline">
            Sign in again
          </Link>{' '}
          and come back to this page.
        </Notice>
      )}
      {call.problem && !entering && (
        <CallProblem
          problem={call.problem}
          onGoOn={() => void engine.enter(choice, 'built-in')}
          onRetry={() => void engine.enter(choice)}
        />
      )}
      <div className="grid justify-items-center gap-3">
        {(!call.problem || entering) && (
          <Button
            size="large"
            busy={entering || room.connection === 'connecting'}
            disabled={['lost', 'full', 'signed_out'].includes(room.connection)}
            onClick={() => void engine.enter(choice)}
          >
            {room.begun ? 'Continue the interview' : 'Begin the interview'}
          </Button>
        )}
        {entering && (choice.camera || choice.microphone) && (
          <p role="status" className="text-sm text-ink-soft">
            {comesByCall && 'Your video call is being set up. '}
            If your browser asks, allow the camera and microphone.
          </p>
        )}
        {call.arranging && (
          <Button variant="ghost" size="small" onClick={() => engine.skipCall()}>
            Talk to our own interviewer instead
          </Button>
        )}
        {comesByCall && !entering && !call.problem && (
          <Button
            variant="ghost"
            size="small"
            disabled={room.connection !== 'open'}
            onClick={() => void engine.enter(choice, 'built-in')}
          >
            Talk to our own interviewer instead
          </Button>
        )}
        <Link to={`/interviews/${interview.id}/check`} className="rounded-lg px-2 py-1 text-label text-accent">
          Check or change devices
        </Link>
      </div>
    </main>
  );
}
