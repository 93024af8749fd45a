/** Whole journeys in the system's Chromium: those that speak one at a time, then those that type. */
import { launchOptions } from './e2e/support/chromium.mjs';

/** @type {import('@playwright/test').PlaywrightTestConfig} */
export default {
  outputDir: 'e2e/output',
  forbidOnly: true,
  retries: 0,
  workers: 2,
  // A journey waits for events; these bounds only end one that will never come, on a machine however busy.
  timeout: 600_000,
  expect: { timeout: 60_000 },
  reporter: [['list'], ['./e2e/support/count-reporter.mjs']],
  use: {
    browserName: 'chromium',
    launchOptions,
    actionTimeout: 60_000,
    navigationTimeout: 60_000,
    screenshot: 'only-on-failure',
    // Without a picture of each moment, which would take the speech recogniser's share of the processor.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: true, sources: true },
  },
  projects: [
    // Heard in real time, so nothing else runs beside them.
    { name: 'spoken', testDir: 'e2e/spoken', workers: 1 },
    { name: 'typed', testDir: 'e2e/typed', workers: 2, dependencies: ['spoken'] },
  ],
};
