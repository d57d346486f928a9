import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectTcp } from '@cardea/kit-node';
import { chromiumMissing, pictureOfModules, shot, type Window } from '@cardea/twin-browser';
import { type Air, joinAir, parseHubAddress } from '@cardea/wire-air';
import { encodeQR } from 'qr';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ActorProcess, actorProcess } from '../../src/chaos/actor-process.ts';
import { signIn, startWebEstate, type WebEstate } from './web-estate.ts';

const LOCK = 'C0DEA0000105';

/** From an empty server to a door that opens, in one sitting: each step needs those before it. */
describe.skipIf(chromiumMissing())('the first hour, in a real browser', { timeout: 240_000 }, () => {
  let web: WebEstate;
  let window: Window;
  let building: ActorProcess;
  let gateway: ActorProcess | undefined;
  let air: Air;

  beforeAll(async () => {
    web = await startWebEstate({ demo: 'none' });
    const { dataDir: folder } = web.estate;
    building = actorProcess({ name: 'building', args: ['building', '--data', folder], folder, faulty: false });
    await building.start();
    const hub = parseHubAddress(JSON.parse(readFileSync(join(folder, 'twin', 'hub.json'), 'utf8')));
    air = await joinAir(await connectTcp(hub.host, hub.port), { token: hub.token, name: 'hand' });
    window = await web.browser.open();
    await signIn(window, web);
    window.faults.assertNone(/^401 GET \S+\/v1\/me$/);
  }, 240_000);

  afterAll(async () => {
    await gateway?.stop();
    air?.close();
    await building?.stop();
    await web?.close();
  }, 60_000);

  /** Opens a step by its heading, unless it is open. */
  async function step(title: string): Promise<void> {
    const button = window.page.getByRole('button', { name: new RegExp(`^${title}`) });
    await button.waitFor();
    if ((await button.getAttribute('aria-expanded')) === 'false') await button.click();
  }

  it('an empty server begins with the guide: the property first', async () => {
    const { page, faults } = window;
    await page.getByRole('heading', { level: 1, name: 'Set up' }).waitFor();
    await step('Property');
    await page.getByLabel('Name', { exact: true }).fill('House 1');
    await page.getByRole('button', { name: 'Add the property' }).click();
    await page.getByText(/^House 1 · /).waitFor();
    faults.assertNone();
  });

  it('floors and doors come from a list', async () => {
    const { page, faults } = window;
    await step('Floors and doors');
    await page.getByLabel('List of doors').fill('Floor 1: 101-102');
    await page.getByRole('button', { name: 'Make 2 doors' }).click();
    await page.getByText('2 doors are there.').waitFor();
    faults.assertNone();
  });

  it('a gateway enrols by the command that is shown once', async () => {
    const { page, faults } = window;
    const { dataDir: folder } = web.estate;
    await step('Gateways');
    await page.getByLabel('Name', { exact: true }).fill('Gateway 1');
    await page.getByRole('button', { name: 'Add the gateway' }).click();
    const command = (await page.getByText(/CARDEA_ENROLMENT_TOKEN=/).textContent()) ?? '';
    const [, token = '', server = ''] =
      /^CARDEA_ENROLMENT_TOKEN=(\S+) cardea gateway run --server (\S+)/.exec(command) ?? [];
    expect(server).toBe(web.origin);
    gateway = actorProcess({
      name: 'gateway',
      args: ['gateway', 'run', '--data', folder, '--server', server],
      folder,
      faulty: false,
    });
    await gateway.start({
      CARDEA_ENROLMENT_TOKEN: token,
      CARDEA_CA_FILE: join(folder, 'ras', 'tls', 'authority.pem'),
    });
    await page.getByText('Gateway 1 is online').waitFor();
    await shot(page, 'flow/first-start-gateway');
    faults.assertNone();
  });

  it('a lock is put on its door by the QR code before the camera and the button at the lock', async () => {
    const { page, faults } = window;
    await step('Locks');
    await page
      .locator('input[type=file][accept*=json]')
      .setInputFiles(join(web.estate.dataDir, 'twin', 'manifest-cardea.json'));
    await page.getByRole('button', { name: 'Bring it in' }).click();
    await page.getByText(/locks are new/).waitFor();
    web.browser.camera.show(pictureOfModules(encodeQR(`CARDEA:LOCK:${LOCK}`, 'raw', { border: 4 })));
    await page.getByRole('button', { name: 'Scan with the camera' }).click();
    await expect.poll(() => page.getByLabel('Lock', { exact: true }).inputValue()).toBe(LOCK);
    await page.getByText('Known from its maker').waitFor();
    await page.getByRole('combobox', { name: 'Door' }).click();
    await page.getByRole('option', { name: '101', exact: true }).click();
    await page.getByRole('button', { name: 'Put it on the door' }).click();
    await page.getByText('Press the button on the lock now').waitFor();
    const enrolled = page.getByText(`Lock ${LOCK} is on door 101: it has said so itself`);
    // A press that the lock does not wait for yet counts for nothing: whoever stands there presses again.
    await expect
      .poll(async () => {
        await air.control('press', LOCK, 'button');
        return enrolled.count();
      })
      .toBe(1);
    await shot(page, 'flow/first-start-lock');
    faults.assertNone();
  });

  it('the first of the staff gets a password that is shown once, and everything is set up', async () => {
    const { page, faults } = window;
    await step('First staff');
    await page.getByLabel('Name', { exact: true }).fill('Front desk');
    await page.getByText('By a first password that you hand over').click();
    await page.getByLabel('E-mail', { exact: true }).fill('desk@example.org');
    await page.getByRole('button', { name: 'Add, and show the password' }).click();
    await page.getByText('First password for Front desk').waitFor();
    await page.getByText('5 of 5 steps done').waitFor();
    await shot(page, 'flow/first-start-done');
    faults.assertNone();
  });

  it('and the door opens, with the receipt of its lock', async () => {
    const { page, faults } = window;
    const { items } = await web.api.doors.page({ limit: 10 });
    const door = items.find(({ name }) => name === '101');
    await page.goto(`${web.origin}/console/doors/${door?.id}`);
    await page.getByRole('button', { name: 'Unlock', exact: true }).click();
    await page.getByText('Done: the lock says so').waitFor();
    faults.assertNone();
  });
});
