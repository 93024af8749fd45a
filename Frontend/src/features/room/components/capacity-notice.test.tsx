import { render, screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { MemoryRouter } from 'react-router';
import { describe, expect, it, vi } from 'vitest';
import { welcomed } from '../connection/facts.fixture';
import { initialRoomState, roomReducer, type RoomState } from '../connection/room-state';
import { detail } from '@/test/samples';
import { Banners } from './banners';
import { Entrance } from './entrance';
import type { RoomEngine } from '../engine/room-engine';
import type { RoomSnapshot } from '../engine/room-parts';
import { NO_CALL } from '../engine/room-store';

function refused(code: string, before: RoomState = initialRoomState): RoomState {
  const fact = { type: 'problem.told', code, message: 'Many interviews are running now.', retry_after_s: 30 } as const;
  return roomReducer(roomReducer(before, { kind: 'fact', fact, at: 0 }), { kind: 'connection', status: 'full' });
}

function show(room: RoomState, where: 'door' | 'inside') {
  const calls = { answerByTyping: vi.fn(), askAgain: vi.fn(), setLips: vi.fn() };
  const engine = calls as unknown as RoomEngine;
  const snapshot: RoomSnapshot = {
    room,
    own: { presence: 'waiting', microphone: 'on', camera: 'on', recording: 'none', preview: null, ending: false },
    call: NO_CALL,
  };
  render(
    <MemoryRouter>
      {where === 'door' ? (
        <Entrance interview={detail()} snapshot={snapshot} engine={engine} byCall={false} />
      ) : (
        <Banners engine={engine} snapshot={snapshot} />
      )}
    </MemoryRouter>,
  );
  return calls;
}

describe('a house that is full', () => {
  it.each(['door', 'inside'] as const)('is said calmly with two ways on (%s)', async (where) => {
    const { answerByTyping, askAgain } = show(refused('too_many_live'), where);
    expect(screen.getAllByRole('status')).toHaveLength(1);
    expect(screen.getByRole('status')).toHaveTextContent('We keep asking for a place');
    await userEvent.click(screen.getByRole('button', { name: 'Answer by typing' }));
    await userEvent.click(screen.getByRole('button', { name: 'Try again now' }));
    expect([answerByTyping, askAgain].map((each) => each.mock.calls.length)).toEqual([1, 1]);
  });

  it('lets nobody begin before there is a place', () => {
    show(refused('too_many_live'), 'door');
    expect(screen.getByRole('button', { name: 'Begin the interview' })).toBeDisabled();
  });

  it('offers no typing to whoever is in two other interviews', () => {
    show(refused('own_rooms_full'), 'door');
    expect(screen.getByText('You are in two interviews already')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Answer by typing' })).toBeNull();
  });

  it('is forgotten once there is a place', () => {
    const room = roomReducer(refused('too_many_live'), { kind: 'fact', fact: welcomed(), at: 0 });
    expect(room.problems).toEqual([]);
    show(room, 'inside');
    expect(screen.queryByRole('status')).toBeNull();
  });

  it('says before the beginning that answers will be typed', () => {
    show(roomReducer(initialRoomState, { kind: 'fact', fact: welcomed({ hears: false }), at: 0 }), 'door');
    expect(screen.getByText('Answers by typing')).toBeVisible();
  });
});
