/** Speaks the candidate's answers with espeak-ng, which is not the interviewer's engine. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** @returns the words as a WAV file in base64. `wordsPerMinute` as espeak-ng counts them. */
export async function speak(words, { voice = 'en-us', wordsPerMinute = 150 } = {}) {
  const { stdout } = await run('espeak-ng', ['-v', voice, '-s', String(wordsPerMinute), '--stdout', words], {
    encoding: 'buffer',
    maxBuffer: 64 * 1024 * 1024,
  });
  // Written to a pipe, the header cannot know its sizes.
  stdout.writeUInt32LE(stdout.length - 8, 4);
  stdout.writeUInt32LE(stdout.length - 44, 40);
  return stdout.toString('base64');
}

/** Lower-case words without punctuation; digits stay as they are. */
function wordsOf(text) {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9' ]+/g, ' ')
    .split(/\s+/)
    .filter(Boolean);
}

/** Share of `spoken` words that occur in `heard`, in order (longest common subsequence). */
export function shareHeard(spoken, heard) {
  const a = wordsOf(spoken);
  const b = wordsOf(heard);
  let row = new Array(b.length + 1).fill(0);
  for (const word of a) {
    const next = [0];
    for (let j = 0; j < b.length; j += 1) next.push(word === b[j] ? row[j] + 1 : Math.max(row[j + 1], next[j]));
    row = next;
  }
  return a.length ? row[b.length] / a.length : 0;
}
