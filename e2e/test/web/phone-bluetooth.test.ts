import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchTrusting, readProfile } from '@cardea/client-cli';
import { createClient } from '@cardea/client-sdk';
import { dbusMissing } from '@cardea/twin-bluez';
import {
  type BluetoothChooser,
  type Browser,
  chooseBluetoothDevice,
  chromiumMissing,
  launchBrowser,
  PHONE,
  shot,
  type Window,
} from '@cardea/twin-browser';
import { readTruthFile } from '@cardea/twin-building';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildSite, type Site } from '../../src/chaos/site.ts';
import { type PhonePlace, standIn } from './phone-place.ts';

const EMAIL = 'resident@example.org';
const PASSWORD = 'a password of her own, the resident said';

describe.skipIf(chromiumMissing() || dbusMissing())(
  'a phone at a door, over Web Bluetooth',
  { timeout: 240_000 },
  () => {
    let folder: string;
    let site: Site;
    let place: PhonePlace;
    let browser: Browser;
    let window: Window;
    let origin: string;
    let grantId: string;
    let moved = 0;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'cardea-phone-web-'));
      site = await buildSite(folder, { faulty: false });
      place = await standIn(
        folder,
        [...site.lockOf.values()].filter((identifier) => identifier.startsWith('C0DEA')),
      );
      const { url, caFile = '' } = readProfile(join(folder, 'cli.json'));
      origin = url;
      browser = await launchBrowser({ authorityPem: readFileSync(caFile, 'utf8'), dbusAddress: place.dbusAddress });
      const person = await site.client.persons.add({
        email: EMAIL,
        name: 'Guest 1',
        role: 'guest',
        password: 'first of all',
      });
      const first = await createClient({ url, fetch: fetchTrusting(caFile) }).signIn(EMAIL, 'first of all');
      await site.clientOf(first.token ?? '').changePassword('first of all', PASSWORD);
      const given = await site.client.grants.create({
        person_id: person.id,
        scope: { kind: 'doors', door_ids: [(await doorOf('101')).id] },
        not_after: null,
        methods: ['mobile_key'],
      });
      grantId = given.id;
      window = await browser.open({ size: PHONE });
      await window.page.goto(`${origin}/phone/`);
      await window.page.getByLabel('E-mail or phone number').fill(EMAIL);
      await window.page.getByLabel('Password', { exact: true }).fill(PASSWORD);
      await window.page.getByRole('button', { name: 'Sign in', exact: true }).click();
      await window.page.getByText(/Works without network until/).waitFor();
    }, 300_000);

    beforeEach(() => {
      moved = unlocks('101');
    });

    afterAll(async () => {
      await browser?.close();
      await place?.close();
      await site?.stop();
      rmSync(folder, { recursive: true, force: true });
    }, 60_000);

    async function doorOf(name: string) {
      for await (const door of site.client.doors.list()) if (door.name === name) return door;
      throw new Error(`there is no door ${name}`);
    }

    function lockOf(door: '101' | '102'): string {
      return [...site.lockOf.values()].sort()[door === '101' ? 0 : 1] ?? '';
    }

    /** How often the bolt of a door came to rest unlocked, as the building itself has seen it. */
    function unlocks(door: '101' | '102'): number {
      return readTruthFile(site.truthFile).filter(
        (seen) => seen.lock === lockOf(door) && seen.kind === 'rest' && seen.operation === 'unlock' && !seen.boltOut,
      ).length;
    }

    /** Asks door 101 to open at the door; the person chooses the lock of `door` in the browser's list. */
    async function tap(door: '101' | '102' = '101'): Promise<BluetoothChooser> {
      const chooser = await chooseBluetoothDevice(window.page, await place.nameOf(lockOf(door)));
      const former = await window.page.$('[data-outcome]');
      await window.page.locator('button[data-way=bluetooth]').click();
      await former?.waitForElementState('hidden');
      await window.page.locator('[data-outcome]').waitFor();
      await chooser.close();
      return chooser;
    }

    /** What the server has of door 101: how often it was opened. */
    async function recorded(): Promise<number> {
      let count = 0;
      const query = { door_id: (await doorOf('101')).id, type: 'lock.unlocked' };
      for await (const _ of site.client.events.list(query)) count++;
      return count;
    }

    it('opens it, and shows what its lock said', async () => {
      const before = await recorded();
      await tap();
      await window.page.getByText('Open: the lock says so').waitFor();
      await window.page.getByText(/bolt unlocked/).waitFor();
      await shot(window.page, 'phone/bluetooth-opened');
      expect(unlocks('101')).toBe(moved + 1);
      await expect.poll(recorded).toBe(before + 1);
      window.faults.assertNone();
    });

    it('opens it with the server gone, after a reload too, and hands the records in when it is back', async () => {
      const { page, faults } = window;
      const before = await recorded();
      await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
      await site.actors.server.kill();
      await tap();
      await page.getByText('Open: the lock says so').waitFor();
      expect(unlocks('101')).toBe(moved + 1);
      await page.getByText('One record of a lock waits to be handed to the server').waitFor();
      await page.reload();
      await page.getByText(/Server not reached: at the door/).waitFor();
      await tap();
      await page.getByText('Open: the lock says so').waitFor();
      expect(unlocks('101')).toBe(moved + 2);
      await page.getByText('2 records of locks wait to be handed to the server').waitFor();
      await shot(page, 'phone/bluetooth-server-gone');
      await site.restart('server');
      // It notices by itself.
      await page.getByText(/to be handed to the server/).waitFor({ state: 'detached' });
      await expect.poll(recorded).toBe(before + 2);
      faults.assertNone(/ERR_CONNECTION_REFUSED/);
    });

    it('says that the outcome is unknown when the link is lost before the receipt', async () => {
      place.loseNextReceipt();
      await tap();
      await window.page.getByText('Outcome unknown').waitFor();
      expect(await window.page.getByText('Open: the lock says so').count()).toBe(0);
      await shot(window.page, 'phone/bluetooth-unknown');
      // It did open, as it may have: nobody knows but the lock.
      await expect.poll(() => unlocks('101')).toBe(moved + 1);
      window.faults.assertNone();
    });

    it('shows nothing to another lock that was chosen, and says that it is another', async () => {
      const other = unlocks('102');
      await tap('102');
      await window.page.getByText('That is not the lock of this door').waitFor();
      expect([unlocks('101'), unlocks('102')]).toEqual([moved, other]);
      window.faults.assertNone();
    });

    it('does nothing when the list is closed without a choice', async () => {
      const chooser = await chooseBluetoothDevice(window.page, /./);
      chooser.cancelNext();
      const button = window.page.locator('button[data-way=bluetooth]');
      await button.click();
      // What came of it the last time is not said any more, and nothing in its place.
      await expect.poll(() => window.page.locator('[aria-live=assertive]').allTextContents()).toEqual(['']);
      expect(await button.isEnabled()).toBe(true);
      await chooser.close();
      expect(unlocks('101')).toBe(moved);
    });

    it('whose key was taken back is refused by the lock, in words', async () => {
      // Without network it keeps the key, and hears nothing of that.
      await window.context.setOffline(true);
      await window.page.getByText(/Server not reached: at the door/).waitFor();
      await site.client.grants.revoke(grantId);
      await expect
        .poll(async () => (await site.client.grantMethods(grantId)).map(({ ending }) => ending.why))
        .toEqual(['acknowledged']);
      const chooser = await chooseBluetoothDevice(window.page, await place.nameOf(lockOf('101')));
      await window.page.getByRole('button', { name: 'Open 101', exact: true }).click();
      await window.page.getByText('The key for it was taken back.').waitFor();
      await chooser.close();
      await shot(window.page, 'phone/bluetooth-revoked');
      expect(unlocks('101')).toBe(moved);
      window.faults.assertNone(/ERR_INTERNET_DISCONNECTED/);
    });
  },
);
