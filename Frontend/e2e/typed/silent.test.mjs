/** Vendors that fall silent at the end, the sign-in's among them, talk nonsense, or lose an upload at 60 %. */
import { expect, test } from '../support/journey.mjs';
import { api, completeResults, enterRoom } from '../support/steps.mjs';
import { ANSWER, expectHonest, expectPlays, sayAll, someoneReady } from '../support/vendors.mjs';

test.use({ vendors: true });

/** The sign-in runs out, and who could renew it says nothing: the page says so, keeps its place, and lets nobody out. */
async function signInIsLost(page) {
  await expect.poll(() => api(page, '/auth/me'), 'the sign-in runs out').toBeNull();
  await page.reload();
  await page.getByRole('heading', { name: 'We cannot check your sign-in just now' }).waitFor();
  expect(page.url()).toMatch(/\/results$/);
}

test('silence at the end, a judge talking nonsense and a cut upload cost no word of the interview', async ({
  openPage,
  installation,
}) => {
  for (const mode of ['no-transcript', 'no-webhooks', 'repeats', 'disordered']) await installation.fail('tavus', mode);
  await installation.fail('cloudinary', 'cut', 2);
  await installation.fail('cloudinary', 'silent');
  await installation.fail('supabase', 'short-lived');
  const { page, live, interviewId } = await someoneReady(openPage);
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
  await page.waitForURL('**/results');
  await signInIsLost(page);
  await installation.fail('supabase', '');
  await page.getByRole('button', { name: 'Try again' }).click();
  const results = await completeResults(page, interviewId);
  const said = results.transcript.filter((line) => line.speaker === 'candidate').map((line) => line.text);
  expect(said).toEqual(Array(5).fill(ANSWER));
  expectHonest(results, []);
  // Nobody said what the judge quoted: no score may rest on it.
  for (const { scores } of results.questions.flatMap((question) => question.responses)) {
    for (const { kind, text } of scores.relevance.evidence)
      if (kind === 'quote') expect(ANSWER, 'a quote nobody said').toContain(text);
  }
  expect(
    results.questions.filter((question) => question.scores.relevance.value !== null).length,
  ).toBeGreaterThanOrEqual(3);
  await expectPlays(page);
  const uploads = (await installation.asked('cloudinary')).filter(
    (one) => one.method === 'POST' && one.path.endsWith('/upload'),
  );
  expect(uploads.length, 'the recording never reached the video service').toBeGreaterThan(0);
});
