/** A person in an installation where every vendor is switched on, each a stand-in. */
import { expect } from '@playwright/test';
import { printPdf, resumeOfMaeve } from './resume.mjs';
import { answerEnded, listenToFacts, nextTurn } from './room.mjs';
import { prepareInterview, signUp } from './steps.mjs';

export const ANSWER =
  'When I started, our infection rate was above the target. I looked at forty dressing changes myself, found the step we missed, ' +
  'put a small kit with a checklist on every bed and spoke to each nurse on the night shift. After six months the rate was half.';

/** A new person with five questions, at the door of the room. `beforeSignUp` is told the page. */
export async function someoneReady(openPage, { beforeSignUp, ...options } = {}) {
  const opened = await openPage(options);
  const live = listenToFacts(opened.page);
  await beforeSignUp?.(opened.page);
  await signUp(opened.page);
  const interviewId = await prepareInterview(opened.page, await printPdf(opened.context.browser(), resumeOfMaeve.html));
  return { ...opened, live, interviewId };
}

/** The candidate's words in the call, as the vendor hears them. */
export const sayInCall = (installation, text) => installation.post('tavus', '/_fake/say', { text });

/** Answers every question of a call by voice until it is over; `before(turn)` comes first. Returns how many there were. */
export async function sayAll(installation, live, { before, dealtWith = new Set() } = {}) {
  let answered = 0;
  for (let turn = await nextTurn(live, dealtWith); turn; turn = await nextTurn(live, dealtWith)) {
    await before?.(turn);
    await sayInCall(installation, ANSWER);
    await answerEnded(live, turn);
    answered += 1;
  }
  return answered;
}

/** Answers `count` questions by typing and skips their follow-ups. Returns the questions' ids. */
export async function typeAnswers({ page, live }, { count, dealtWith = new Set() }) {
  const answered = [];
  const skips = (turn) => Boolean(turn.followUpId);
  while (answered.length < count) {
    const turn = await nextTurn(live, dealtWith, { skips });
    if (turn.followUpId) await page.getByRole('button', { name: 'Skip this question' }).click();
    else {
      await page.getByLabel('Type your answer').fill(ANSWER);
      await page.getByRole('button', { name: 'Send answer' }).click();
      answered.push(turn.questionId);
    }
    await answerEnded(live, turn);
  }
  return answered;
}

export async function endInterview(page) {
  await page.getByRole('button', { name: 'End the interview' }).click();
  await page.getByRole('button', { name: 'End and see my results' }).click();
  await page.waitForURL('**/results');
}

/** Every question has a score that rests on the answer, or says why it has none. */
export function expectHonest(results, answered) {
  for (const question of results.questions) {
    if (answered.includes(question.id))
      expect(question.scores.relevance.value, 'an answer was left unscored').not.toBeNull();
    for (const { scores } of question.responses) {
      for (const score of Object.values(scores)) expect(score.value !== null || score.reason !== '').toBe(true);
    }
  }
}

/** The video plays from its middle on. */
export async function expectPlays(page) {
  // The player's own word: before it, a browser that knows playlists by itself may have begun, and be replaced.
  await page.locator('.results-player[data-can-play]').waitFor();
  await page.locator('video').evaluate((element) => {
    element.currentTime = Math.max(1, element.duration / 2);
  });
  await page.waitForFunction(() => {
    const video = document.querySelector('video');
    return video.readyState >= 2 && !video.seeking && video.currentTime > 0.5;
  });
}

export async function expectFitsPhone(page) {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, 'the page scrolls sideways on a phone').toBe(0);
}
