import { ProblemError, problemFrom } from './problem';
import { refreshSignIn } from './refresh';

export type Query = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface RequestOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds until the request is given up. */
  timeoutMs?: number;
  query?: Query;
}

const TIMEOUT_MS = 20_000;
const UPLOAD_TIMEOUT_MS = 90_000;

const signedOutListeners = new Set<(why: ProblemError) => void>();

/** Called, with the reason, when a request finds that the sign-in is over and cannot be renewed. */
export function onSignedOut(listener: (why: ProblemError) => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

export function apiUrl(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return `/api${path}${text ? `?${text}` : ''}`;
}

async function send(url: string, init: RequestInit, options: RequestOptions, timeoutMs: number): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    return await fetch(url, { ...init, signal, credentials: 'same-origin' });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw unanswered(timeout.aborted);
  }
}

function unanswered(tooLong: boolean): ProblemError {
  return tooLong
    ? new ProblemError('timeout', 'The server is taking too long to answer. Please try again.')
    : new ProblemError('offline', 'We cannot reach the server. Check your connection and try again.');
}

async function request<T>(
  method: string,
  path: string,
  body: { json?: unknown; raw?: BodyInit; contentType?: string },
  options: RequestOptions,
): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' };
  let payload: BodyInit | null = null;
  if (body.raw !== undefined) {
    payload = body.raw;
    if (body.contentType) headers['Content-Type'] = body.contentType;
  } else if (body.json !== undefined) {
    payload = JSON.stringify(body.json);
    headers['Content-Type'] = 'application/json';
  }
  const url = apiUrl(path, options.query);
  const timeoutMs = options.timeoutMs ?? (body.raw === undefined ? TIMEOUT_MS : UPLOAD_TIMEOUT_MS);
  const init: RequestInit = { method, headers, body: payload };

  const askedAt = Date.now();
  let response = await send(url, init, options, timeoutMs);
  if (response.status === 401) {
    const problem = await problemFrom(response);
    if (problem.code !== 'not_signed_in') throw problem;
    if (await signedOut(askedAt)) throw problem;
    response = await send(url, init, options, timeoutMs);
  }
  if (!response.ok) throw await problemFrom(response);
  if (response.status === 204 || response.headers.get('Content-Length') === '0') return undefined as T;
  return (await response.json()) as T;
}

/** Renews the sign-in. True when that is over: whoever listens has been told why. */
async function signedOut(askedAt: number): Promise<boolean> {
  try {
    const why = await refreshSignIn(askedAt);
    if (why) for (const listener of signedOutListeners) listener(why);
    return why !== null;
  } catch (error) {
    if (error instanceof ProblemError) throw error;
    throw unanswered(error instanceof DOMException && error.name === 'TimeoutError');
  }
}

export interface Head {
  status: number;
  headers: Headers;
  /** The sign-in had run out and has been renewed: what failed for want of it may be tried again. */
  renewed: boolean;
}

/**
 * Asks for an answer's head alone, where a media element cannot say why it failed. `url` is whole, with `/api`.
 *
 * @throws ProblemError when the server cannot be asked; AbortError when `signal` is aborted.
 */
export async function apiHead(url: string, options: RequestOptions = {}): Promise<Head> {
  const askedAt = Date.now();
  const ask = () => send(url, { method: 'HEAD' }, options, options.timeoutMs ?? TIMEOUT_MS);
  const first = await ask();
  if (first.status !== 401) return { status: first.status, headers: first.headers, renewed: false };
  if (await signedOut(askedAt)) return { status: first.status, headers: first.headers, renewed: false };
  const second = await ask();
  return { status: second.status, headers: second.headers, renewed: true };
}

/** Paths start with `/` and leave `/api` out. @throws ProblemError; AbortError when `signal` is aborted. */
export function apiGet<T>(path: string, options: RequestOptions = {}): Promise<T> {
  return request<T>('GET', path, {}, options);
}

export function apiPost<T>(path: string, json?: unknown, options: RequestOptions = {}): Promise<T> {
  return request<T>('POST', path, { json }, options);
}

export function apiPut<T>(path: string, json?: unknown, options: RequestOptions = {}): Promise<T> {
  return request<T>('PUT', path, { json }, options);
}

export function apiPatch<T>(path: string, json?: unknown, options: RequestOptions = {}): Promise<T> {
  return request<T>('PATCH', path, { json }, options);
}

export function apiDelete<T = undefined>(path: string, json?: unknown, options: RequestOptions = {}): Promise<T> {
  return request<T>('DELETE', path, { json }, options);
}

/** A form (multipart, POST unless told otherwise) or raw bytes with their own content type. */
export function apiUpload<T>(
  path: string,
  body: FormData | Blob | ArrayBuffer,
  options: RequestOptions & { method?: 'POST' | 'PUT'; contentType?: string } = {},
): Promise<T> {
  const { method = 'POST', contentType, ...rest } = options;
  return request<T>(method, path, contentType ? { raw: body, contentType } : { raw: body }, rest);
}
