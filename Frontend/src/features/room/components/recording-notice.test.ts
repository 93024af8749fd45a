import { describe, expect, it } from 'vitest';
import type { UploadStatus } from '@/lib/recording/recording-uploads';
import { wordsForTrouble } from './recording-notice';

const SENDING: UploadStatus = {
  phase: 'sending',
  code: '',
  trouble: '',
  pendingPieces: 1,
  pendingBytes: 9,
  durable: true,
};

describe('a recording that does not get to the server', () => {
  it.each(['piece_not_stored', 'disk_full'])('for want of room (%s) is said to be kept here', (trouble) => {
    expect(wordsForTrouble({ ...SENDING, trouble })?.title).toBe('The server has no room right now');
    expect(wordsForTrouble({ ...SENDING, trouble })?.text).toContain('kept in this browser');
    expect(wordsForTrouble({ ...SENDING, trouble, durable: false })?.text).toContain('keep it open');
  });

  it.each(['recording_too_large', 'recordings_full'])(
    'because it is too much (%s) does not end the interview',
    (trouble) => {
      expect(wordsForTrouble({ ...SENDING, trouble })?.text).toContain('The interview goes on');
    },
  );

  it.each(['', 'unexpected', 'unreachable'])('says nothing where the line alone is slow (%s)', (trouble) => {
    expect(wordsForTrouble({ ...SENDING, trouble })).toBeNull();
  });
});
