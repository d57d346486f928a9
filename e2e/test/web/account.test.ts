import { join } from 'node:path';
import { fetchTrusting, readProfile } from '@cardea/client-cli';
import { createClient } from '@cardea/client-sdk';
import { addAuthenticator, chromiumMissing, type Window } from '@cardea/twin-browser';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { signIn, startWebEstate, type WebEstate } from './web-estate.ts';

describe.skipIf(chromiumMissing())('the own account in a real browser', { timeout: 240_000 }, () => {
  let web: WebEstate;
  const windows: Window[] = [];

  /** A window in which the owner has signed in and opened one of the pages of the menu. */
  const openAt = async (name: string): Promise<Window> => {
    const window = await web.browser.open();
    windows.push(window);
    await signIn(window, web);
    await window.page.getByRole('button', { name: /^Account: / }).click();
    await window.page.getByRole('menuitem', { name }).click();
    await window.page.getByRole('heading', { level: 1, name }).waitFor();
    return window;
  };

  beforeAll(async () => {
    web = await startWebEstate({ demo: 'none' });
  }, 240_000);

  afterEach(async () => {
    for (const window of windows.splice(0)) await window.close();
  });

  afterAll(async () => {
    await web?.close();
  }, 60_000);

  it('adds a passkey, shows its recovery codes once, and takes it away again by the password alone', async () => {
    const { page, faults } = await openAt('Your account');
    await addAuthenticator(page);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('What to call it').fill('Front desk computer');
    await dialog.getByLabel('Current password').fill(web.owner.password);
    await dialog.getByRole('button', { name: 'Set up' }).click();
    await page.getByRole('dialog', { name: 'Recovery codes' }).waitFor();
    const codes = await page.getByRole('dialog').getByRole('listitem').allTextContents();
    expect(new Set(codes).size).toBe(10);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'I have kept them' }).click();
    await page.getByText('10 left').waitFor();

    await page.getByRole('button', { name: 'Remove “Front desk computer”' }).click();
    await dialog.getByLabel('Current password').fill('not the password');
    await dialog.getByRole('button', { name: 'Remove the passkey' }).click();
    await dialog.getByText('The password is wrong.').waitFor();
    expect((await web.api.own.secondFactors()).passkeys).toHaveLength(1);
    await dialog.getByLabel('Current password').fill(web.owner.password);
    await dialog.getByRole('button', { name: 'Remove the passkey' }).click();
    await page.getByText('The passkey is removed.').waitFor();
    expect(await web.api.own.secondFactors()).toMatchObject({ passkeys: [] });
    faults.assertNone(/^401 (GET|POST) \S+\/v1\/me/);
  });

  it('shows where one is signed in, and signs out everywhere else', async () => {
    const forgotten = await openAt('Your account');
    const { page } = await openAt('Your account');
    await page.getByText('this one', { exact: true }).waitFor();
    await page.getByRole('button', { name: 'Sign out everywhere else' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign out everywhere else' }).click();
    await page.getByText(/sessions? ha(s|ve) ended\./).waitFor();
    await forgotten.page.reload();
    await forgotten.page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'Your account' }).waitFor();
  });

  it('makes an API token that may do what was chosen, shows it once, and revokes it', async () => {
    const { page, faults } = await openAt('API tokens');
    await page.getByRole('button', { name: 'Make a token' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Name').fill('Booking system');
    await dialog.getByLabel('See people').check();
    await dialog.getByRole('button', { name: 'Make a token' }).click();
    await page.getByText(/shown only this once/).waitFor();
    const token = (await dialog.locator('pre').textContent()) ?? '';
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('rowheader', { name: 'Booking system' }).waitFor();
    expect(await page.content()).not.toContain(token);

    const { url, caFile = '' } = readProfile(join(web.estate.dataDir, 'cli.json'));
    const program = createClient({ url, token, fetch: fetchTrusting(caFile) });
    expect((await program.persons.page({ limit: 1 })).items).toHaveLength(1);
    await expect(program.properties.page({ limit: 1 })).rejects.toMatchObject({ code: 'not_permitted' });

    await page.getByRole('button', { name: 'Revoke “Booking system”' }).click();
    await dialog.getByRole('button', { name: 'Revoke the token' }).click();
    await page.getByText('The token is revoked.').waitFor();
    await expect(program.persons.page({ limit: 1 })).rejects.toMatchObject({ code: 'not_signed_in' });
    faults.assertNone(/^401 GET \S+\/v1\/me$/);
  });
});
