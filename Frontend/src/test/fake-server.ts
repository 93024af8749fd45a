import { vi } from 'vitest';

type Answer = (request: Request) => unknown;

/**
 * Stands in for the network: one answer per `METHOD /path` (without /api). An answer may be a value (sent as JSON),
 * a Response, or a promise of either. A request without a row fails the test that made it.
 */
export function fakeServer(routes: Record<string, Answer>): { asked: string[]; bodies: Map<string, unknown> } {
  const asked: string[] = [];
  const bodies = new Map<string, unknown>();
  vi.stubGlobal('fetch', async (input: Request | string, init: RequestInit = {}) => {
    const { signal, ...rest } = init;
    signal?.throwIfAborted();
    const request = new Request(typeof input === 'string' ? new URL(input, 'http://localhost') : input, rest);
    const name = `${request.method} ${new URL(request.url).pathname.replace(/^\/api/, '')}`;
    asked.push(name);
    if (request.headers.get('Content-Type') === 'application/json') bodies.set(name, await request.clone().json());
    const answer = routes[name];
    if (!answer) throw new Error(`the fake server knows no ${name}`);
    const value = await answer(request);
    signal?.throwIfAborted();
    if (value instanceof Response) return value;
    return value === undefined ? new Response(null, { status: 204 }) : Response.json(value);
  });
  return { asked, bodies };
}

export function problem(status: number, code: string, detail: string, more: object = {}): Response {
  return Response.json({ type: 'about:blank', title: code, status, code, detail, ...more }, { status });
}
