import { useEffect, useState } from 'react';
import type { AnswerCard } from '../connection/room-state';

const SHOWN_MS = 7000;

/** The answer that has just been scored, for some seconds: on a phone the list of scores is out of sight. */
export function useLatestScore(answers: readonly AnswerCard[]): AnswerCard | null {
  const scored = answers.filter((answer) => answer.scores !== null);
  const newest = scored.at(-1) ?? null;
  const key = newest ? `${newest.responseId}:${scored.length}` : '';
  // Scores of before a reload are no news.
  const [seen, setSeen] = useState(key);
  useEffect(() => {
    if (key === seen) return;
    const timer = setTimeout(() => setSeen(key), SHOWN_MS);
    return () => {
      clearTimeout(timer);
    };
  }, [key, seen]);
  return key === seen ? null : newest;
}
