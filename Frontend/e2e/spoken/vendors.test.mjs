/** The whole way with every vendor switched on, each a stand-in. */
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { speak } from '../support/candidate-voice.mjs';
import { openBrowser } from '../support/chromium.mjs';
import { installWithVendors, projectRoot } from '../support/installation.mjs';
import { completeResults, enterRoom } from '../support/steps.mjs';
import { ANSWER, assertPlays, sayAll, someoneReady } from '../support/vendors.mjs';

let installation;
let browser;
before(async () => {
  installation = await installWithVendors({ CLOUDINARY_ADAPTIVE: 'true' });
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await installation?.stop();
});

async function noSecretIn(text, where) {
  const marked = [...text.matchAll(/marked-secret[\w-]*/g)].map(([each]) => each);
  assert.deepEqual(marked, [], `a secret in ${where}`);
}

test('with every vendor switched on, an interview is held, kept, judged and read', { timeout: 300_000 }, async (t) => {
  const { context, page, live, interviewId, strangers, errors } = await someoneReady(browser, installation, {
    restless: true,
  });
  const bodies = [];
  page.on('response', async (response) => {
    if (response.url().includes('/api/') && (response.headers()['content-type'] ?? '').includes('json')) {
      bodies.push(await response.text().catch(() => ''));
    }
  });
  await enterRoom(page);
  await page.frameLocator('iframe').getByText('In the call.').waitFor({ timeout: 60_000 });

  let spoken = false;
  const answered = await sayAll(installation, live, {
    // The first answer is also heard by our own ears, from which delivery is measured; the others are words alone.
    async before() {
      if (!spoken) await page.evaluate((wav) => window.__say(wav), await speak(ANSWER));
      spoken = true;
    },
  });
  assert.equal(answered, 5);

  await page.waitForURL('**/results', { timeout: 60_000 });
  const results = await completeResults(page, interviewId, 120_000);
  assert.equal(results.questions.length, 5);
  for (const question of results.questions) {
    assert.equal(question.responses[0].text, ANSWER);
    assert.notEqual(question.scores.relevance.value, null);
  }
  assert.notEqual(
    results.questions[0].responses[0].scores.confidence.value,
    null,
    'delivery was not measured from our own recording',
  );
  assert.equal(new Set(results.transcript.map((line) => line.id)).size, results.transcript.length);
  await page.reload();
  await page
    .getByText(/Judged by gemini/)
    .first()
    .waitFor();

  // The recording went up in parts while it was made, and plays adaptively
  const asked = await installation.asked('cloudinary');
  const parts = asked.filter((one) => one.path.endsWith('/upload') && one.method === 'POST').length;
  t.diagnostic(`parts of the recording: ${parts}`);
  assert.ok(parts >= 2, 'the recording was sent whole');
  assert.match(results.video.parts[0].mime_type, /mpegurl/);
  await assertPlays(page);
  const levels = new Set(
    (await installation.asked('cloudinary')).map(({ path }) => path.match(/c_limit,w_\d+/)?.[0]).filter(Boolean),
  );
  assert.ok(levels.size >= 1, 'no size of the adaptive video was asked for');

  // Whoever reads for longer than a sign-in lasts can still press play
  await context.clearCookies({ name: /access/ });
  await page.getByRole('navigation', { name: 'Chapters' }).getByRole('button').last().click();
  const last = results.questions.findLast((question) => question.video_ms !== null).video_ms / 1000;
  await page.waitForFunction(
    (second) => {
      const video = document.querySelector('video');
      return video && video.readyState >= 2 && Math.abs(video.currentTime - second) < 4;
    },
    last,
    { timeout: 40_000 },
  );

  const judged = (await installation.asked('gemini')).length;
  t.diagnostic(`calls of the language model: ${judged}`);
  assert.ok(judged <= 1 + 1 + 5 + 1, `${judged} calls for one resume, one plan, five answers and one feedback`);
  const allowed = new Set([installation.fakes.tavus, installation.fakes.cloudinary]);
  assert.deepEqual(
    strangers.filter((origin) => !allowed.has(origin)),
    [],
  );
  assert.deepEqual(errors, []);
  await noSecretIn(bodies.join('\n'), 'an answer of our API');
});

test('no secret is in what the server prints, nor in anything a browser is given', async () => {
  await noSecretIn(installation.output(), 'the server’s output');
  const assets = join(projectRoot, 'Frontend/dist/assets');
  for (const name of await readdir(assets)) await noSecretIn(await readFile(join(assets, name), 'latin1'), name);
});
