/** What every journey is given: a fresh installation of its own, and people at their browsers in it. */
import { test as base } from '@playwright/test';
import { openPage } from './chromium.mjs';
import { install, installWithVendors } from './installation.mjs';

export { expect } from '@playwright/test';

export const test = base.extend({
  /** Variables of the server's environment. */
  environment: [{}, { option: true }],
  /** Whether every vendor is switched on, each a stand-in. */
  vendors: [false, { option: true }],

  installation: [
    async ({ environment, vendors }, use) => {
      const installation = await (vendors ? installWithVendors(environment) : install(environment));
      await use(installation);
      await installation.stop();
    },
    { timeout: 180_000 },
  ],

  /** Opens a page of a person of their own; takes and returns what `openPage` of chromium.mjs does. */
  openPage: async ({ browser, installation }, use) => {
    const contexts = [];
    await use(async (options) => {
      const opened = await openPage(browser, installation, options);
      contexts.push(opened.context);
      return opened;
    });
    for (const context of contexts) await context.close();
  },
});
