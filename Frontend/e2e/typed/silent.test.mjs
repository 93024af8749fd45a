/** Vendors that fall silent at the end, the sign-in's among them, talk nonsense, or lose an upload at 60 %. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser } from '../support/chromium.mjs';
import { installWithVendors } from '../support/installation.mjs';
import { api, completeResults, enterRoom } from '../support/steps.mjs';
import { ANSWER, assertHonest, assertPlays, sayAll, someoneReady } from '../support/vendors.mjs';

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

/** The sign-in runs out, and who could renew it says nothing: the page says so, keeps its place, and lets nobody out. */
async function signInIsLost(page) {
  const deadline = Date.now() + 60_000;
  while ((await api(page, '/auth/me')) !== null) {
    assert.ok(Date.now() < deadline, 'the sign-in never ran out');
    await page.waitForTimeout(500);
  }
  await page.reload();
  await page.getByRole('heading', { name: 'We cannot check your sign-in just now' }).waitFor();
  assert.match(page.url(), /\/results$/);
}

test(
  'silence at the end, a judge talking nonsense and a cut upload cost no word of the interview',
  { timeout: 240_000 },
  async () => {
    for (const mode of ['no-transcript', 'no-webhooks', 'repeats', 'disordered'])
      await installation.fail('tavus', mode);
    await installation.fail('cloudinary', 'cut', 2);
    await installation.fail('cloudinary', 'silent');
    await installation.fail('supabase', 'short-lived');
    const { page, live, interviewId } = await someoneReady(browser, installation);
    await installation.fail('gemini', 'invents-quotes');
    await enterRoom(page);
    let turns = 0;
    await sayAll(installation, live, {
      async before() {
        turns += 1;
        if (turns === 5) await installation.fail('supabase', 'slow');
        if (turns !== 3) return;
        await installation.fail('gemini', '');
        await installation.fail('gemini', 'not-json');
      },
    });
    await page.waitForURL('**/results', { timeout: 60_000 });
    await signInIsLost(page);
    await installation.fail('supabase', '');
    await page.getByRole('button', { name: 'Try again' }).click();
    const results = await completeResults(page, interviewId, 120_000);
    const said = results.transcript.filter((line) => line.speaker === 'candidate').map((line) => line.text);
    assert.deepEqual(said, Array(5).fill(ANSWER));
    assertHonest(results, []);
    // Nobody said what the judge quoted: no score may rest on it.
    for (const { scores } of results.questions.flatMap((question) => question.responses)) {
      for (const { kind, text } of scores.relevance.evidence)
        if (kind === 'quote') assert.ok(ANSWER.includes(text), `a quote nobody said: ${text}`);
    }
    assert.ok(results.questions.filter((question) => question.scores.relevance.value !== null).length >= 3);
    await assertPlays(page);
    const uploads = (await installation.asked('cloudinary')).filter(
      (one) => one.method === 'POST' && one.path.endsWith('/upload'),
    );
    assert.ok(uploads.length > 0, 'the recording never reached the video service');
  },
);
