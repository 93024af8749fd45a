import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { utteranceAdded, welcomed } from './facts.fixture';
import { LiveConnection, type LiveConnectionOptions } from './live-connection';
import type { Fact } from './messages';
import type { ConnectionStatus } from './room-state';
import { ScriptedSocket } from './scripted-socket.fixture';

let sockets: ScriptedSocket[];
let facts: Fact[];
let statuses: ConnectionStatus[];
let connection: LiveConnection;

function connect(options: Partial<LiveConnectionOptions> = {}): void {
  connection = new LiveConnection({
    interviewId: 'i1',
    onFact: (fact) => facts.push(fact),
    onSpeech: () => undefined,
    onStatus: (status) => statuses.push(status),
    openSocket: (url) => {
      const socket = new ScriptedSocket(url);
      sockets.push(socket);
      return socket;
    },
    random: () => 1,
    ...options,
  });
  connection.open();
}

function socket(index = sockets.length - 1): ScriptedSocket {
  const found = sockets[index];
  if (!found) throw new Error(`there is no socket ${index}; ${sockets.length} were opened`);
  return found;
}

function welcome(changes: Parameters<typeof welcomed>[0] = {}): ScriptedSocket {
  socket().accept();
  socket().tell(welcomed(changes));
  return socket();
}

beforeEach(() => {
  vi.useFakeTimers();
  sockets = [];
  facts = [];
  statuses = [];
});

afterEach(() => {
  connection.close();
  vi.useRealTimers();
});

describe('a house that is full', () => {
  function refuse(code: string): void {
    socket().accept();
    socket().tell({ type: 'problem.told', code, message: 'Many interviews are running now.', retry_after_s: 20 });
    socket().breakOff(1013);
  }

  it('is asked again by itself, not before it said, and lets the person in when there is a place', async () => {
    connect();
    refuse('too_many_live');
    expect(statuses).toEqual(['full']);
    await vi.advanceTimersByTimeAsync(19_999);
    expect(sockets).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_001);
    expect(sockets).toHaveLength(2);
    welcome();
    expect(statuses).toEqual(['full', 'open']);
  });

  it('lets in whoever types, at once and after every break', async () => {
    connect();
    refuse('too_many_live');
    connection.typeOnly();
    await vi.advanceTimersByTimeAsync(0);
    expect(socket().url).toMatch(/live\?after=0&typed=true$/);
    welcome({ hears: false }).breakOff();
    await vi.advanceTimersByTimeAsync(400);
    expect(socket().url).toMatch(/&typed=true$/);
  });

  it('is told from a server that closes for another reason', async () => {
    connect();
    refuse('own_rooms_full');
    expect(statuses).toEqual(['full']);
    connection.reopen();
    await vi.advanceTimersByTimeAsync(0);
    welcome().breakOff(1013);
    expect(statuses).toEqual(['full', 'open', 'lost']);
  });
});

describe('a broken connection', () => {
  it('is opened again, asking only for what was missed', async () => {
    connect();
    welcome().tell(utteranceAdded(1), utteranceAdded(2));
    socket().breakOff();
    expect(statuses).toEqual(['open', 'lost']);
    await vi.advanceTimersByTimeAsync(400);
    expect(sockets).toHaveLength(2);
    expect(socket().url).toMatch(/\/api\/interviews\/i1\/live\?after=2$/);
    welcome({ last_sequence: 2 });
    expect(statuses).toEqual(['open', 'lost', 'open']);
  });

  it('never delivers a durable fact twice, even when the server repeats itself', async () => {
    connect();
    welcome().tell(utteranceAdded(1), utteranceAdded(3));
    socket().breakOff();
    await vi.advanceTimersByTimeAsync(400);
    expect(socket().url).toMatch(/after=1$/);
    welcome({ last_sequence: 3 }).tell(utteranceAdded(2), utteranceAdded(3));
    const told = facts.filter((fact) => fact.type === 'utterance.added').map((fact) => fact.sequence);
    expect(told).toEqual([1, 3, 2]);
  });

  it('is tried at growing distances, at most eight seconds apart', async () => {
    connect();
    const waits: number[] = [];
    for (let attempt = 0; attempt < 7; attempt++) {
      const before = Date.now();
      socket().breakOff();
      const opened = sockets.length;
      while (sockets.length === opened) await vi.advanceTimersByTimeAsync(100);
      waits.push(Date.now() - before);
    }
    expect(waits).toEqual([400, 800, 1600, 3200, 6400, 8000, 8000]);
  });

  it('is tried at once when the machine is online again', async () => {
    connect();
    welcome();
    socket().breakOff();
    window.dispatchEvent(new Event('online'));
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(2);
  });

  it('begins again by itself with the microphone as it was left', async () => {
    connect();
    const first = welcome();
    connection.send({ type: 'interview.begin', listen: true, speak: true });
    connection.send({ type: 'microphone.set', listen: false });
    first.breakOff();
    await vi.advanceTimersByTimeAsync(400);
    const second = welcome({ begun: true });
    expect(second.wishes).toEqual([{ type: 'interview.begin', listen: false, speak: true }]);
  });

  it('keeps wishes until it is back and forgets those that have lost their sense', async () => {
    connect();
    welcome().breakOff();
    connection.send({ type: 'thinking.hold' });
    connection.send({ type: 'answer.typing' });
    await vi.advanceTimersByTimeAsync(400);
    expect(welcome().wishes).toEqual([{ type: 'thinking.hold' }]);
  });

  it('sends a typed answer again unless it came back as a fact', async () => {
    connect();
    const first = welcome();
    connection.send({ type: 'answer.type', text: 'First answer', done: true });
    connection.send({ type: 'answer.type', text: 'Second answer', done: true });
    first.tell(utteranceAdded(1, { source: 'typed', text: 'First answer' }));
    first.breakOff();
    connection.send({ type: 'answer.type', text: 'Third answer', done: true });
    await vi.advanceTimersByTimeAsync(400);
    const second = welcome({ last_sequence: 2 });
    expect(second.wishesOf('answer.type')).toEqual([]);
    second.tell(utteranceAdded(2, { source: 'typed', text: 'Second answer' }));
    expect(second.wishesOf('answer.type').map((wish) => wish.text)).toEqual(['Third answer']);
  });

  it('drops microphone audio instead of piling it up', () => {
    connect();
    expect(connection.sendAudio(0, new Int16Array(640))).toBe(false);
    welcome();
    expect(connection.sendAudio(1, new Int16Array(640))).toBe(true);
    socket().bufferedAmount = 100_000;
    expect(connection.sendAudio(2, new Int16Array(640))).toBe(false);
    expect(connection.audioDropped).toBe(2);
    expect(socket().audio).toHaveLength(1);
  });
});

describe('a wire that has gone dead without saying so', () => {
  it('is noticed by its missing pongs', async () => {
    connect();
    welcome();
    await vi.advanceTimersByTimeAsync(31_000);
    expect(socket(0).wishesOf('ping').length).toBeGreaterThan(0);
    expect(socket(0).closedByPage).not.toBeNull();
    expect(sockets.length).toBeGreaterThan(1);
  });

  it('is left alone while pongs come', async () => {
    connect();
    welcome();
    for (let second = 0; second < 120; second += 5) {
      await vi.advanceTimersByTimeAsync(5000);
      socket(0).tell({ type: 'pong', clock_ms: second });
    }
    expect(sockets).toHaveLength(1);
  });

  it('is given up when no welcome comes', async () => {
    connect();
    socket().accept();
    await vi.advanceTimersByTimeAsync(10_400);
    expect(sockets).toHaveLength(2);
  });
});

describe('an end for good', () => {
  it('comes when another tab goes on with the interview, until it is taken back', async () => {
    connect();
    welcome().breakOff(4409);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(statuses.at(-1)).toBe('taken_over');
    expect(sockets).toHaveLength(1);
    connection.reopen();
    await vi.advanceTimersByTimeAsync(0);
    expect(sockets).toHaveLength(2);
  });

  it('comes when the interview is not theirs', async () => {
    connect();
    socket().breakOff(4404);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(statuses).toEqual(['refused']);
  });

  it('comes when the interview was ended elsewhere', async () => {
    connect({ renewSignIn: () => Promise.resolve('over') });
    welcome().breakOff(4425);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(statuses).toEqual(['open', 'lost', 'closed']);
    expect(sockets).toHaveLength(1);
  });

  it('does not come from words that were not understood, and they are not said again', async () => {
    connect();
    const first = welcome();
    connection.send({ type: 'answer.type', text: 'x', done: true });
    first.breakOff(4400);
    await vi.advanceTimersByTimeAsync(400);
    expect(welcome().wishes).toEqual([]);
  });

  it('comes when the interview has ended', async () => {
    connect();
    welcome().tell({ type: 'interview.ended', sequence: 1, reason: 'complete' });
    socket().breakOff(1000);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(statuses).toEqual(['open', 'closed']);
    expect(sockets).toHaveLength(1);
  });
});

describe('an expired sign-in', () => {
  it('is renewed before the next attempt', async () => {
    const renewSignIn = vi.fn(() => Promise.resolve('signed_in' as const));
    connect({ renewSignIn });
    welcome().breakOff(4401);
    await vi.advanceTimersByTimeAsync(400);
    expect(renewSignIn).toHaveBeenCalledOnce();
    expect(sockets).toHaveLength(2);
  });

  it('that cannot be renewed is told and not tried for ever', async () => {
    connect({ renewSignIn: () => Promise.resolve('signed_out') });
    welcome().breakOff();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(statuses.at(-1)).toBe('signed_out');
    expect(sockets).toHaveLength(1);
  });
});

describe('frames that are no facts', () => {
  it('change nothing', () => {
    connect();
    const open = welcome();
    for (const data of ['', '{', '[]', 'null', '{"type":"toString"}', '{"type":"weather.told"}', new ArrayBuffer(3)]) {
      open.tellRaw(data);
    }
    expect(facts.map((fact) => fact.type)).toEqual(['interview.welcomed']);
    expect(connection.status).toBe('open');
  });
});

describe('lines of a call', () => {
  const line = (order: number, text: string) =>
    ({
      type: 'call.said',
      key: `turn-${order}:candidate`,
      order,
      speaker: 'candidate',
      text,
      interrupted: false,
    }) as const;
  const said = (server: ScriptedSocket) => server.wishesOf('call.said').map((wish) => wish.text);

  it('said while the connection is lost arrive in order when it is back, before the end of the call', async () => {
    connect();
    welcome();
    connection.send({ type: 'interview.begin', listen: true, speak: true });
    socket().breakOff();
    connection.send(line(1, 'One.'));
    connection.send({ type: 'call.speaking', speaker: 'candidate', speaking: false });
    connection.send(line(2, 'Two.'));
    connection.send({ type: 'call.lost', reason: 'left' });
    connection.send({ type: 'microphone.set', listen: false });
    await vi.advanceTimersByTimeAsync(400);
    const back = welcome({ last_sequence: 0 });
    expect(back.wishes.map((wish) => wish.type)).toEqual([
      'interview.begin',
      'microphone.set',
      'call.said',
      'call.said',
      'call.lost',
    ]);
    expect(said(back)).toEqual(['One.', 'Two.']);
  });

  it('that were on the wire when it broke are said again, but not those that had come back', async () => {
    connect();
    const first = welcome();
    connection.send(line(1, 'Kept.'));
    connection.send(line(2, 'Perhaps lost.'));
    first.tell(
      utteranceAdded(1, { speaker: 'interviewer', text: 'Perhaps lost.' }),
      utteranceAdded(2, { text: 'Kept.' }),
    );
    first.breakOff();
    await vi.advanceTimersByTimeAsync(400);
    const second = welcome({ last_sequence: 3 });
    expect(said(second)).toEqual([]);
    connection.send(line(3, 'Next.'));
    expect(said(second)).toEqual([]);
    second.tell(utteranceAdded(3, { speaker: 'interviewer', text: 'Hm.' }));
    expect(said(second)).toEqual(['Perhaps lost.', 'Next.']);
  });

  it('that the server booked before the break are not said again after the replay', async () => {
    connect();
    welcome();
    connection.send(line(1, 'Booked.'));
    socket().breakOff();
    await vi.advanceTimersByTimeAsync(400);
    const second = welcome({ last_sequence: 1 });
    second.tell(utteranceAdded(1, { text: 'Booked.' }));
    expect(said(second)).toEqual([]);
  });
});
