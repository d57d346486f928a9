import { existsSync } from 'node:fs';
import { BrowserError } from './errors.ts';

/** Where distributions put it. */
const KNOWN_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome-stable',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** Path of the Chromium to use: `$CHROMIUM`, else a known place, else undefined. */
export function findChromium(): string | undefined {
  const named = process.env.CHROMIUM;
  if (named !== undefined && named !== '') return existsSync(named) ? named : undefined;
  return KNOWN_PLACES.find((path) => existsSync(path));
}

/**
 * Whether tests of a page have to be left out because this machine has no Chromium. Never with REQUIRE_PEERS=1: there
 * they run, and fail with how to install it.
 */
export function chromiumMissing(): boolean {
  return findChromium() === undefined && process.env.REQUIRE_PEERS !== '1';
}

/** The same path. @throws BrowserError `chromium-missing`, with what to install */
export function requireChromium(): string {
  const path = findChromium();
  if (path !== undefined) return path;
  throw new BrowserError(
    'chromium-missing',
    `no Chromium at ${process.env.CHROMIUM || KNOWN_PLACES.join(', ')}: apt-get install chromium, or set CHROMIUM to its path`,
  );
}
