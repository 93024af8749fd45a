/** The whole way with every vendor switched on, each a stand-in; and the same with each of them failing. */
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, afterEach, before, test } from 'node:test';
import { speak } from './support/candidate-voice.mjs';
import { openBrowser, openPage } from './support/chromium.mjs';
import { installWithVendors, projectRoot } from './support/installation.mjs';
import { printPdf, resumeOfMaeve } from './support/resume.mjs';
import { answerEnded, listenToFacts, nextTurn } from './support/room.mjs';
import { api, completeResults, enterRoom, prepareInterview, signUp } from './support/steps.mjs';

const ANSWER =
  'When I started, our infection rate was above the target. I looked at forty dressing changes myself, found the step we missed, ' +
  'put a small kit with a checklist on every bed and spoke to each nurse on the night shift. After six months the rate was half.';
const FAKES = ['tavus', 'gemini', 'cloudinary', 'supabase'];

let installation;
let browser;
before(async () => {
  installation = await installWithVendors();
  browser = await openBrowser();
});
afterEach(async () => {
  for (const fake of FAKES) await installation.fail(fake, '');
});
after(async () => {
  await browser?.close();
  await installation?.stop();
});

/** A new person with five questions, at the door of the room. */
async function someoneReady(options = {}) {
  const opened = await openPage(browser, installation, options);
  const live = listenToFacts(opened.page);
  await signUp(opened.page);
  const interviewId = await prepareInterview(opened.page, await printPdf(browser, resumeOfMaeve.html));
  return { ...opened, live, interviewId };
}

const say = (text) => installation.post('tavus', '/_fake/say', { text });

async function typeAnswer(page) {
  await page.getByLabel('Type your answer').fill(ANSWER);
  await page.getByRole('button', { name: 'Send answer' }).click();
}

/** Answers `count` questions by typing, skips their follow-ups, and ends the interview. Returns the questions' ids. */
async function typeAndEnd({ page, live }, { count, dealtWith = new Set() }) {
  const answered = [];
  while (answered.length < count) {
    const turn = await nextTurn(live, dealtWith);
    if (turn.followUpId) await page.getByRole('button', { name: 'Skip this question' }).click();
    else {
      await typeAnswer(page);
      answered.push(turn.questionId);
    }
    await answerEnded(live, turn);
  }
  await page.getByRole('button', { name: 'End the interview' }).click();
  await page.getByRole('button', { name: 'End and see my results' }).click();
  await page.waitForURL('**/results', { timeout: 60_000 });
  return answered;
}

/** Every question has a score that rests on the answer, or says why it has none. */
function assertHonest(results, answered) {
  for (const question of results.questions) {
    if (answered.includes(question.id)) assert.notEqual(question.relevance, null, 'an answer was left unscored');
    for (const { relevance, confidence } of question.responses) {
      for (const score of [relevance, confidence]) assert.ok(score.value !== null || score.reason !== '');
    }
  }
}

async function noSecretIn(text, where) {
  const marked = [...text.matchAll(/marked-secret[\w-]*/g)].map(([each]) => each);
  assert.deepEqual(marked, [], `a secret in ${where}`);
}

test('with every vendor switched on, an interview is held, kept, judged and read', { timeout: 300_000 }, async (t) => {
  const { page, live, interviewId, strangers, errors } = await someoneReady();
  const bodies = [];
  page.on('response', async (response) => {
    if (response.url().includes('/api/') && (response.headers()['content-type'] ?? '').includes('json')) {
      bodies.push(await response.text().catch(() => ''));
    }
  });
  await enterRoom(page);
  await page.frameLocator('iframe').getByText('In the call.').waitFor({ timeout: 60_000 });

  const dealtWith = new Set();
  let spoken = 0;
  for (let turn = await nextTurn(live, dealtWith); turn; turn = await nextTurn(live, dealtWith)) {
    t.diagnostic(`question ${turn.position + 1}`);
    // The first answer is also heard by our own ears, from which delivery is measured; the others are words alone.
    if (spoken === 0) await page.evaluate((wav) => window.__say(wav), await speak(ANSWER));
    spoken += 1;
    await say(ANSWER);
    await answerEnded(live, turn);
  }
  assert.equal(spoken, 5);

  await page.waitForURL('**/results', { timeout: 60_000 });
  const results = await completeResults(page, interviewId, 120_000);
  assert.equal(results.questions.length, 5);
  for (const question of results.questions) {
    assert.equal(question.responses[0].text, ANSWER);
    assert.notEqual(question.relevance, null);
  }
  assert.notEqual(results.questions[0].responses[0].confidence.value, null, 'delivery was not measured from our own recording');
  assert.equal(new Set(results.transcript.map((line) => line.id)).size, results.transcript.length);
  await page.reload();
  await page.getByText(/Judged by gemini/).first().waitFor();

  const video = page.locator('video');
  await video.waitFor({ timeout: 60_000 });
  await page.waitForFunction(() => document.querySelector('video')?.readyState >= 1, null, { timeout: 60_000 });
  await video.evaluate((element) => {
    element.currentTime = Math.max(1, element.duration / 2);
  });
  await page.waitForFunction(() => document.querySelector('video').currentTime > 0.5, null, { timeout: 20_000 });

  const judged = (await installation.asked('gemini')).length;
  t.diagnostic(`calls of the language model: ${judged}`);
  assert.ok(judged <= 1 + 1 + 5 + 1, `${judged} calls for one resume, one plan, five answers and one feedback`);
  const uploads = (await installation.asked('cloudinary')).filter((one) => one.path.endsWith('/upload'));
  assert.ok(uploads.length > 0, 'nothing was sent to the video storage');
  const allowed = new Set([installation.fakes.tavus, installation.fakes.cloudinary]);
  assert.deepEqual(strangers.filter((origin) => !allowed.has(origin)), []);
  assert.deepEqual(errors, []);
  await noSecretIn(bodies.join('\n'), 'an answer of our API');
});

test('a call that is refused gives way to our own interviewer, a dead judge to the built-in one, a refusing store to our own', {
  timeout: 240_000,
}, async () => {
  await installation.fail('tavus', 'no-credit');
  const someone = await someoneReady({ width: 390, height: 844, dark: true });
  const { page, interviewId } = someone;
  await enterRoom(page);
  await page.getByText(/minutes are used up/).waitFor();
  await installation.fail('gemini', 'overloaded');
  await installation.fail('cloudinary', 'refuses');
  await page.getByRole('button', { name: /our (own )?interviewer/i }).click();
  const answered = await typeAndEnd(someone, { count: 2 });
  const results = await completeResults(page, interviewId, 120_000);
  assertHonest(results, answered);
  await page.getByText(/built-in/i).first().waitFor();
  await page.locator('video').waitFor({ timeout: 60_000 });
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(wide, 0, 'the results page scrolls sideways on a phone');
});

test('a call that dies in mid-interview is gone on with by our own interviewer, in the same interview', {
  timeout: 240_000,
}, async () => {
  await installation.fail('tavus', 'dies');
  await installation.fail('gemini', 'not-json');
  const someone = await someoneReady();
  const { page, live, interviewId } = someone;
  await enterRoom(page);
  const dealtWith = new Set();
  const first = await nextTurn(live, dealtWith);
  await say(ANSWER);
  await answerEnded(live, first);
  const second = await nextTurn(live, dealtWith);
  await say(ANSWER);
  await live.until((fact) => fact.type === 'avatar.changed' && fact.led_by === 'us', { what: 'our own interviewer' });
  await page.locator('iframe').waitFor({ state: 'detached' });
  const answered = [first.questionId, second.questionId, ...(await typeAndEnd(someone, { count: 1, dealtWith }))];
  const results = await completeResults(page, interviewId, 120_000);
  assert.equal(new Set(answered).size, 3);
  assertHonest(results, answered);
  for (const id of answered) {
    const question = results.questions.find((each) => each.id === id);
    assert.equal(question.responses[0].text, ANSWER, 'an answer was lost with the call');
  }
});

test('a vendor that is silent at the end and an upload that is cut lose nothing', { timeout: 240_000 }, async () => {
  for (const mode of ['no-transcript', 'no-webhooks', 'repeats', 'disordered']) await installation.fail('tavus', mode);
  await installation.fail('cloudinary', 'cut', 2);
  await installation.fail('cloudinary', 'silent');
  const { page, live, interviewId } = await someoneReady();
  await enterRoom(page);
  const dealtWith = new Set();
  for (let turn = await nextTurn(live, dealtWith); turn; turn = await nextTurn(live, dealtWith)) {
    await say(ANSWER);
    await answerEnded(live, turn);
  }
  await page.waitForURL('**/results', { timeout: 60_000 });
  const results = await completeResults(page, interviewId, 120_000);
  const said = results.transcript.filter((line) => line.speaker === 'candidate').map((line) => line.text);
  assert.deepEqual(said, Array(5).fill(ANSWER));
  assert.ok(results.questions.every((question) => question.relevance !== null));
});

test('no secret is in what the server prints, nor in anything a browser is given', async () => {
  await noSecretIn(installation.output(), 'the server’s output');
  const assets = join(projectRoot, 'Frontend/dist/assets');
  for (const name of await readdir(assets)) await noSecretIn(await readFile(join(assets, name), 'latin1'), name);
});
