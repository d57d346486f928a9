import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { type Camera, createCamera } from './camera.ts';
import { requireChromium } from './chromium.ts';
import { type PageFaults, watchPages } from './page-faults.ts';
import { DESK, type Size } from './sizes.ts';
import { trustAuthorities } from './trust.ts';

/** What a browser is started with. */
export interface BrowserOptions {
  /** PEM of the authorities to trust beside the public ones; a server of another authority is refused. */
  readonly authorityPem?: string | readonly string[];
  /** Address of the D-Bus on which `org.bluez` answers; without it there is no Bluetooth. */
  readonly dbusAddress?: string;
  /** False shows the windows, to watch a test at work. Default true. */
  readonly headless?: boolean;
}

/** Who sits before the screen. */
export interface Viewer {
  /** Default {@link DESK}. */
  readonly size?: Size;
  /** Default light. */
  readonly scheme?: 'light' | 'dark';
  /** BCP 47; default `en-GB`. */
  readonly locale?: string;
}

/** One viewer's window: cookies, storage and keys of its own. */
export interface Window {
  readonly context: BrowserContext;
  readonly page: Page;
  /** What went wrong in any page of this window. */
  readonly faults: PageFaults;
  close(): Promise<void>;
}

/** A real Chromium with a home folder and profile of its own; nothing of the user's is read or written. */
export interface Browser {
  /** For instance `156.0.8078.79`. */
  readonly version: string;
  /** What its cameras see. */
  readonly camera: Camera;
  /** Opens a window of a new viewer, who knows nothing of the others. */
  open(viewer?: Viewer): Promise<Window>;
  /** Ends it and removes its folder. It also ends with this process. */
  close(): Promise<void>;
}

/** How long a test waits at most for what it wants to use: a busy machine is slow, a missing button never comes. */
const ACTION_TIMEOUT_MS = 60_000;
/** How long the browser itself may take to start. */
const LAUNCH_TIMEOUT_MS = 120_000;

const FLAGS = [
  // Tests run as root in containers, where the sandbox cannot; the pages are ours.
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  // Nothing but the pages' own requests.
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--enable-features=WebBluetooth',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  // One font rendering on every machine, as far as it can be had.
  '--font-render-hinting=none',
];

/**
 * Starts Chromium.
 * @throws BrowserError `chromium-missing`, `certutil-failed`
 */
export async function launchBrowser(options: BrowserOptions = {}): Promise<Browser> {
  const executablePath = requireChromium();
  const folder = mkdtempSync(join(tmpdir(), 'cardea-browser-'));
  const forget = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  // Playwright ends Chromium with this process; the folder is ours to remove.
  process.once('exit', forget);
  try {
    const home = join(folder, 'home');
    mkdirSync(home);
    if (options.authorityPem !== undefined) await trustAuthorities(home, [options.authorityPem].flat());
    const camera = createCamera(join(folder, 'camera.y4m'));
    const launched = await chromium.launch({
      executablePath,
      headless: options.headless ?? true,
      timeout: LAUNCH_TIMEOUT_MS,
      args: [...FLAGS, `--use-file-for-fake-video-capture=${camera.file}`],
      env: {
        ...withoutUndefined(process.env),
        HOME: home,
        XDG_CONFIG_HOME: join(home, '.config'),
        XDG_CACHE_HOME: join(home, '.cache'),
        // An address where nobody answers: never the machine's own Bluetooth.
        DBUS_SYSTEM_BUS_ADDRESS: options.dbusAddress ?? `unix:path=${join(folder, 'no-bus')}`,
        DBUS_SESSION_BUS_ADDRESS: options.dbusAddress ?? `unix:path=${join(folder, 'no-bus')}`,
      },
    });
    return {
      version: launched.version(),
      camera,
      async open(viewer = {}) {
        const context = await launched.newContext({
          viewport: viewer.size ?? DESK,
          colorScheme: viewer.scheme ?? 'light',
          locale: viewer.locale ?? 'en-GB',
          hasTouch: (viewer.size ?? DESK).touch,
          isMobile: (viewer.size ?? DESK).touch,
          reducedMotion: 'reduce',
          acceptDownloads: true,
        });
        context.setDefaultTimeout(ACTION_TIMEOUT_MS);
        const watch = watchPages(context);
        const page = await context.newPage();
        await watch.ready();
        await slowDown(page);
        return { context, page, faults: watch.faults, close: () => context.close() };
      },
      async close() {
        await launched.close();
        process.removeListener('exit', forget);
        forget();
      },
    };
  } catch (error) {
    process.removeListener('exit', forget);
    forget();
    throw error;
  }
}

/** Gives the page a processor that is `$SLOWNESS` times slower, to find what only goes well on a fast machine. */
async function slowDown(page: Page): Promise<void> {
  const rate = Number(process.env.SLOWNESS ?? 1);
  if (!(rate > 1)) return;
  // As long as this session lasts, which is as long as the page.
  const session = await page.context().newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate });
}

function withoutUndefined(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}
