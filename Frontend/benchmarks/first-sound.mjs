/**
 * How soon the interviewer is heard in the browser once an answer has ended.
 *
 *   node benchmarks/first-sound.mjs [turns]
 *
 * Answers are typed, so that the decision is the moment the answer leaves the page: the time runs from there through
 * the server, the choice of words and the voice to the first sample that is played. The silence that comes before the
 * decision when an answer is spoken is measured by benchmarks/speech_turns.py.
 */
import { chromium } from '@playwright/test';
import { launchOptions, openPage } from '../e2e/support/chromium.mjs';
import { install } from '../e2e/support/installation.mjs';
import { printPdf, resumeOfMaeve } from '../e2e/support/resume.mjs';
import { answerEnded, listenToFacts, nextTurn } from '../e2e/support/room.mjs';
import { enterRoom, prepareInterview, signUp } from '../e2e/support/steps.mjs';

const wanted = Number(process.argv[2] ?? 20);
const ANSWER =
  'I looked at the numbers first, then I spoke with every colleague on the night shift and changed where the kit was kept.';
const times = [];
const installation = await install();
const browser = await chromium.launch(launchOptions);
try {
  const { page } = await openPage(browser, installation);
  let sent = null;
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      if (typeof payload !== 'string') return;
      if (payload.includes('"answer.type"')) sent = performance.now();
      if (payload.includes('"speech.started"') && sent !== null) {
        times.push(performance.now() - sent);
        sent = null;
      }
    }),
  );
  const live = listenToFacts(page);
  const pdf = await printPdf(browser, resumeOfMaeve.html);
  await signUp(page);
  while (times.length < wanted) {
    await prepareInterview(page, pdf);
    const dealtWith = new Set();
    await enterRoom(page);
    for (let turn = await nextTurn(live, dealtWith); turn; turn = await nextTurn(live, dealtWith)) {
      await page.getByLabel('Type your answer').fill(ANSWER);
      await page.getByRole('button', { name: 'Send answer' }).click();
      await answerEnded(live, turn);
      if (times.length >= wanted) break;
    }
    live.facts.length = 0;
    if (times.length < wanted) await page.waitForURL('**/results');
  }
} finally {
  await browser.close();
  await installation.stop();
}
times.sort((a, b) => a - b);
const at = (share) => Math.round(times[Math.min(times.length - 1, Math.floor(share * times.length))]);
console.log(
  `answer sent → first sound in the browser: median ${at(0.5)} ms, p10 ${at(0.1)}, p90 ${at(0.9)}, max ${at(1)} (n=${times.length}; bound 600 ms)`,
);
