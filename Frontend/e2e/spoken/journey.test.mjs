/** The whole way of one person, spoken. */
import { speak, shareHeard } from '../support/candidate-voice.mjs';
import { expect, test } from '../support/journey.mjs';
import { printPdf, resumeOfMaeve } from '../support/resume.mjs';
import { answerEnded, assessed, listenToFacts, nextTurn } from '../support/room.mjs';
import { api, completeResults, enterRoom, prepareInterview, signUp } from '../support/steps.mjs';

/** Written by hand for what this resume can be asked about; the first that fits a question is its good answer. */
const GOOD_ANSWERS = [
  [
    /CLABSI|central-line/i,
    'When I started, our infection rate was more than twice the target. ' +
      'I looked at forty dressing changes myself and found that the step we missed most was scrubbing the hub. ' +
      'So I put a small kit with a checklist on every bed, and I spoke to each nurse on the night shift. ' +
      'After six months the rate was far below the target, and it stayed there.',
  ],
  [
    /SBAR|handover|antibiotic/i,
    'We had missed two antibiotic doses because the handover was done in the corridor, from memory. ' +
      'I suggested S B A R at the bedside, and I tried it first with two colleagues for two weeks. ' +
      'I asked them what was in the way, and we cut it to three minutes for each patient. ' +
      'The result was that in the next six months no dose was missed on twenty eight beds.',
  ],
  [
    /graduate|precept/i,
    'Last year I taught four new graduates for twelve weeks. One of them was afraid of the ventilator. I sat with her and asked what exactly was hard, ' +
      'then I showed her the alarm twice, let her do it herself, and came back every day with one question. I wrote a small plan with goals for each week. ' +
      'After six weeks she worked alone with two patients, and all four are still with us. I learned that asking first saves time.',
  ],
];
const OFF_TOPIC =
  'On Sunday we went to the lake with the dog. My brother brought a big chocolate cake and we played football until it rained. ' +
  'Then we drove home and watched a film about penguins.';
const TYPED =
  'I would first look at the patient myself: airway, breathing, circulation, and a full set of observations. Then I would call the doctor again with SBAR, say clearly that I am worried, and go to the consultant if nobody came. I would write down the times and what was said.';

test('a person is interviewed by voice and reads honest feedback on what they said', async ({ browser, openPage }) => {
  const { page, strangers, errors } = await openPage();
  const live = listenToFacts(page);

  await signUp(page);
  const interviewId = await prepareInterview(page, await printPdf(browser, resumeOfMaeve.html));
  const { questions } = await api(page, `/interviews/${interviewId}`);
  expect(questions.length).toBe(5);
  expect(new Set(questions.map((question) => question.text)).size).toBe(5);
  for (const question of questions) await page.getByText(question.text).first().waitFor();

  const good = questions.find((question) => GOOD_ANSWERS.some(([about]) => about.test(question.text)));
  expect(good, 'no question about what this resume is proudest of').toBeTruthy();
  const goodAnswer = GOOD_ANSWERS.find(([about]) => about.test(good.text))[1];
  const others = questions.filter((question) => question !== good).map((question) => question.id);
  const plan = new Map([
    [good.id, 'good'],
    [others[0], 'off-topic'],
    [others[1], 'silent'],
    [others[2], 'typed'],
    [others[3], 'skipped'],
  ]);
  const spoken = { good: await speak(goodAnswer), 'off-topic': await speak(OFF_TOPIC) };

  await enterRoom(page);

  const turns = new Map();
  const dealtWith = new Set();
  const kindOf = (turn) => (turn.followUpId ? 'follow-up' : plan.get(turn.questionId));
  const skips = (turn) => ['follow-up', 'skipped'].includes(kindOf(turn));
  for (let turn = await nextTurn(live, dealtWith, { skips }); turn; turn = await nextTurn(live, dealtWith, { skips })) {
    const kind = kindOf(turn);
    console.log(`question ${turn.position + 1}: ${kind}`);
    if (skips(turn)) {
      await page.getByRole('button', { name: 'Skip this question' }).click();
    } else if (kind === 'typed') {
      await page.getByLabel('Type your answer').fill(TYPED);
      await page.getByRole('button', { name: 'Send answer' }).click();
    } else if (kind !== 'silent') {
      await page.evaluate((wav) => window.__say(wav), spoken[kind]);
    }
    const ended = await answerEnded(live, turn);
    if (!turn.followUpId) turns.set(kind, { ...turn, ended });
  }
  expect([...turns.keys()].sort()).toEqual(['good', 'off-topic', 'silent', 'skipped', 'typed']);

  // Captions of what was said
  const heard = (questionId) =>
    live
      .all('utterance.added')
      .map((fact) => fact.utterance)
      .filter((line) => line.speaker === 'candidate' && line.question_id === questionId)
      .map((line) => line.text)
      .join(' ');
  for (const [kind, words] of [
    ['good', goodAnswer],
    ['off-topic', OFF_TOPIC],
  ]) {
    const share = shareHeard(words, heard(turns.get(kind).questionId));
    console.log(`${kind}: ${(share * 100).toFixed(0)} % of the spoken words in the captions`);
    console.log(`heard: ${heard(turns.get(kind).questionId)}`);
    expect(
      share,
      `only ${(share * 100).toFixed(0)} % of the words of the ${kind} answer were heard`,
    ).toBeGreaterThanOrEqual(0.8);
  }
  expect(live.all('caption.heard').length, 'captions did not run while the person spoke').toBeGreaterThan(10);
  const greeting = live.all('utterance.added')[0].utterance;
  expect(greeting.speaker).toBe('interviewer');
  expect(greeting.text).toMatch(/Maeve/);

  // Scores as each answer ended, each under its own question
  const scoreOf = async (kind) => (await assessed(live, turns.get(kind))).scores;
  const goodScore = await scoreOf('good');
  const offTopic = await scoreOf('off-topic');
  const silent = await scoreOf('silent');
  console.log(
    `relevance: good ${goodScore.relevance.value}, off-topic ${offTopic.relevance.value}, silent ${silent.relevance.value}`,
  );
  console.log(`confidence: good ${goodScore.confidence.value}, off-topic ${offTopic.confidence.value}`);
  expect(goodScore.relevance.value, 'the good answer does not score high').toBeGreaterThanOrEqual(65);
  expect(offTopic.relevance.value, 'the off-topic answer does not score low').toBeLessThanOrEqual(40);
  expect(silent.relevance.value).toBeNull();
  expect(silent.confidence.value).toBeNull();
  expect(silent.relevance.reason).not.toBe('');
  expect(goodScore.relevance.evidence.length).toBeGreaterThan(0);
  expect(goodScore.confidence.evidence.some((each) => each.kind === 'measurement')).toBe(true);

  // Results
  await page.waitForURL('**/results');
  await page.getByRole('region', { name: 'Transcript' }).waitFor();
  const results = await completeResults(page, interviewId);
  expect(results.cut_short).toBe(false);
  const result = (kind) => results.questions.find((question) => question.id === turns.get(kind).questionId);
  expect(result('good').scores.relevance.value).toBeGreaterThanOrEqual(65);
  expect(result('off-topic').scores.relevance.value).toBeLessThanOrEqual(40);
  expect(result('silent').scores.relevance.value).toBeNull();
  expect(result('skipped').scores.relevance.value).toBeNull();
  expect(result('typed').scores.relevance.value).toBeGreaterThan(result('off-topic').scores.relevance.value);
  expect(result('typed').responses[0].typed).toBe(true);
  expect(result('good').better_answer.length).toBeGreaterThan(0);
  expect(results.overall.value).not.toBeNull();
  expect(results.strengths.length).toBeGreaterThan(0);

  // The video plays, seeks, and follows the transcript
  await page.reload();
  const video = page.locator('video');
  await video.waitFor();
  await page.waitForFunction(() => document.querySelector('video')?.readyState >= 1);
  const duration = await video.evaluate((element) => element.duration);
  console.log(`video: ${duration.toFixed(1)} s`);
  expect(Number.isFinite(duration) && duration > 60, `the video lasts ${duration} s`).toBe(true);
  expect(await video.evaluate((element) => element.videoWidth)).toBeGreaterThan(0);
  const line = results.transcript.find(
    (each) =>
      each.speaker === 'candidate' && each.question_id === turns.get('off-topic').questionId && each.source === 'voice',
  );
  await page
    .getByRole('region', { name: 'Transcript' })
    .getByRole('button')
    .filter({ hasText: line.text.slice(0, 40) })
    .first()
    .click();
  await page.waitForFunction(
    (second) => Math.abs(document.querySelector('video').currentTime - second) < 4,
    line.video_ms / 1000,
  );
  const chapters = await page.evaluate(async (url) => (await fetch(url)).text(), results.video.parts[0].chapters_url);
  expect(chapters.match(/-->/g).length).toBe(5);

  // Coming back
  await page.goto('/dashboard');
  await page.getByText(resumeOfMaeve.role).first().waitFor();

  expect(strangers, 'a page asked another origin for something').toEqual([]);
  expect(errors).toEqual([]);
});
