/** An interview on a phone with the browser's own devices, through a killed server and a closed tab. */
import { expect, test } from '../support/journey.mjs';
import { printPdf, resumeOfMaeve } from '../support/resume.mjs';
import { answerEnded, listenToFacts, nextTurn } from '../support/room.mjs';
import { api, completeResults, continueInterview, enterRoom, prepareInterview, signUp } from '../support/steps.mjs';

const ANSWER =
  'I looked at the numbers first, then I spoke with every colleague on the night shift and changed where the kit was kept. After six months we had half as many infections.';

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

test('a killed server and a closed tab lose nothing', async ({ browser, openPage, installation }) => {
  const { context, page, strangers } = await openPage({
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
  expect(second.questionId).not.toBe(first.questionId);
  await page.close({ runBeforeUnload: false });

  const later = await context.newPage();
  const liveLater = listenToFacts(later);
  await later.goto('/dashboard');
  await later.getByRole('link', { name: 'Resume' }).click();
  await continueInterview(later);
  const third = await nextTurn(liveLater, new Set([...dealtWith]));
  if (!third.followUpId) expect([first.questionId, second.questionId]).not.toContain(third.questionId);
  await later.getByRole('button', { name: 'End the interview' }).click();
  await later.getByRole('button', { name: 'End and see my results' }).click();
  await later.waitForURL('**/results');
  const results = await completeResults(later, interviewId);
  expect(results.cut_short).toBe(true);
  for (const turn of [first, second]) {
    const question = results.questions.find((each) => each.id === turn.questionId);
    expect(question.responses[0].text).toBe(ANSWER);
    expect(question.responses[0].scores.relevance.value).not.toBeNull();
  }
  const typed = results.transcript.filter((line) => line.source === 'typed').map((line) => line.text);
  expect(typed).toEqual([ANSWER, ANSWER]);
  expect(new Set(results.transcript.map((line) => line.id)).size).toBe(results.transcript.length);
  const recording = await api(later, `/interviews/${interviewId}/recording`);
  expect(recording.takes.length, 'the recording of the closed tab or of the new one is missing').toBeGreaterThanOrEqual(
    2,
  );
  expect(results.video.duration_ms, `the video lasts only ${results.video.duration_ms} ms`).toBeGreaterThan(20_000);
  await later.locator('video').waitFor();

  const wide = await later.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(wide, 'the results page scrolls sideways on a phone').toBe(0);
  expect(strangers).toEqual([]);
});
