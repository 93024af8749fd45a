import type { Author } from '@/lib/api/types';

const VENDORS: Readonly<Record<string, string>> = { gemini: 'Gemini', 'openai-compatible': 'The language model' };

const REASONS: Readonly<Record<string, string>> = {
  timeout: 'did not answer in time',
  unreachable: 'could not be reached',
  refused: 'refused the request',
  unauthorised: 'did not accept our key',
  quota: 'has no quota left',
  busy: 'was too busy',
  blocked: 'would not read this text',
  truncated: 'broke off in the middle',
  invalid_response: 'gave an answer that could not be used',
  spending_cap: 'has used up what may be spent on it today',
};

interface AuthorNoteProps {
  author: Author | null;
  /** Such as “Judged” or “Written”. */
  did: string;
  /** What the built-in is called in this place. */
  builtIn: string;
}

/** Who did it, where that could be somebody else than the built-in; why, where the built-in stood in. */
export function AuthorNote({ author, did, builtIn }: AuthorNoteProps) {
  if (!author) return null;
  const { model, instead_of: vendor, because } = author;
  if (vendor) {
    const why = `${VENDORS[vendor] ?? vendor} ${REASONS[because] ?? 'did not answer'}`;
    return (
      <p className="text-sm text-ink-faint">
        {did} by {builtIn}: {why}.
      </p>
    );
  }
  if (model === 'built-in') return null;
  return (
    <p className="text-sm text-ink-faint">
      {did} by {model}.
    </p>
  );
}
