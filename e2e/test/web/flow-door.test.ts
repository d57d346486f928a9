import { axe, chromiumMissing, serious, shot, type Window } from '@cardea/twin-browser';
import type { Door } from '@cardea/wire-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signIn, startWebEstate, type WebEstate } from './web-estate.ts';

describe.skipIf(chromiumMissing())('doors and their plan, in a real browser', { timeout: 240_000 }, () => {
  let web: WebEstate;
  let window: Window;
  let door: Door;

  beforeAll(async () => {
    web = await startWebEstate();
    for await (const one of web.api.doors.list()) if (one.name === '102') door = one;
    window = await web.browser.open();
    await signIn(window, web, '/doors');
    window.faults.assertNone(/^401 GET \S+\/v1\/me$/);
  }, 240_000);

  afterAll(async () => {
    await web?.close();
  }, 60_000);

  it('a door is found by the keyboard alone, and the page begins at its heading', async () => {
    const { page } = window;
    await page.getByRole('table', { name: 'Door' }).getByRole('link', { name: '102', exact: true }).waitFor();
    await page.keyboard.press('Control+k');
    const field = page.getByRole('combobox', { name: /^Search doors/ });
    await field.fill('102');
    await page.getByRole('option', { name: /^102/ }).first().waitFor();
    expect(serious(await axe(page))).toEqual([]);
    await page.keyboard.press('Enter');
    const heading = page.getByRole('heading', { level: 1, name: '102' });
    await heading.waitFor();
    expect(new URL(page.url()).pathname).toBe(`/console/doors/${door.id}`);
    await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('H1');
    window.faults.assertNone();
  });

  it('an override wants a reason, is followed to the receipt, and is an alert with its event', async () => {
    const { page } = window;
    await page.getByRole('button', { name: 'More', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Override …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Unlock in spite of privacy or lockdown' });
    const unlock = dialog.getByRole('button', { name: 'Unlock', exact: true });
    expect(await unlock.isDisabled()).toBe(true);
    await dialog.getByLabel('Reason').fill('smoke alarm');
    await unlock.click();
    const asked = page.getByRole('region', { name: 'What was asked of it' });
    await asked.getByText('Override', { exact: true }).waitFor();
    await asked.getByText('Done: the lock says so').waitFor();
    const timeline = page.getByRole('list', { name: 'What happened here' });
    await timeline.getByText('An override was asked for').waitFor();
    await timeline.getByText('smoke alarm').waitFor();
    // What the lock itself tells of it comes later, and belongs to the same alert.
    await timeline
      .getByText(/^(?:The lock unlocked|Unlocked in spite of privacy or lockdown)$/)
      .first()
      .waitFor();
    await page.getByRole('img', { name: /open alert/ }).waitFor();
    await page.getByRole('link', { name: /^Alerts/ }).click();
    const alert = page.getByRole('listitem').filter({ hasText: 'A door was opened by override' });
    await alert.getByText('What it rests on').click();
    await alert.getByText('smoke alarm').waitFor();
    await shot(page, 'flow/alert');
    expect(serious(await axe(page))).toEqual([]);
    await alert.getByRole('button', { name: 'Seen to' }).click();
    await page.getByRole('heading', { name: 'No open alerts' }).waitFor();
    window.faults.assertNone();
  });

  it('who may open a door is explained rule by rule', async () => {
    const { page } = window;
    await page.goto(`${web.origin}/console/doors/${door.id}`);
    const explain = page.getByRole('region', { name: 'Can somebody open it, and why?' });
    await explain.getByRole('combobox', { name: 'Person' }).click();
    await page.getByRole('option', { name: 'Operator', exact: true }).click();
    const afar = explain.getByRole('region', { name: 'From afar, through the server' });
    await afar.getByText('by role').waitFor();
    await afar.getByRole('listitem').filter({ hasText: 'Role' }).getByRole('img', { name: 'passed' }).waitFor();
    await shot(page, 'flow/explain');
    expect(serious(await axe(page))).toEqual([]);
    window.faults.assertNone();
  });

  it('a plan is edited by the keyboard, a step is taken back, and what is saved is what was shown', async () => {
    const { page } = window;
    const floorId = door.floor_id ?? '';
    const before = await web.api.floors.get(floorId);
    await page.goto(`${web.origin}/console/plan`);
    await page.getByRole('combobox', { name: 'Floor', exact: true }).selectOption(before.name);
    await page.getByRole('button', { name: 'Edit this plan' }).click();
    const sheet = page.getByRole('listbox', { name: 'Doors on the plan' });
    await sheet.focus();
    const option = sheet.getByRole('option');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    await expect.poll(() => option.textContent()).toMatch(/is picked up/);
    const start = placeOf(await option.textContent());
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(async () => placeOf(await option.textContent()).x).toBeCloseTo(start.x + 2.5, 2);
    const moved = await option.textContent();
    await page.keyboard.press('Enter');
    await expect.poll(() => option.textContent()).not.toMatch(/is picked up/);
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Undo' }).click();
    await shot(page, 'flow/plan-edited');
    expect(serious(await axe(page))).toEqual([]);
    await page.getByRole('button', { name: 'Save plan' }).click();
    await page.getByText('The plan is saved.').waitFor();
    const name = /^(\S+) is picked up/.exec(moved ?? '')?.[1] ?? '';
    const saved = await web.api.doors.page({ floor_id: floorId, name });
    expect(saved.items[0]?.position?.x).toBeCloseTo(Math.round((start.x + 2.5) * 2) / 2, 5);
    expect((await web.api.floors.get(floorId)).plan?.revision).toBe((before.plan?.revision ?? 0) + 1);
    window.faults.assertNone();
  });
});

/** Where a door that is picked up is said to be, metres. */
function placeOf(said: string | null): { readonly x: number; readonly y: number } {
  const [, x, y] = /: ([\d.]+) m from the left, ([\d.]+) m from the top/.exec(said ?? '') ?? [];
  return { x: Number(x), y: Number(y) };
}
