import createClient from 'openapi-fetch';
import { ProblemError, problemFrom } from './problem';
import { refreshSignIn } from './refresh';
import type { paths } from './schema.gen';
import { m } from '@/lib/messages';

export interface RequestOptions {
  signal?: AbortSignal | undefined;
  /** Milliseconds until the request is given up. */
  timeoutMs?: number;
}

type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';
type PathOf<M extends Method> = { [P in keyof paths]: paths[P] extends Record<M, object> ? P : never }[keyof paths];

// Of an operation in the schema. Those of openapi-fetch say the same, but generic code over them keeps tsc busy for minutes.
type ParamsOf<O> = O extends { parameters: { path: object } }
  ? { params: O['parameters'] }
  : O extends { parameters: infer Params }
    ? { params?: Params }
    : never;
type BodyOf<O> = O extends { requestBody: { content: infer Content } }
  ? { body: JsonOf<{ content: Content }> }
  : { body?: never };
type Wanted<O> = ParamsOf<O> & BodyOf<O> & RequestOptions;
/** May be left out where the schema wants nothing. */
type Call<O> = O extends { parameters: { path: object } } | { requestBody: object }
  ? [call: Wanted<O>]
  : [call?: Wanted<O>];

type JsonOf<Response> = Response extends { content: { 'application/json': infer Json } } ? Json : undefined;
type Success<Responses> = { [Status in keyof Responses & (200 | 201 | 202 | 204)]: JsonOf<Responses[Status]> };
type AnswerOf<O> = O extends { responses: infer Responses } ? Success<Responses>[keyof Success<Responses>] : never;

const TIMEOUT_MS = 20_000;
const UPLOAD_TIMEOUT_MS = 90_000;

const signedOutListeners = new Set<(why: ProblemError) => void>();

/** Called, with the reason, when a request finds that the sign-in is over and cannot be renewed. */
export function onSignedOut(listener: (why: ProblemError) => void): () => void {
  signedOutListeners.add(listener);
  return () => signedOutListeners.delete(listener);
}

function searchOf(query: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  return search.toString();
}

const client = createClient<paths>({
  baseUrl: window.location.origin,
  querySerializer: searchOf,
  headers: { Accept: 'application/json' },
});

async function send(
  request: Request | string,
  options: RequestOptions,
  timeoutMs: number,
  init: RequestInit = {},
): Promise<Response> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const signal = options.signal ? AbortSignal.any([options.signal, timeout]) : timeout;
  try {
    return await fetch(request, { ...init, signal, credentials: 'same-origin' });
  } catch (error) {
    if (options.signal?.aborted) throw error;
    throw unanswered(timeout.aborted);
  }
}

function unanswered(tooLong: boolean): ProblemError {
  return tooLong ? new ProblemError('timeout', m.lib_timeout()) : new ProblemError('offline', m.lib_offline());
}

interface Plain {
  params?: unknown;
  body?: unknown;
  headers?: Record<string, string>;
  bodySerializer?: (body: unknown) => unknown;
}

/** Sends, and once more after the sign-in has been renewed, should it have run out. */
async function request(
  method: Method,
  path: keyof paths,
  call: Plain,
  options: RequestOptions,
  timeoutMs: number,
): Promise<unknown> {
  const ask = async () => {
    const answer = await client.request(
      method,
      path as never,
      {
        ...call,
        // Handed to `fetch` itself: the request that a test's Node makes takes no signal of jsdom's.
        fetch: async (asked: Request) => {
          const response = await send(asked, options, options.timeoutMs ?? timeoutMs);
          if (!response.ok) throw await problemFrom(response);
          return response;
        },
      } as never,
    );
    return (answer as { data?: unknown }).data;
  };
  const askedAt = Date.now();
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof ProblemError) || error.status !== 401 || error.code !== 'not_signed_in') throw error;
    if (await signedOut(askedAt)) throw error;
    return ask();
  }
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
  const ask = () => send(url, options, options.timeoutMs ?? TIMEOUT_MS, { method: 'HEAD' });
  const first = await ask();
  if (first.status !== 401) return { status: first.status, headers: first.headers, renewed: false };
  if (await signedOut(askedAt)) return { status: first.status, headers: first.headers, renewed: false };
  const second = await ask();
  return { status: second.status, headers: second.headers, renewed: true };
}

function caller<M extends Method>(method: M) {
  return <P extends PathOf<M>>(path: P, ...[call]: Call<paths[P][M]>): Promise<AnswerOf<paths[P][M]>> => {
    const { signal, timeoutMs, ...wanted } = (call ?? {}) as RequestOptions & Plain;
    return request(method, path, wanted, { signal, ...(timeoutMs && { timeoutMs }) }, TIMEOUT_MS) as Promise<
      AnswerOf<paths[P][M]>
    >;
  };
}

/**
 * One call of the server each. Path, parameters and body are those of its schema, or it does not compile.
 *
 * @throws ProblemError; AbortError when `signal` is aborted.
 */
export const apiGet = caller('get');
export const apiPost = caller('post');
export const apiPut = caller('put');
export const apiPatch = caller('patch');
export const apiDelete = caller('delete');

type UploadMethod = 'post' | 'put';
type UploadCall<M extends UploadMethod, P extends PathOf<M>> = ParamsOf<paths[P][M]> &
  RequestOptions & {
    /** A form, or raw bytes with their own content type; the schema knows both as text only. */
    body: FormData | Blob | ArrayBuffer;
    contentType?: string;
  };

export function apiUpload<M extends UploadMethod, P extends PathOf<M>>(
  method: M,
  path: P,
  call: UploadCall<M, P>,
): Promise<AnswerOf<paths[P][M]>> {
  const { signal, timeoutMs, contentType, ...wanted } = call as RequestOptions & Plain & { contentType?: string };
  return request(
    method,
    path,
    { ...wanted, bodySerializer: (body) => body, ...(contentType && { headers: { 'Content-Type': contentType } }) },
    { signal, ...(timeoutMs && { timeoutMs }) },
    UPLOAD_TIMEOUT_MS,
  ) as Promise<AnswerOf<paths[P][M]>>;
}
