/** The whole way with every vendor switched on, each a stand-in. */
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { speak } from '../support/candidate-voice.mjs';
import { projectRoot } from '../support/installation.mjs';
import { expect, test } from '../support/journey.mjs';
import { completeResults, enterRoom } from '../support/steps.mjs';
import { ANSWER, expectPlays, sayAll, someoneReady } from '../support/vendors.mjs';

test.use({ vendors: true, environment: { CLOUDINARY_ADAPTIVE: 'true' } });

function expectNoSecret(text, where) {
  const marked = [...text.matchAll(/marked-secret[\w-]*/g)].map(([each]) => each);
  expect(marked, `a secret in ${where}`).toEqual([]);
}

test('with every vendor switched on, an interview is held, kept, judged and read', async ({
  openPage,
  installation,
}) => {
  const { context, page, live, interviewId, strangers, errors } = await someoneReady(openPage, { restless: true });
  const bodies = [];
  page.on('response', async (response) => {
    if (response.url().includes('/api/') && (response.headers()['content-type'] ?? '').includes('json')) {
      bodies.push(await response.text().catch(() => ''));
    }
  });
  await enterRoom(page);
  await page.frameLocator('iframe').getByText('In the call.').waitFor();

  let spoken = false;
  const answered = await sayAll(installation, live, {
    // The first answer is also heard by our own ears, from which delivery is measured; the others are words alone.
    async before() {
      if (!spoken) await page.evaluate((wav) => window.__say(wav), await speak(ANSWER));
      spoken = true;
    },
  });
  expect(answered).toBe(5);

  await page.waitForURL('**/results');
  const results = await completeResults(page, interviewId);
  expect(results.questions.length).toBe(5);
  for (const question of results.questions) {
    expect(question.responses[0].text).toBe(ANSWER);
    expect(question.scores.relevance.value).not.toBeNull();
  }
  expect(
    results.questions[0].responses[0].scores.confidence.value,
    'delivery was not measured from our own recording',
  ).not.toBeNull();
  expect(new Set(results.transcript.map((line) => line.id)).size).toBe(results.transcript.length);
  await page.reload();
  await page
    .getByText(/Judged by gemini/)
    .first()
    .waitFor();

  // The recording went up in parts while it was made, and plays adaptively
  const asked = await installation.asked('cloudinary');
  const parts = asked.filter((one) => one.path.endsWith('/upload') && one.method === 'POST').length;
  console.log(`parts of the recording: ${parts}`);
  expect(parts, 'the recording was sent whole').toBeGreaterThanOrEqual(2);
  expect(results.video.parts[0].mime_type).toMatch(/mpegurl/);
  await expectPlays(page);
  const levels = new Set(
    (await installation.asked('cloudinary')).map(({ path }) => path.match(/c_limit,w_\d+/)?.[0]).filter(Boolean),
  );
  expect(levels.size, 'no size of the adaptive video was asked for').toBeGreaterThanOrEqual(1);

  // Whoever reads for longer than a sign-in lasts can still press play
  await context.clearCookies({ name: /access/ });
  await page.getByRole('navigation', { name: 'Chapters' }).getByRole('button').last().click();
  const last = results.questions.findLast((question) => question.video_ms !== null).video_ms / 1000;
  await page.waitForFunction((second) => {
    const video = document.querySelector('video');
    return video && video.readyState >= 2 && Math.abs(video.currentTime - second) < 4;
  }, last);

  const judged = (await installation.asked('gemini')).length;
  console.log(`calls of the language model: ${judged}`);
  expect(judged, 'calls for one resume, one plan, five answers and one feedback').toBeLessThanOrEqual(1 + 1 + 5 + 1);
  const allowed = new Set([installation.fakes.tavus, installation.fakes.cloudinary]);
  expect(strangers.filter((origin) => !allowed.has(origin))).toEqual([]);
  expect(errors).toEqual([]);
  expectNoSecret(bodies.join('\n'), 'an answer of our API');
  expectNoSecret(installation.output(), 'the server’s output');
});

test('no secret is in anything a browser is given', async () => {
  const assets = join(projectRoot, 'Frontend/dist/assets');
  for (const name of await readdir(assets)) expectNoSecret(await readFile(join(assets, name), 'latin1'), name);
});
