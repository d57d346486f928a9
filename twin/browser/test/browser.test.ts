import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addAuthenticator,
  axe,
  type Browser,
  BrowserError,
  chromiumMissing,
  findChromium,
  launchBrowser,
  PHONE,
  pictureOfModules,
  serious,
  shot,
  type Window,
} from '../src/index.ts';
import { openTlsSite, type TlsSite } from './tls-site.ts';

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:";
const PAGE = '<!doctype html><html lang="en"><title>Page</title><main><h1>Page</h1></main></html>';
const PAGES: Readonly<Record<string, string>> = {
  '/good': PAGE,
  '/bad-contrast': PAGE.replace('<h1>', '<h1>A</h1><p id="pale">Pale</p><link rel="stylesheet" href="/pale.css"><h1>'),
  '/inline': PAGE.replace('</main>', '</main><script>document.title = "inline"</script>'),
  '/throws': PAGE.replace('</main>', '</main><script src="/throws.js"></script>'),
  '/missing': PAGE.replace('</main>', '</main><img alt="none" src="/nowhere.png">'),
};
const FILES: Readonly<Record<string, readonly [type: string, text: string]>> = {
  '/pale.css': ['text/css', '#pale { color: #ddd; background: #fff; }'],
  '/throws.js': ['text/javascript', 'console.error("said"); setTimeout(() => { throw new TypeError("thrown"); }, 0);'],
};

let site: TlsSite;
let browser: Browser;
let window: Window;

describe.skipIf(chromiumMissing())('a real browser', () => {
  beforeAll(async () => {
    site = await openTlsSite((request, response) => {
      const path = request.url ?? '';
      const [type, text] = FILES[path] ?? ['text/html', PAGES[path]];
      if (path === '/favicon.ico') response.writeHead(204).end();
      else if (text === undefined) response.writeHead(404).end();
      else response.writeHead(200, { 'content-type': type, 'content-security-policy': POLICY }).end(text);
    });
    browser = await launchBrowser({ authorityPem: site.authorityPem });
    window = await browser.open();
  });

  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  it('verifies TLS by the authority that it was given, and has no faults on a good page', async () => {
    await window.page.goto(`${site.origin}/good`);
    expect(await window.page.getByRole('heading').textContent()).toBe('Page');
    window.faults.assertNone();
  });

  it('refuses a site whose authority it was not given', async () => {
    const stranger = await launchBrowser();
    try {
      const { page, faults } = await stranger.open();
      await expect(page.goto(`${site.origin}/good`)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
      expect(() => faults.assertNone()).toThrow('ERR_CERT_AUTHORITY_INVALID');
    } finally {
      await stranger.close();
    }
  });

  it('removes its folder at its end', async () => {
    const kept = process.env.TMPDIR;
    const folder = mkdtempSync(join(tmpdir(), 'cardea-tmp-'));
    process.env.TMPDIR = folder;
    try {
      const other = await launchBrowser();
      expect(readdirSync(folder).some((name) => name.startsWith('cardea-browser-'))).toBe(true);
      await other.close();
      expect(readdirSync(folder).filter((name) => name.startsWith('cardea-'))).toEqual([]);
    } finally {
      restore('TMPDIR', kept);
      rmSync(folder, { recursive: true });
    }
  });

  it.each([
    ['/inline', /policy: script-src-elem.*\n/],
    ['/throws', /console: said.*exception: TypeError: thrown/s],
    ['/missing', /status: 404 GET \S+nowhere\.png/],
  ])('tells what went wrong on %s', async (path, told) => {
    await window.page.goto(site.origin + path);
    await expect.poll(() => window.faults.seen.map(({ kind, text }) => `${kind}: ${text}\n`).join('')).toMatch(told);
    expect(() => window.faults.assertNone()).toThrow(BrowserError);
    window.faults.assertNone();
  });

  it('lets pass what a test expects, and nothing else', async () => {
    await window.page.goto(`${site.origin}/missing`);
    await expect.poll(() => window.faults.seen.length).toBe(1);
    expect(() => window.faults.assertNone(/^403 /)).toThrow('404');
    await window.page.goto(`${site.origin}/missing`);
    await expect.poll(() => window.faults.seen.length).toBe(1);
    window.faults.assertNone(/^404 GET \S+nowhere\.png$/);
  });

  it('finds by axe, under the strictest policy, text that cannot be read', async () => {
    await window.page.goto(`${site.origin}/bad-contrast`);
    const faults = serious(await axe(window.page));
    expect(faults.map(({ id }) => id)).toEqual(['color-contrast']);
    expect(faults[0]?.places[0]).toContain('#pale');
    await window.page.goto(`${site.origin}/good`);
    expect(await axe(window.page)).toEqual([]);
    window.faults.assertNone();
  });

  it('keeps pictures of pages', async () => {
    const kept = process.env.SCREENS;
    const folder = mkdtempSync(join(tmpdir(), 'cardea-screens-'));
    process.env.SCREENS = folder;
    try {
      const phone = await browser.open({ size: PHONE, scheme: 'dark' });
      await phone.page.goto(`${site.origin}/good`);
      expect(await shot(phone.page, 'good/phone')).toBe(join(folder, 'good', 'phone.png'));
      expect(existsSync(join(folder, 'good', 'phone.png'))).toBe(true);
      await phone.close();
    } finally {
      restore('SCREENS', kept);
      rmSync(folder, { recursive: true });
    }
  });

  it('makes a passkey with its virtual authenticator, and none for a stranger’s finger', async () => {
    await window.page.goto(`${site.origin}/good`);
    const authenticator = await addAuthenticator(window.page);
    const make = () =>
      window.page.evaluate(`navigator.credentials.create({ publicKey: {
        rp: { name: 'Site' }, user: { id: new Uint8Array([1]), name: 'Guest 1', displayName: 'Guest 1' },
        challenge: new Uint8Array(16), pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
        authenticatorSelection: { userVerification: 'required' },
      } }).then((made) => made.type, (error) => error.name)`);
    expect(await make()).toBe('public-key');
    expect(await authenticator.count()).toBe(1);
    await authenticator.knowsUser(false);
    expect(await make()).toBe('NotAllowedError');
    await authenticator.remove();
    window.faults.assertNone();
  });

  it('sees with its camera the picture that it was shown last', async () => {
    await window.page.goto(`${site.origin}/good`);
    const brightness = () =>
      window.page.evaluate(`(async () => {
        const stream = await navigator.mediaDevices.getUserMedia({ video: true });
        const track = stream.getVideoTracks()[0];
        const { value: frame } = await new MediaStreamTrackProcessor({ track }).readable.getReader().read();
        const bitmap = await createImageBitmap(frame);
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext('2d');
        context.drawImage(bitmap, 0, 0);
        const middle = context.getImageData(bitmap.width / 2, bitmap.height / 2, 1, 1).data[0];
        frame.close();
        track.stop();
        return middle;
      })()`);
    expect(await brightness()).toBeGreaterThan(240);
    browser.camera.show(pictureOfModules([[true]]));
    expect(await brightness()).toBeLessThan(15);
  });
});

describe('without Chromium', () => {
  it('says what to install when there is none at $CHROMIUM', async () => {
    const kept = process.env.CHROMIUM;
    process.env.CHROMIUM = '/nowhere/chromium';
    try {
      expect(findChromium()).toBeUndefined();
      await expect(launchBrowser()).rejects.toMatchObject({ code: 'chromium-missing' });
    } finally {
      restore('CHROMIUM', kept);
    }
  });
});

function restore(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}
