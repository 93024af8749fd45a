/** Every vendor dies while the interview is under way. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../support/chromium.mjs';
import { installWithVendors } from '../support/installation.mjs';
import { answerEnded, nextTurn } from '../support/room.mjs';
import { completeResults, enterRoom } from '../support/steps.mjs';
import {
  ANSWER,
  assertHonest,
  assertPlays,
  endInterview,
  sayInCall,
  someoneReady,
  typeAnswers,
} from '../support/vendors.mjs';

let installation;
let browser;
before(async () => {
  installation = await installWithVendors();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await installation?.stop();
});

test(
  'where every vendor dies in mid-interview, it goes on as the same interview and nothing is lost',
  { timeout: 300_000 },
  async () => {
    await installation.fail('tavus', 'dies');
    await installation.fail('supabase', 'short-lived');
    // A recording so large that it is on its way up, and needs our API for it, while all this happens.
    const someone = await someoneReady(browser, installation, { restless: true });
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
    assert.equal(new Set(answered).size, 3);

    // Until here nobody's sign-in could be renewed, and nobody was thrown out of the room.
    const renewals = async () =>
      (await installation.asked('supabase')).filter((one) => one.query.includes('refresh_token')).length;
    // What needs one first is the recording, once its upload has been cut for the eighth time and it comes to us.
    const deadline = Date.now() + 120_000;
    while ((await renewals()) === 0 && Date.now() < deadline) await page.waitForTimeout(1000);
    assert.ok((await renewals()) > 0, 'no sign-in ran out while its vendor was down');
    assert.match(page.url(), /\/room$/);
    await installation.fail('supabase', '');
    await endInterview(page);
    const results = await completeResults(page, interviewId, 150_000);
    assertHonest(results, answered);
    for (const id of answered) {
      const question = results.questions.find((each) => each.id === id);
      assert.equal(question.responses[0].text, ANSWER, 'an answer was lost with the call');
    }
    // The upload was cut for ever, so the recording came to us.
    assert.ok(results.video.parts.length > 0);
    assert.equal(results.video.parts[0].mime_type, 'video/webm');
    await assertPlays(page);
  },
);
