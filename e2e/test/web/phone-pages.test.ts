import { appPages, chromiumMissing, DESK, PHONE } from '@cardea/twin-browser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { walk } from './page-walk.ts';
import { startWebEstate, type WebEstate } from './web-estate.ts';

describe.skipIf(chromiumMissing())('the pages of the phone in a real browser', { timeout: 240_000 }, () => {
  let web: WebEstate;

  beforeAll(async () => {
    web = await startWebEstate();
    let door: string | undefined;
    for await (const { id, name } of web.api.doors.list()) if (name === '101') door = id;
    await web.api.grants.create({
      person_id: (await web.api.me()).person_id,
      scope: { kind: 'doors', door_ids: [door ?? ''] },
      methods: ['mobile_key', 'pin'],
    });
  }, 240_000);

  afterAll(async () => {
    await web?.close();
  }, 60_000);

  it.each([
    ['phone-light-en', { size: PHONE, scheme: 'light' }, { by: 'address', audited: true }],
    ['phone-dark-zh', { size: PHONE, scheme: 'dark', locale: 'zh-CN' }, { by: 'link', audited: true }],
    ['desk-light-zh', { size: DESK, scheme: 'light', locale: 'zh-CN' }, { by: 'link', audited: false }],
    ['desk-dark-en', { size: DESK, scheme: 'dark' }, { by: 'link', audited: false }],
  ] as const)('are each shown to everybody: %s', async (name, viewer, how) => {
    const window = await web.browser.open(viewer);
    const { page, faults } = window;
    await page.goto(`${web.origin}/phone/sign-in`);
    await page.locator('input[autocomplete=username]').fill(web.owner.email);
    await page.locator('input[autocomplete=current-password]').fill(web.owner.password);
    await page.locator('button[type=submit]').click();
    await page.getByRole('heading', { level: 2, name: '101' }).waitFor();
    faults.assertNone();
    const pages = await appPages('phone');
    expect(await walk(window, { ...how, base: '/phone', pages, name: `phone/${name}` })).toEqual([]);
    await window.close();
  });
});
