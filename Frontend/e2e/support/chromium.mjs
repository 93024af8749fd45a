/** The system's Chromium, headless, with devices a test can feed. */
import { existsSync } from 'node:fs';
import { fakeDevices } from './fake-devices.mjs';

const candidates = [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** What Playwright starts it with. Nothing is ever downloaded: `make test` installs Chromium, or CHROMIUM names one. */
export const launchOptions = {
  executablePath: candidates.find((path) => path && existsSync(path)) ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--use-fake-device-for-media-stream',
    '--use-fake-ui-for-media-stream',
    '--autoplay-policy=no-user-gesture-required',
  ],
};

/**
 * A page of a person of their own. Remembers every request that leaves the installation and every error,
 * so that a test can assert that there was none. `restless`: a camera picture that makes large files.
 */
export async function openPage(
  browser,
  installation,
  { width = 1440, height = 900, dark = false, ownDevices = true, restless = false } = {},
) {
  const context = await browser.newContext({
    baseURL: installation.url,
    viewport: { width, height },
    colorScheme: dark ? 'dark' : 'light',
    permissions: ['camera', 'microphone'],
  });
  if (ownDevices) await context.addInitScript(fakeDevices, { restless });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  const strangers = [];
  const errors = [];
  context.on('request', (request) => {
    const url = new URL(request.url());
    if (url.protocol.startsWith('http') && url.origin !== installation.url) strangers.push(url.origin);
  });
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    // A 401 before signing in and a 404 for "no resume yet" are answers, not mistakes.
    if (message.type() === 'error' && !/status of 40[14]/.test(message.text())) errors.push(message.text());
  });
  return { context, page, strangers, errors };
}
