import type { UploadReceipt } from './piece-store';
import type { DirectUpload } from './recording-wire';

/** Bytes of a take: all of it (`range` null), or a part of it, whose total is null until the last part. */
export interface UploadPart {
  bytes: Blob;
  range: { start: number; total: number | null } | null;
  uploadId: string;
}

/** The service of a vendor, to which the page sends recordings itself. */
export interface VideoService {
  /** Null when more parts are to come. @throws UploadRefused */
  send(grant: DirectUpload, part: UploadPart): Promise<UploadReceipt | null>;
}

/** `temporary`: the same may succeed later. Nothing of the answer is kept: it echoes what was signed. */
export class UploadRefused extends Error {
  readonly temporary: boolean;
  readonly retryAfterS: number | null;

  constructor(temporary: boolean, retryAfterS: number | null = null) {
    super(temporary ? 'The video service cannot take the recording now.' : 'The video service refuses the recording.');
    this.name = 'UploadRefused';
    this.temporary = temporary;
    this.retryAfterS = retryAfterS;
  }
}

/** A part is some 6 MB; a wire that needs longer than this for one is down. */
const PART_TIMEOUT_MS = 180_000;
const TEMPORARY: ReadonlySet<number> = new Set([408, 420, 423, 425, 429]);

export const cloudinaryService: VideoService = {
  async send(grant, { bytes, range, uploadId }) {
    const form = new FormData();
    for (const [name, value] of Object.entries(grant.fields)) form.append(name, value);
    form.append('file', bytes, 'take');
    let response: Response;
    let answer: unknown;
    try {
      response = await fetch(grant.url, {
        method: 'POST',
        body: form,
        headers: range ? { 'Content-Range': contentRange(range, bytes.size), 'X-Unique-Upload-Id': uploadId } : {},
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        signal: AbortSignal.timeout(PART_TIMEOUT_MS),
      });
      answer = await response.json();
    } catch {
      // Cut off, or answered by something that is not the service.
      throw new UploadRefused(true);
    }
    if (!response.ok) {
      const temporary = response.status >= 500 || TEMPORARY.has(response.status);
      throw new UploadRefused(temporary, Number(response.headers.get('Retry-After')) || null);
    }
    return receiptOf(answer);
  },
};

export function contentRange(range: { start: number; total: number | null }, size: number): string {
  return `bytes ${range.start}-${range.start + size - 1}/${range.total ?? -1}`;
}

function receiptOf(answer: unknown): UploadReceipt | null {
  if (typeof answer !== 'object' || answer === null) throw new UploadRefused(true);
  const { done, public_id: id, version, signature } = answer as Record<string, unknown>;
  if (done === false) return null;
  if (typeof id !== 'string' || typeof version !== 'number' || typeof signature !== 'string')
    throw new UploadRefused(true);
  return { public_id: id, version, signature };
}
