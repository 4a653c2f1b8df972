// Screenshots of the screens against the mock, for looking at: `node testing/shots.mjs OUT_DIR [BASE_URL] [NAME_PART]`.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';

const [out, base = 'http://127.0.0.1:5199', only = ''] = process.argv.slice(2);
if (!out) throw new Error('Say where to put the pictures.');
mkdirSync(out, { recursive: true });

const SCREENS = [
  ['sign-in', '/sign-in', { email: null }],
  ['link', '/link/invite1', { email: null }],
  ['link-used', '/link/used1', { email: null }],
  ['overview', '/'],
  ['overview-root', '/', { email: 'root@drover.example' }],
  ['dashboard', '/t/blue-harbour'],
  ['events', '/t/blue-harbour/events'],
  ['devices', '/t/blue-harbour/devices'],
  ['device-overview', '/t/blue-harbour/devices/122/overview'],
  ['device-interfaces', '/t/blue-harbour/devices/122/interfaces?interface=12200'],
  ['device-wireless', '/t/alder-finch/devices/100/wireless'],
  ['configuration', '/t/blue-harbour/devices/122/configuration'],
  ['configuration-diff', '/t/blue-harbour/devices/122/configuration?from=12201&to=12204'],
  ['device-audit', '/t/blue-harbour/devices/122/audit'],
  ['people', '/t/blue-harbour/people'],
  ['audit', '/t/blue-harbour/audit'],
  ['import', '/t/blue-harbour/devices/import'],
];
const LOOKS = [
  ['light', { width: 1440, height: 900 }, 'light'],
  ['dark', { width: 1440, height: 900 }, 'dark'],
  ['narrow', { width: 390, height: 844 }, 'light'],
];

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
for (const [look, viewport, colorScheme] of LOOKS) {
  for (const [name, path, { email = 'rosa.lind@drover.example' } = {}] of SCREENS) {
    if (!`${name}-${look}`.includes(only)) continue;
    const context = await browser.newContext({
      viewport,
      colorScheme,
      locale: 'en-GB',
      timezoneId: 'Europe/Lisbon',
    });
    if (email)
      await context.addCookies([{ name: 'mock_session', value: encodeURIComponent(email), url: base }]);
    const page = await context.newPage();
    page.on('console', (message) => message.type() === 'error' && console.log(name, look, message.text()));
    page.on('pageerror', (error) => console.log(name, look, String(error)));
    await page.goto(base + path);
    await page.waitForSelector('h1', { timeout: 10_000 });
    await page
      .waitForFunction(() => document.querySelectorAll('[aria-busy]').length === 0, { timeout: 8000 })
      .catch(() => console.log(name, look, 'still loading'));
    await page.waitForTimeout(500);
    await page.screenshot({ path: `${out}/${name}-${look}.png` });
    await context.close();
  }
}
await browser.close();
