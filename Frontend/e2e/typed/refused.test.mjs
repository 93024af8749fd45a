/** On a phone, with every vendor refusing from the first step on, and one that then says nothing. */
import { expect, test } from '../support/journey.mjs';
import { completeResults, enterRoom } from '../support/steps.mjs';
import { expectFitsPhone, expectHonest, endInterview, someoneReady, typeAnswers } from '../support/vendors.mjs';

test.use({ vendors: true });

test('where every vendor refuses, our own interviewer, planner, judge and storage do it all', async ({
  openPage,
  installation,
}) => {
  await installation.fail('supabase', 'down');
  await installation.fail('gemini', 'overloaded');
  await installation.fail('tavus', 'no-credit');
  await installation.fail('cloudinary', 'refuses');
  const someone = await someoneReady(openPage, {
    width: 390,
    height: 844,
    dark: true,
    async beforeSignUp(page) {
      await page.goto('/sign-up');
      await page.getByLabel('Your name').fill('Maeve Donnelly');
      await page.getByLabel('Email').fill('maeve@example.org');
      await page.getByLabel('Password').fill('a calm long sentence');
      await page.getByRole('button', { name: 'Create account' }).click();
      await page.getByText(/Sign-in is not reachable right now/).waitFor();
      expect(await page.getByLabel('Email').inputValue(), 'what was typed is lost').toBe('maeve@example.org');
      await installation.fail('supabase', '');
    },
  });
  const { page, interviewId } = someone;
  await enterRoom(page);
  await page.getByText(/minutes are used up/).waitFor();
  await page.getByRole('button', { name: 'Go on with our interviewer' }).waitFor();
  // Asked once more, the vendor says nothing at all: nobody has to wait for that.
  await installation.fail('tavus', '');
  await installation.fail('tavus', 'slow');
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.getByText(/Your video call is being set up/).waitFor();
  await page.getByRole('button', { name: 'Talk to our own interviewer instead' }).click();
  const answered = await typeAnswers(someone, { count: 2 });
  await endInterview(page);
  const results = await completeResults(page, interviewId);
  expectHonest(results, answered);
  await page
    .getByText(/built-in/i)
    .first()
    .waitFor();
  await page.locator('video').waitFor();
  expect(results.video.parts.map((part) => part.mime_type)).toEqual(['video/webm']);
  await expectFitsPhone(page);
});
