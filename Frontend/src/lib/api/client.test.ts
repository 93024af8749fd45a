import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { apiGet, apiPost, apiUpload, onSignedOut } from './client';
import { ProblemError } from './problem';

type Answer = (request: Request) => Response | Promise<Response>;

/** A server with a memory of what it was asked, in place of the network. */
function serve(answer: Answer): { asked: string[] } {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (input: Request | string, init: RequestInit) => {
    init.signal?.throwIfAborted();
    const { signal, ...rest } = init;
    const request = new Request(typeof input === 'string' ? new URL(input, 'http://localhost') : input, rest);
    asked.push(`${request.method} ${new URL(request.url).pathname}${new URL(request.url).search}`);
    if (!signal) return answer(request);
    return Promise.race([
      answer(request),
      new Promise<never>((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
      }),
    ]);
  });
  return { asked };
}

function problem(status: number, body: object, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/problem+json', ...headers },
  });
}

const NOT_SIGNED_IN = {
  type: 'about:blank',
  title: 'Not signed in',
  status: 401,
  detail: 'Please sign in.',
  code: 'not_signed_in',
};

beforeEach(() => vi.useFakeTimers({ toFake: ['Date'] }));
afterEach(() => vi.useRealTimers());

describe('the request wrapper', () => {
  test('a query leaves out what is empty', async () => {
    const { asked } = serve(() => Response.json([]));
    await apiGet('/api/admin/interviews', { params: { query: { offset: 0, limit: 5, status: null } } });
    await apiGet('/api/admin/users', { params: { query: { offset: 0, q: '' } } });
    expect(asked).toEqual(['GET /api/admin/interviews?offset=0&limit=5', 'GET /api/admin/users?offset=0']);
  });

  test('a problem becomes an error with its code, its sentence and the field at fault', async () => {
    serve(() =>
      problem(422, {
        code: 'resume_encrypted',
        title: 'Encrypted',
        detail: 'Save it without a password.',
        field: 'file',
        errors: [{ field: 'file', message: 'Has a password.' }],
      }),
    );
    const error = await apiUpload('post', '/api/profiles', { body: new FormData() }).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(ProblemError);
    expect(error).toMatchObject({
      code: 'resume_encrypted',
      message: 'Save it without a password.',
      field: 'file',
      fields: { file: 'Has a password.' },
      status: 422,
    });
  });

  test('an answer that is no problem document still becomes a sentence', async () => {
    serve(() => new Response('<html>Bad gateway</html>', { status: 502 }));
    const error = await apiGet('/api/setup').catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'unexpected', status: 502 });
    expect((error as ProblemError).message).not.toContain('<');
  });

  test('the time to wait is read from Retry-After', async () => {
    serve(() => problem(429, { code: 'too_many_requests', detail: 'Wait.' }, { 'Retry-After': '30' }));
    await expect(
      apiPost('/api/auth/sign-in', { body: { email: 'asha@example.org', password: 'secret' } }),
    ).rejects.toMatchObject({ retryAfterS: 30 });
  });

  test('a server that cannot be reached is called offline', async () => {
    serve(() => {
      throw new TypeError('Failed to fetch');
    });
    await expect(apiGet('/api/setup')).rejects.toMatchObject({ code: 'offline' });
  });

  test('a server that never answers is given up after the timeout', async () => {
    serve(() => new Promise<Response>(() => undefined));
    await expect(apiGet('/api/setup', { timeoutMs: 20 })).rejects.toMatchObject({ code: 'timeout' });
  });

  test('an abort by the caller stays an abort', async () => {
    serve(() => new Promise<Response>(() => undefined));
    const stop = new AbortController();
    const asking = apiGet('/api/setup', { signal: stop.signal });
    stop.abort();
    await expect(asking).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('an empty answer is undefined', async () => {
    serve(() => new Response(null, { status: 204 }));
    await expect(apiPost('/api/auth/sign-out')).resolves.toBeUndefined();
  });

  test('a form goes up as it is, and raw bytes with their own type', async () => {
    const types: (string | null)[] = [];
    serve((request) => {
      types.push(request.headers.get('Content-Type'));
      return Response.json({});
    });
    const form = new FormData();
    form.set('text', 'my resume');
    await apiUpload('post', '/api/profiles', { body: form });
    await apiUpload('put', '/api/interviews/{interview_id}/recording/takes/{take}/pieces/{piece}', {
      params: { path: { interview_id: 'i1', take: 0, piece: 1 } },
      body: new Blob(['x']),
      contentType: 'video/webm',
    });
    expect(types[0]).toMatch(/^multipart\/form-data; boundary=/);
    expect(types[1]).toBe('video/webm');
  });
});

describe('a sign-in that has run out', () => {
  /** Access comes back with the refresh. */
  function expiring(refresh: Answer = () => Response.json({ id: 'me' })): { asked: string[] } {
    let signedIn = false;
    return serve(async (request) => {
      if (new URL(request.url).pathname === '/api/auth/refresh') {
        const response = await refresh(request);
        signedIn = response.ok;
        return response;
      }
      return signedIn ? Response.json({ fine: true }) : problem(401, NOT_SIGNED_IN);
    });
  }

  test('a renewal that is never answered is slow, not an absence of the server', async () => {
    expiring(() => Promise.reject(new DOMException('signal timed out', 'TimeoutError')));
    await expect(apiGet('/api/interviews')).rejects.toMatchObject({ code: 'timeout' });
  });

  test('is renewed, and the request repeated', async () => {
    const { asked } = expiring();
    await expect(apiGet('/api/interviews')).resolves.toEqual({ fine: true });
    expect(asked).toEqual(['GET /api/interviews', 'POST /api/auth/refresh', 'GET /api/interviews']);
  });

  test('is renewed once for all requests that notice it together', async () => {
    const { asked } = expiring();
    await Promise.all([apiGet('/api/interviews'), apiGet('/api/progress'), apiGet('/api/roles')]);
    expect(asked.filter((one) => one === 'POST /api/auth/refresh')).toHaveLength(1);
  });

  test('is not renewed again when another tab has just done it', async () => {
    const { asked } = expiring();
    localStorage.setItem('dost-refreshed-at', String(Date.now() + 1));
    await apiGet('/api/interviews').catch(() => undefined);
    expect(asked).toEqual(['GET /api/interviews', 'GET /api/interviews']);
  });

  test('that cannot be renewed signs the person out', async () => {
    expiring(() => problem(401, NOT_SIGNED_IN));
    const left = vi.fn();
    const stop = onSignedOut(left);
    await expect(apiGet('/api/interviews')).rejects.toMatchObject({ code: 'not_signed_in' });
    expect(left).toHaveBeenCalledOnce();
    stop();
  });

  test('is kept when the server only fails to renew it', async () => {
    expiring(() => problem(503, { code: 'busy', detail: 'Later, please.' }));
    const left = vi.fn();
    const stop = onSignedOut(left);
    await expect(apiGet('/api/interviews')).rejects.toMatchObject({ code: 'busy' });
    expect(left).not.toHaveBeenCalled();
    stop();
  });

  test('another kind of 401 renews nothing', async () => {
    const { asked } = serve(() => problem(401, { code: 'wrong_sign_in', detail: 'Not right.' }));
    await expect(
      apiPost('/api/auth/sign-in', { body: { email: 'asha@example.org', password: 'secret' } }),
    ).rejects.toMatchObject({ code: 'wrong_sign_in' });
    expect(asked).toHaveLength(1);
  });
});
