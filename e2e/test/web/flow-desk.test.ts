import { chromiumMissing, shot, type Window } from '@cardea/twin-browser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn, startWebEstate, type WebEstate } from './web-estate.ts';

describe.skipIf(chromiumMissing())('a day at the desk, in a real browser', { timeout: 240_000 }, () => {
  let web: WebEstate;
  let window: Window;
  let doorId: string;

  beforeAll(async () => {
    web = await startWebEstate();
    for await (const { id, name } of web.api.doors.list()) if (name === '101') doorId = id;
    window = await web.browser.open();
    await signIn(window, web, '/desk');
    window.faults.assertNone(/^401 GET \S+\/v1\/me$/);
  }, 240_000);

  afterAll(async () => {
    await web?.close();
  }, 60_000);

  /** The gateway of all doors. */
  async function gateway(value: 'on' | 'off'): Promise<void> {
    const { code, err } = await web.estate.cardea('sim', 'gateway', '101', value);
    expect(code, err).toBe(0);
  }

  it('a guest is checked in with a room, a name and a PIN', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'Check in', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Check in' });
    await dialog.getByRole('combobox', { name: 'Room' }).fill('101');
    await page.getByRole('option', { name: '101', exact: true }).click();
    await dialog.getByLabel("Guest's name").fill('Guest 1');
    await dialog.getByLabel('PIN', { exact: true }).check();
    await dialog.getByRole('button', { name: 'Check in', exact: true }).click();
    await dialog.getByText(/checked in until/).waitFor();
    expect(await dialog.locator('[data-secret=pin]').textContent()).toMatch(/^\d{6,9}$/);
    await dialog.getByRole('button', { name: 'Close' }).last().click();
    await dialog.waitFor({ state: 'hidden' });
    await page.getByRole('tab', { name: 'In house (1)' }).click();
    await page.getByRole('row', { name: /101/ }).getByText('Guest 1').waitFor();
    await shot(page, 'flow/checked-in');
    window.faults.assertNone();
  });

  it('the room is unlocked, and its receipt is on the screen before it is called done', async () => {
    const { page } = window;
    await page.goto(`${web.origin}/console/doors/${doorId}`);
    await page.getByRole('button', { name: 'Unlock', exact: true }).click();
    const asked = page.getByRole('region', { name: 'What was asked of it' });
    // Until it is seen the panel tells of what was asked before.
    const unlocking = asked.filter({ has: page.getByText('Unlock', { exact: true }) });
    await unlocking.getByText('Done: the lock says so').waitFor();
    // Without waiting: it is there as soon as that is said.
    expect(await asked.getByText(/The lock says: bolt unlocked/).count()).toBe(1);
    const { items } = await web.api.attempts.page({ door_id: doorId, limit: 1, order: 'newest_first' });
    expect(items[0]).toMatchObject({ operation: 'unlock', state: 'succeeded', receipt: { bolt: 'unlocked' } });
    expect(await asked.locator('code').first().textContent()).toBe(items[0]?.id);
    await shot(page, 'flow/unlocked');
    window.faults.assertNone();
  });

  it('a stale door says why, and is live again when its gateway is', async () => {
    const { page } = window;
    await gateway('off');
    const stale = page.getByText(/no gateway that reaches it is online/);
    await stale.waitFor();
    await page.getByText('Stale', { exact: true }).waitFor();
    await shot(page, 'flow/stale');
    await gateway('on');
    await stale.waitFor({ state: 'detached' });
    expect(await page.getByText('Stale', { exact: true }).count()).toBe(0);
    window.faults.assertNone();
  });

  it('who is checked out is told until when each key could still open, until the lock has acknowledged', async () => {
    const { page } = window;
    await page.goto(`${web.origin}/console/desk`);
    await page.getByRole('tab', { name: 'In house (1)' }).click();
    await page.getByRole('button', { name: 'Check out', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Check out: 101' });
    await dialog.getByRole('button', { name: 'Check out', exact: true }).click();
    await dialog.getByText('Checked out', { exact: true }).waitFor();
    const endings = dialog.getByRole('table', { name: 'Until when each can still open' });
    await endings.getByText('cannot open', { exact: true }).waitFor();
    await shot(page, 'flow/checked-out');
    const { items } = await web.api.grants.page({ state: 'active', limit: 100 });
    expect(items).toEqual([]);
    window.faults.assertNone();
  });

  it('a grant that is revoked out of reach shows until when it could still open, then that the lock knows', async () => {
    const { page } = window;
    const door = (await web.api.doors.page({ limit: 100 })).items.find(({ name }) => name === '102');
    const { items } = await web.api.persons.page({ limit: 100 });
    const guest = items.find(({ name }) => name === 'Guest 1');
    if (door === undefined || guest === undefined) throw new Error('there is no door 102, or no Guest 1');
    const grant = await web.api.grants.create({
      person_id: guest.id,
      scope: { kind: 'doors', door_ids: [door.id] },
      not_after: new Date((Math.floor(Date.now() / 1000) + 86_400) * 1000).toISOString(),
      methods: ['pin'],
    });
    await web.api.pins.make(grant.id, { kind: 'online' });
    const states = async () => (await web.api.grantMethods(grant.id)).map(({ state }) => state);
    await expect.poll(states).toEqual(['set']);
    await gateway('off');
    await page.goto(`${web.origin}/console/grants`);
    const row = page.getByRole('row', { name: /Guest 1.*102/ });
    await row.getByRole('button', { name: 'Revoke', exact: true }).click();
    const asked = page.getByRole('dialog', { name: 'Revoke this grant' });
    await asked.getByRole('button', { name: 'Revoke', exact: true }).click();
    const endings = page.getByRole('table', { name: 'Until when each can still open' });
    await endings.getByText(/^Cannot open after /).waitFor();
    await shot(page, 'flow/revoked-out-of-reach');
    await gateway('on');
    await endings.getByText(/the lock has acknowledged$/).waitFor();
    await shot(page, 'flow/revoked');
    window.faults.assertNone();
  });

  it('the record of the day is exported, and the file verifies apart from the console', async () => {
    const { page } = window;
    await page.goto(`${web.origin}/console/audit`);
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const file = await (await saving).path();
    await page.getByText(/^Saved as cardea-audit-\d+\.ndjson\.$/).waitFor();
    const verified = await web.estate.cardea('audit', 'verify', file);
    expect(verified.code, verified.err).toBe(0);
    await shot(page, 'flow/exported');
    window.faults.assertNone();
  });
});
