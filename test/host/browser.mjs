import { existsSync } from 'node:fs';
import { onPath } from '../../scripts/lib/processes.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Microsoft\\Edge\\Application\\msedge.exe',
];

/** Path of a Chromium-like browser, or undefined. `CHROMIUM` in the environment wins. */
export function findChromium() {
  const named = process.env.CHROMIUM;
  if (named) return existsSync(named) ? named : undefined;
  for (const name of NAMES) {
    const file = onPath(name);
    if (file) return file;
  }
  return PLACES.find((file) => existsSync(file));
}

/** Starts the browser with the outside world shut off: a test that needs another machine fails here, not on somebody's laptop. */
export async function openBrowser({ headless = true } = {}) {
  const executablePath = findChromium();
  if (!executablePath)
    throw new Error('No Chromium or Chrome found. Run: node scripts/setup.mjs chromium, or set CHROMIUM to its path.');
  const { chromium } = await import('playwright-core');
  return chromium.launch({
    executablePath,
    headless,
    args: [
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost',
      ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
    ],
  });
}
