import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { describe, expect, it, vi } from 'vitest';
import { utterance } from '../connection/facts.fixture';
import { initialRoomState } from '../connection/room-state';
import { detail } from '@/test/samples';
import { Captions } from './captions';
import { Controls } from './controls';
import { Entrance } from './entrance';
import type { RoomEngine } from '../engine/room-engine';
import type { CallState, RoomSnapshot } from '../engine/room-parts';
import { NO_CALL } from '../engine/room-store';
import { interviewerActivity } from './interviewer-activity';

function snapshot(call: Partial<CallState> = {}, room: Partial<RoomSnapshot['room']> = {}): RoomSnapshot {
  return {
    room: {
      ...initialRoomState,
      connection: 'open',
      phase: 'ready',
      persona: { name: 'Maya', face: 'maya' },
      planned: 5,
      ...room,
    },
    own: { presence: 'waiting', microphone: 'on', camera: 'on', recording: 'none', preview: null, ending: false },
    call: { ...NO_CALL, ...call },
  };
}

function engine() {
  const calls = {
    enter: vi.fn(() => Promise.resolve()),
    skipCall: vi.fn(),
    switchInterviewer: vi.fn(),
    setLips: vi.fn(),
  };
  return { calls, engine: calls as unknown as RoomEngine };
}

function entrance(shown: RoomSnapshot) {
  const { calls, engine: held } = engine();
  render(
    <MemoryRouter>
      <Entrance interview={detail()} snapshot={shown} engine={held} byCall />
    </MemoryRouter>,
  );
  return calls;
}

describe('the entrance to a video call', () => {
  it('offers the call first and our own interviewer beside it', async () => {
    const { enter } = entrance(snapshot());
    await userEvent.click(screen.getByRole('button', { name: 'Begin the interview' }));
    await userEvent.click(screen.getByRole('button', { name: 'Talk to our own interviewer instead' }));
    expect(enter.mock.calls.map(([, interviewer]: unknown[]) => interviewer)).toEqual([undefined, 'built-in']);
  });

  it('that cannot be had says why, and both ways on are one click', async () => {
    const problem = { code: 'avatar_busy', message: 'All video interviewers are taken at the moment.' };
    const { enter } = entrance(snapshot({ problem }));
    expect(screen.getByRole('status').textContent).toContain('All video interviewers are taken at the moment.');
    await userEvent.click(screen.getByRole('button', { name: 'Go on with our interviewer' }));
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(enter.mock.calls.map(([, interviewer]: unknown[]) => interviewer)).toEqual(['built-in', undefined]);
  });

  it('that is slow to come can be left for our own interviewer', async () => {
    const arranging = snapshot({ arranging: true });
    const { skipCall } = entrance({ ...arranging, own: { ...arranging.own, presence: 'entering' } });
    expect(screen.getByText(/Your video call is being set up/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Talk to our own interviewer instead' }));
    expect(skipCall).toHaveBeenCalledOnce();
  });

  it('is no longer one when our own interviewer has taken over', () => {
    entrance(snapshot({}, { begun: true, ledBy: 'us', phase: 'listening', position: 1 }));
    expect(screen.getByRole('heading', { name: 'Maya kept your place' })).toBeVisible();
    expect(screen.queryByRole('button', { name: /own interviewer/ })).toBeNull();
  });
});

describe('captions of a call', () => {
  it('show both sides in flux, the call’s own words before those of our recogniser', () => {
    const { room } = snapshot({}, { captions: [{ lineId: 'l1', text: 'I let the move' }], utterances: [utterance()] });
    const call = {
      ...NO_CALL,
      status: 'joined',
      captions: { interviewer: 'And what did', candidate: 'I led the move' },
    } as const;
    const shown = render(<Captions room={room} call={call} byCall size="medium" />);
    const flux = [...shown.container.querySelectorAll('[data-in-flux]')].map((line) => line.textContent);
    expect(flux).toEqual(['Interviewer: And what did…', 'You: I led the move…']);
    shown.rerender(<Captions room={room} call={{ ...NO_CALL, status: 'joined' }} byCall size="medium" />);
    expect(shown.container.querySelector('[data-in-flux]')?.textContent).toBe('You: I let the move…');
  });
});

describe('the room in a call', () => {
  it('says whose turn it is by who is speaking there', () => {
    const words = (call: Partial<CallState>) => interviewerActivity(snapshot(call, { phase: 'listening' })).words;
    expect(words({ status: 'joining' })).toBe('Connecting the video call…');
    expect(words({ status: 'joined', speaking: 'interviewer' })).toBe('Your interviewer is speaking');
    expect(words({ status: 'joined', speaking: 'candidate' })).toBe('Listening');
    expect(words({ status: 'joined' })).toBe('Listening');
  });

  it('has a way out of the call that is no way out of the interview', async () => {
    const { calls, engine: held } = engine();
    const shown = render(<Controls engine={held} snapshot={snapshot({ status: 'joined' })} onEnd={() => undefined} />);
    await userEvent.click(screen.getByRole('button', { name: 'The video call' }));
    await userEvent.click(await screen.findByRole('menuitem', { name: 'Switch to our interviewer' }));
    expect(calls.switchInterviewer).toHaveBeenCalledOnce();
    shown.rerender(<Controls engine={held} snapshot={snapshot()} onEnd={() => undefined} />);
    expect(screen.queryByRole('button', { name: 'The video call' })).toBeNull();
  });
});
