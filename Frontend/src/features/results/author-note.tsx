import type { Author } from '@/lib/api/types';

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
  /** What people call a vendor, by the key that an author holds. */
  vendorNames: Readonly<Record<string, string>>;
}

/** Who did it, where that could be somebody else than the built-in; why, where the built-in stood in. */
export function AuthorNote({ author, did, builtIn, vendorNames }: AuthorNoteProps) {
  if (!author) return null;
  const { model, instead_of: vendor, because } = author;
  if (vendor) {
    const why = `${vendorNames[vendor] ?? vendor} ${REASONS[because] ?? 'did not answer'}`;
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
