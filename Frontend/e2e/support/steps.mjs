/** The way through the pages up to the room, as a person takes it. */
import { expect } from '@playwright/test';
import { speak } from './candidate-voice.mjs';
import { resumeOfMaeve } from './resume.mjs';

const MICROPHONE_IS_ON = /Say a few words|We can hear you/;

export async function signUp(page, name = resumeOfMaeve.name) {
  await page.goto('/sign-up');
  await page.getByLabel('Your name').fill(name);
  await page.getByLabel('Email').fill(`${crypto.randomUUID().slice(0, 8)}@example.org`);
  await page.getByLabel('Password').fill('a calm long sentence');
  await page.getByRole('button', { name: 'Create account' }).click();
  await page.waitForURL('**/dashboard');
}

/** From the dashboard to the page with the five questions; returns the interview's id. */
export async function prepareInterview(page, pdf) {
  await page.goto('/new');
  await page.getByLabel('Which role are you preparing for?').fill(resumeOfMaeve.role);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Continue' }).click();
  await page.getByLabel('Resume file').setInputFiles({ name: 'maeve.pdf', mimeType: 'application/pdf', buffer: pdf });
  await page.getByRole('button', { name: 'Make my questions' }).waitFor();
  await page.getByRole('button', { name: 'Make my questions' }).click();
  await page.waitForURL(/\/interviews\/[0-9a-f-]{36}$/);
  await page.getByRole('article', { name: /^Question 1 of 5$/ }).waitFor();
  return page.url().split('/').at(-1);
}

/**
 * Through the device check into the room, recording allowed, up to the first word of the interviewer.
 * `speaking`: the test plays the candidate's voice; otherwise the browser's own device makes some sound.
 */
export async function enterRoom(page, { speaking = true } = {}) {
  await page.getByRole('link', { name: 'Check camera and microphone' }).click();
  await page.getByText(MICROPHONE_IS_ON).waitFor();
  if (speaking) {
    await page.evaluate((wav) => window.__say(wav), await speak('Hello, can you hear me?'));
    await page.getByText('We can hear you').waitFor();
  }
  await page.getByText('Record my interview').click();
  await page.getByRole('button', { name: 'Go to the interview' }).click();
  await page.waitForURL('**/room');
  await page.getByRole('button', { name: 'Begin the interview' }).click();
}

/** Back into an interview that was cut short, by way of the device check. */
export async function continueInterview(page) {
  await page.getByText(MICROPHONE_IS_ON).waitFor();
  await page.getByRole('button', { name: 'Go to the interview' }).click();
  await page.waitForURL('**/room');
  await page.getByRole('button', { name: 'Continue the interview' }).click();
}

/** What the API answers, or null where it refuses: this asks once, without the renewal of the sign-in that a page does. */
export const api = (page, path) =>
  page.evaluate(async (address) => {
    const answer = await fetch(`/api${address}`);
    return answer.ok ? answer.json() : null;
  }, path);

/** Waits until feedback is written and the video holds everything that was recorded; returns the results. */
export async function completeResults(page, interviewId) {
  let results;
  await expect
    .poll(
      async () => {
        results = await api(page, `/interviews/${interviewId}/results`);
        const recording = await api(page, `/interviews/${interviewId}/recording`);
        const whole = recording?.takes.every((take) =>
          take.direct ? take.stored : take.expected_pieces === take.next_piece,
        );
        return { status: results?.status, video: results?.video.status, recording: whole ? 'whole' : recording };
      },
      { message: 'the results are complete', timeout: 150_000, intervals: [500] },
    )
    .toEqual({ status: 'completed', video: 'ready', recording: 'whole' });
  return results;
}
