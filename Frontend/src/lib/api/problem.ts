import type { components } from './schema.gen';
import { m } from '@/lib/messages';

type Problem = components['schemas']['Problem'];

/**
 * Every failed request, in one shape. `code` is stable and is what the screens switch on: one of the server's, or
 * `offline`, `timeout` or `unexpected` of the page itself. `message` is a plain sentence that says what to do.
 */
export class ProblemError extends Error {
  readonly code: string;
  readonly status: number;
  readonly field: string | null;
  /** Message per input, for forms. */
  readonly fields: Readonly<Record<string, string>>;
  readonly retryAfterS: number | null;

  constructor(
    code: string,
    message: string,
    more: { status?: number; field?: string | null; fields?: Record<string, string>; retryAfterS?: number | null } = {},
  ) {
    super(message);
    this.name = 'ProblemError';
    this.code = code;
    this.status = more.status ?? 0;
    this.field = more.field ?? null;
    this.fields = more.fields ?? {};
    this.retryAfterS = more.retryAfterS ?? null;
  }
}

const FALLBACK: Readonly<Record<number, () => string>> = {
  403: m.lib_forbidden,
  404: m.lib_not_found,
  409: m.lib_conflict,
  413: m.lib_too_large,
  429: m.lib_too_often,
};

function isProblem(value: unknown): value is Partial<Problem> & { code: string } {
  return typeof value === 'object' && value !== null && typeof (value as { code?: unknown }).code === 'string';
}

/** Reads an RFC 9457 body; anything else (a proxy's HTML page, an empty body) still becomes a sentence. */
export async function problemFrom(response: Response): Promise<ProblemError> {
  let body: unknown = null;
  try {
    body = await response.json();
  } catch {
    // Not JSON: the status alone has to do.
  }
  const after = Number(response.headers.get('Retry-After'));
  const retryAfterS = Number.isFinite(after) && after > 0 ? after : null;
  const fallback = (FALLBACK[response.status] ?? m.lib_our_failure)();
  if (!isProblem(body)) return new ProblemError('unexpected', fallback, { status: response.status, retryAfterS });
  const fields: Record<string, string> = {};
  for (const entry of body.errors ?? []) fields[entry.field] = entry.message;
  return new ProblemError(body.code, body.detail || body.title || fallback, {
    status: response.status,
    field: body.field ?? null,
    fields,
    retryAfterS,
  });
}

/** What to tell a person about any thrown value. */
export function wordsFor(error: unknown): string {
  return error instanceof ProblemError ? error.message : m.lib_failure_here();
}

export function codeOf(error: unknown): string {
  return error instanceof ProblemError ? error.code : 'unexpected';
}

export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
