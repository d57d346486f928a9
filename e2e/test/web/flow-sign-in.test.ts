import { addAuthenticator, chromiumMissing, shot, type Window } from '@cardea/twin-browser';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { totp } from '../totp.ts';
import { startWebEstate, type WebEstate } from './web-estate.ts';

const HANDED_OVER = 'handed over at the desk';
const OWN = 'her own password of many words';

describe.skipIf(chromiumMissing())('staff sign in to the console in a real browser', { timeout: 240_000 }, () => {
  let web: WebEstate;
  let window: Window;

  beforeAll(async () => {
    web = await startWebEstate({ demo: 'none' });
    for (const email of ['totp@example.org', 'passkey@example.org']) {
      await web.api.persons.add({ email, name: 'Front desk', role: 'front_desk', password: HANDED_OVER });
    }
    await web.api.signInPolicy.change({ second_factor: 'required' });
  }, 240_000);

  beforeEach(async () => {
    window = await web.browser.open();
    await window.page.goto(`${web.origin}/console/`);
  });

  afterEach(async () => {
    await window.close();
  });

  afterAll(async () => {
    await web?.close();
  }, 60_000);

  async function byPassword(email: string, password: string): Promise<void> {
    const { page } = window;
    await page.getByLabel('E-mail or phone number').fill(email);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  }

  /** The first sign-in: a password of one's own, then a second factor is asked for. */
  async function first(email: string): Promise<void> {
    const { page } = window;
    await byPassword(email, HANDED_OVER);
    await page.getByRole('heading', { level: 1, name: 'Choose your own password' }).waitFor();
    await page.getByLabel('Current password').fill(HANDED_OVER);
    await page.getByLabel('New password').fill(OWN);
    await page.getByRole('button', { name: 'Change the password' }).click();
    await page.getByRole('heading', { level: 1, name: 'Add a second factor' }).waitFor();
  }

  /** The recovery codes that are shown, once they are kept. */
  async function keepCodes(): Promise<readonly string[]> {
    const { page } = window;
    await page.getByRole('heading', { level: 1, name: 'Recovery codes' }).waitFor();
    const codes = await page.getByRole('listitem').allTextContents();
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByRole('button', { name: /^Account: / }).waitFor();
    return codes;
  }

  async function signOut(): Promise<void> {
    const { page } = window;
    await page.getByRole('button', { name: /^Account: / }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  }

  it('by a code of an authenticator, and by a recovery code when it is not at hand', async () => {
    const { page, faults } = window;
    await first('totp@example.org');
    await page.getByLabel('Current password').fill(OWN);
    await page.getByRole('button', { name: 'Set up' }).click();
    await page.getByRole('img', { name: /QR code/ }).waitFor();
    const secret = (await page.getByText(/^[A-Z2-7]{32}$/).textContent()) ?? '';
    await page.getByLabel('Then type the code that it shows').fill(totp(secret));
    await page.getByRole('button', { name: 'Confirm' }).click();
    const codes = await keepCodes();
    expect(new Set(codes).size).toBeGreaterThanOrEqual(8);
    await signOut();

    await byPassword('totp@example.org', OWN);
    // The code of the next step: the one of this step was used a moment ago, and counts once.
    await page.getByLabel('Code of your authenticator').fill(totp(secret, 1));
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('button', { name: /^Account: / }).waitFor();
    await signOut();

    await byPassword('totp@example.org', OWN);
    await page.getByRole('button', { name: 'Use a recovery code instead' }).click();
    await page.getByLabel('Recovery code').fill(codes[0] ?? '');
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.getByRole('button', { name: /^Account: / }).waitFor();
    faults.assertNone(/^40[13] (GET|POST) \S+\/v1\//);
  });

  it('by a passkey alone, and not by a stranger’s finger', async () => {
    const { page, faults } = window;
    const authenticator = await addAuthenticator(page);
    await first('passkey@example.org');
    await page.getByText('Passkey', { exact: true }).click();
    await page.getByLabel('What to call it').fill('Front desk computer');
    await page.getByLabel('Current password').fill(OWN);
    await page.getByRole('button', { name: 'Set up' }).click();
    await keepCodes();
    expect(await authenticator.count()).toBe(1);
    await signOut();

    await authenticator.knowsUser(false);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByText(/closed or ran out of time/).waitFor();
    await authenticator.knowsUser(true);
    await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
    await page.getByRole('button', { name: /^Account: / }).waitFor();
    await shot(page, 'flow/signed-in-by-passkey');
    faults.assertNone(/^40[13] (GET|POST) \S+\/v1\//);
  });
});
