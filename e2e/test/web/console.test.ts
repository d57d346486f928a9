import { appPages, chromiumMissing, DESK, PHONE, type Viewer, type Window } from '@cardea/twin-browser';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { furnish } from './furnish.ts';
import { walk } from './page-walk.ts';
import { signIn, startWebEstate, type WebEstate } from './web-estate.ts';

describe.skipIf(chromiumMissing())('the console in a real browser', { timeout: 240_000 }, () => {
  let web: WebEstate;
  const windows: Window[] = [];

  const open = async (viewer: Viewer = {}): Promise<Window> => {
    const window = await web.browser.open(viewer);
    windows.push(window);
    return window;
  };

  beforeAll(async () => {
    web = await startWebEstate();
    await furnish(web.api);
  }, 240_000);

  afterEach(async () => {
    for (const window of windows.splice(0)) await window.close();
  });

  afterAll(async () => {
    await web?.close();
  }, 60_000);

  it('says in words that a password is wrong, and keeps it out of the address', async () => {
    const { page, faults } = await open();
    await page.goto(`${web.origin}/`);
    expect(new URL(page.url()).pathname).toMatch(/^\/console\//);
    await page.getByLabel('E-mail or phone number').fill(web.owner.email);
    await page.getByLabel('Password', { exact: true }).fill('not the password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').waitFor();
    expect(page.url()).not.toMatch(/password|@/);
    faults.assertNone(/^401 (GET|POST) \S+\/v1\//);
  });

  it('has an icon for its tab, from the own server', async () => {
    const { page, faults } = await open();
    await page.goto(`${web.origin}/`);
    await page.getByLabel('E-mail or phone number').waitFor();
    const address = await page.locator('link[rel=icon]').getAttribute('href');
    expect(address).toMatch(/^\/console\//);
    expect(await page.evaluate(`fetch('${address}').then(({ headers }) => headers.get('content-type'))`)).toBe(
      'image/png',
    );
    faults.assertNone(/^401 GET \S+\/v1\//);
  });

  it('signs in, and signs out to where it began', async () => {
    const window = await open();
    await signIn(window, web);
    window.faults.assertNone(/^401 GET \S+\/v1\/me$/);
    await window.page.getByRole('button', { name: /^Account: / }).click();
    await window.page.getByRole('menuitem', { name: 'Sign out' }).click();
    await window.page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    window.faults.assertNone(/^401 GET \S+\/v1\//);
  });

  it('keeps a menu open that somebody opened while the page behind it was still loading', async () => {
    const window = await open();
    const { page } = window;
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    await page.route('**/v1/properties**', async (route) => {
      await released;
      await route.continue();
    });
    const held = page.waitForRequest('**/v1/properties**');
    await signIn(window, web);
    await held;
    await page.getByRole('button', { name: /^Account: / }).click();
    const way = page.getByRole('menuitem', { name: 'Sign out' });
    await way.waitFor();
    release();
    await page.getByRole('heading', { level: 1 }).waitFor();
    await way.click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    window.faults.assertNone(/^401 GET \S+\/v1\//);
  });

  it('gives the focus back to what opened a dialog, by the keyboard alone', async () => {
    const window = await open();
    const { page } = window;
    const hasFocus = (role: 'button' | 'heading', name: string) =>
      page.getByRole(role, { name, exact: true }).and(page.locator(':focus')).waitFor();
    const press = async (name: string, role: 'button' | 'menuitem' = 'button') => {
      await page.getByRole(role, { name, exact: true }).focus();
      await page.keyboard.press('Enter');
    };
    await signIn(window, web, '/settings');
    // A button, after nothing was done and after something was.
    await press('Add a floor');
    const dialog = page.getByRole('dialog');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await hasFocus('button', 'Add a floor');
    await press('Add a floor');
    await dialog.locator('input:focus').waitFor();
    await page.keyboard.type('Annex');
    await page.keyboard.press('Enter');
    await page.getByText('Annex', { exact: true }).waitFor();
    await hasFocus('button', 'Add a floor');
    // A button that goes with what the dialog removed.
    await press('Remove: Annex');
    await press('Remove');
    await page.getByText('Annex', { exact: true }).waitFor({ state: 'detached' });
    await hasFocus('heading', 'Settings');
    // A menu's item, which goes as it is chosen.
    const { items } = await web.api.doors.page({ limit: 1 });
    for (const { id } of items) await page.goto(`${web.origin}/console/doors/${id}`);
    await press('More');
    await press('Change the mode …', 'menuitem');
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await hasFocus('button', 'More');
    window.faults.assertNone(/^401 GET \S+\/v1\/me$/);
  });

  it.each([
    ['desk-light-en', { size: DESK, scheme: 'light' }, 'English', 'address'],
    ['desk-dark-zh', { size: DESK, scheme: 'dark' }, '中文', 'link'],
    ['phone-light-zh', { size: PHONE, scheme: 'light' }, '中文', 'address'],
    ['phone-dark-en', { size: PHONE, scheme: 'dark' }, 'English', 'link'],
  ] as const)('shows each of its pages to everybody: %s', async (name, viewer, language, by) => {
    const window = await open(viewer);
    await signIn(window, web);
    window.faults.assertNone(/^401 GET \S+\/v1\/me$/);
    await window.page.getByRole('button', { name: 'Language and appearance' }).click();
    await window.page.getByRole('menu').getByText(language, { exact: true }).click();
    await expect
      .poll(() => window.page.evaluate('document.documentElement.lang'))
      .toMatch(language === '中文' ? /^zh/ : /^en/);
    const { items } = await web.api.doors.page({ limit: 1 });
    const drawn = items.map(({ id }) => `/doors/${id}`);
    const unreached = await walk(window, {
      drawn,
      by,
      base: '/console',
      pages: await appPages('console'),
      name: `console/${name}`,
    });
    expect(unreached).toEqual([]);
  });
});
