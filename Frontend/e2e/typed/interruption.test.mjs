/** An interview on a phone with the browser's own devices, through a killed server and a closed tab. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { openBrowser, openPage } from '../support/chromium.mjs';
import { install } from '../support/installation.mjs';
import { printPdf, resumeOfMaeve } from '../support/resume.mjs';
import { answerEnded, listenToFacts, nextTurn } from '../support/room.mjs';
import { api, completeResults, continueInterview, enterRoom, prepareInterview, signUp } from '../support/steps.mjs';

const ANSWER =
  'I looked at the numbers first, then I spoke with every colleague on the night shift and changed where the kit was kept. After six months we had half as many infections.';

let installation;
let browser;
before(async () => {
  installation = await install();
  browser = await openBrowser();
});
after(async () => {
  await browser?.close();
  await installation?.stop();
});

async function typeAnswer(page, live, dealtWith) {
  let turn = await nextTurn(live, dealtWith);
  while (turn.followUpId) {
    await page.getByRole('button', { name: 'Skip this question' }).click();
    turn = await nextTurn(live, dealtWith);
  }
  await page.getByLabel('Type your answer').fill(ANSWER);
  await page.getByRole('button', { name: 'Send answer' }).click();
  await answerEnded(live, turn);
  return turn;
}

test('a killed server and a closed tab lose nothing', { timeout: 300_000 }, async () => {
  const { context, page, strangers } = await openPage(browser, installation, {
    width: 390,
    height: 844,
    dark: true,
    ownDevices: false,
  });
  const live = listenToFacts(page);
  await signUp(page);
  const interviewId = await prepareInterview(page, await printPdf(browser, resumeOfMaeve.html));
  await enterRoom(page, { speaking: false });

  const dealtWith = new Set();
  const first = await typeAnswer(page, live, dealtWith);
  const before = live.facts.length;
  await installation.restart();
  await live.until((fact) => fact.type === 'interview.welcomed', {
    from: before,
    what: 'the page to find the server again',
  });
  const second = await typeAnswer(page, live, dealtWith);
  assert.notEqual(second.questionId, first.questionId);
  await page.close({ runBeforeUnload: false });

  const later = await context.newPage();
  const liveLater = listenToFacts(later);
  await later.goto('/dashboard');
  await later.getByRole('link', { name: 'Resume' }).click();
  await continueInterview(later);
  const third = await nextTurn(liveLater, new Set([...dealtWith]));
  assert.ok(![first.questionId, second.questionId].includes(third.questionId) || third.followUpId);
  await later.getByRole('button', { name: 'End the interview' }).click();
  await later.getByRole('button', { name: 'End and see my results' }).click();
  await later.waitForURL('**/results');
  const results = await completeResults(later, interviewId);
  assert.equal(results.cut_short, true);
  for (const turn of [first, second]) {
    const question = results.questions.find((each) => each.id === turn.questionId);
    assert.equal(question.responses[0].text, ANSWER);
    assert.notEqual(question.responses[0].scores.relevance.value, null);
  }
  const typed = results.transcript.filter((line) => line.source === 'typed').map((line) => line.text);
  assert.deepEqual(typed, [ANSWER, ANSWER]);
  assert.equal(new Set(results.transcript.map((line) => line.id)).size, results.transcript.length);
  const recording = await api(later, `/interviews/${interviewId}/recording`);
  assert.ok(recording.takes.length >= 2, 'the recording of the closed tab or of the new one is missing');
  assert.ok(results.video.duration_ms > 20_000, `the video lasts only ${results.video.duration_ms} ms`);
  await later.locator('video').waitFor();

  const wide = await later.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  assert.equal(wide, 0, 'the results page scrolls sideways on a phone');
  assert.deepEqual(strangers, []);
});
