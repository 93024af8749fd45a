/** Every vendor dies while the interview is under way. */
import { expect, test } from '../support/journey.mjs';
import { answerEnded, nextTurn } from '../support/room.mjs';
import { completeResults, enterRoom } from '../support/steps.mjs';
import {
  ANSWER,
  expectHonest,
  expectPlays,
  endInterview,
  sayInCall,
  someoneReady,
  typeAnswers,
} from '../support/vendors.mjs';

test.use({ vendors: true });

test('where every vendor dies in mid-interview, it goes on as the same interview and nothing is lost', async ({
  openPage,
  installation,
}) => {
  await installation.fail('tavus', 'dies');
  await installation.fail('supabase', 'short-lived');
  // A recording so large that it is on its way up, and needs our API for it, while all this happens.
  const someone = await someoneReady(openPage, { restless: true });
  const { page, live, interviewId } = someone;
  await enterRoom(page);
  const dealtWith = new Set();
  const first = await nextTurn(live, dealtWith);
  await sayInCall(installation, ANSWER);
  await answerEnded(live, first);

  await installation.fail('gemini', 'mid-stream-error');
  await installation.fail('cloudinary', 'cut');
  await installation.fail('supabase', 'down');
  const second = await nextTurn(live, dealtWith);
  await sayInCall(installation, ANSWER);
  await live.until((fact) => fact.type === 'avatar.changed' && fact.led_by === 'us', { what: 'our own interviewer' });
  await page.locator('iframe').waitFor({ state: 'detached' });
  const answered = [first.questionId, second.questionId, ...(await typeAnswers(someone, { count: 1, dealtWith }))];
  expect(new Set(answered).size).toBe(3);

  // Until here nobody's sign-in could be renewed, and nobody was thrown out of the room.
  const renewals = async () =>
    (await installation.asked('supabase')).filter((one) => one.query.includes('refresh_token')).length;
  // What needs one first is the recording, once its upload has been cut for the eighth time and it comes to us.
  await expect
    .poll(renewals, { message: 'a sign-in runs out while its vendor is down', timeout: 120_000 })
    .toBeGreaterThan(0);
  expect(page.url()).toMatch(/\/room$/);
  await installation.fail('supabase', '');
  await endInterview(page);
  const results = await completeResults(page, interviewId);
  expectHonest(results, answered);
  for (const id of answered) {
    const question = results.questions.find((each) => each.id === id);
    expect(question.responses[0].text, 'an answer was lost with the call').toBe(ANSWER);
  }
  // The upload was cut for ever, so the recording came to us.
  expect(results.video.parts.length).toBeGreaterThan(0);
  expect(results.video.parts[0].mime_type).toBe('video/webm');
  await expectPlays(page);
});
