import { useCallback, useEffect, useRef, useState } from 'react';

function keyOf(userId: string, name: string): string {
  return `dost-draft:${userId}:${name}`;
}

function read<T extends object>(key: string, empty: T): T {
  try {
    const text = localStorage.getItem(key);
    if (!text) return empty;
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...empty, ...value } : empty;
  } catch {
    return empty;
  }
}

/**
 * State that survives a reload, an error and a closed tab, kept in this browser per user.
 * A field added in a later version starts at its empty value.
 */
export function useDraft<T extends object>(userId: string, name: string, empty: T) {
  const key = keyOf(userId, name);
  const [draft, setDraft] = useState<T>(() => read(key, empty));
  const discarded = useRef(false);

  useEffect(() => {
    if (discarded.current) return;
    try {
      localStorage.setItem(key, JSON.stringify(draft));
    } catch {
      // Storage full or off: the draft lives as long as the page.
    }
  }, [key, draft]);

  const patch = useCallback((change: Partial<T>) => setDraft((before) => ({ ...before, ...change })), []);

  /** Once what was drafted has been sent. */
  const discard = useCallback(() => {
    discarded.current = true;
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was stored, then.
    }
  }, [key]);

  return { draft, patch, discard };
}

export function forgetDrafts(userId: string): void {
  try {
    for (const key of Object.keys(localStorage)) {
      if (key.startsWith(keyOf(userId, ''))) localStorage.removeItem(key);
    }
  } catch {
    // Storage is off: there is nothing to forget.
  }
}
