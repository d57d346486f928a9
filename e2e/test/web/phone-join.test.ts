import { randomBytes } from 'node:crypto';
import { axe, chromiumMissing, PHONE, serious, shot, type Window } from '@cardea/twin-browser';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { processesNaming } from '../estate-process.ts';
import { startWebEstate, type WebEstate } from './web-estate.ts';

const DOOR = '102';
const PASSWORD = randomBytes(12).toString('base64url');
const EMAIL = 'resident@example.org';

// One story in its order: each step begins where the one before it ended.
describe.skipIf(chromiumMissing())('a phone that joins by the link of an invitation', () => {
  let web: WebEstate;
  let phone: Window;
  let visitor: Window;
  /** Of the visitor's invitation. */
  let link: string;

  beforeAll(async () => {
    web = await startWebEstate();
    phone = await web.browser.open({ size: PHONE });
  }, 180_000);

  afterAll(async () => {
    await phone?.close();
    await web?.close();
  }, 60_000);

  it('chooses a password, is enrolled, and has the doors with their keys', async () => {
    const link = await invited(web);
    const { page, faults } = phone;
    await page.goto(link);
    expect(serious(await axe(page))).toEqual([]);
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { level: 2, name: DOOR }).waitFor();
    await page.getByText(/^Works without network until /).waitFor();
    expect(page.url(), 'the code has left the address').toBe(`${web.origin}/phone/`);
    const phones = await web.api.phones.page({});
    expect(phones.items.map(({ kind, state }) => ({ kind, state }))).toEqual([{ kind: 'phone', state: 'active' }]);
    expect(serious(await axe(page))).toEqual([]);
    await shot(page, 'phone/joined');
    faults.assertNone();
  });

  it('keeps its private key where no script reads it', async () => {
    const kept = await phone.page.evaluate(`new Promise((resolve, reject) => {
      const opening = indexedDB.open('cardea-phone');
      opening.onerror = () => reject(opening.error);
      opening.onsuccess = () => {
        const asked = opening.result.transaction('kept').objectStore('kept').get('key');
        asked.onsuccess = () => {
          const { privateKey } = asked.result;
          crypto.subtle.exportKey('pkcs8', privateKey).then(() => resolve('read'), (error) => resolve(error.name));
        };
      };
    })`);
    expect(kept).toBe('InvalidAccessError');
  });

  it('opens through the server, and says so when the lock has', async () => {
    const { page, faults } = phone;
    await page.getByRole('button', { name: `Open ${DOOR}`, exact: true }).click();
    await page.getByText('Open: the lock says so').waitFor();
    await page.getByText(/bolt unlocked/).waitFor();
    faults.assertNone();
  });

  it('invites a visitor by a link that is shown once', async () => {
    const { page, faults } = phone;
    await page.getByRole('link', { name: 'Visitors' }).click();
    await page.getByRole('button', { name: 'Invite a visitor' }).click();
    await page.getByLabel('Name').fill('Visitor 1');
    await page.getByRole('checkbox', { name: DOOR }).check();
    expect(serious(await axe(page))).toEqual([]);
    await page.getByRole('button', { name: 'Invite', exact: true }).click();
    link = (await page.locator('[data-link]').textContent()) ?? '';
    expect(link.startsWith(`${web.origin}/phone/join#`)).toBe(true);
    await shot(page, 'phone/visitor-invited');
    await page.getByRole('button', { name: 'Done' }).click();
    await page.getByRole('heading', { level: 2, name: 'Visitor 1' }).waitFor();
    expect(await page.getByText(link).count()).toBe(0);
    faults.assertNone();
  });

  it('lets the visitor have the door, and nobody else in', async () => {
    visitor = await web.browser.open({ size: PHONE });
    const { page, faults } = visitor;
    await page.goto(link);
    await page.getByLabel('New password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByRole('heading', { level: 2, name: DOOR }).waitFor();
    await page.getByText(/^Works without network until /).waitFor();
    expect(await page.getByRole('link', { name: 'Visitors' }).count()).toBe(0);
    await page.getByRole('button', { name: `Open ${DOOR}`, exact: true }).click();
    await page.getByText('Open: the lock says so').waitFor();
    await page.getByRole('link', { name: 'Activity' }).click();
    await page.getByText(`${DOOR}: Unlock: Done, by the receipt of the lock`).waitFor();
    expect(serious(await axe(page))).toEqual([]);
    faults.assertNone();
  });

  it('tells the host that the visitor came, until the host has seen it', async () => {
    const { page, faults } = phone;
    await page.getByRole('link', { name: /^Activity, \d+ new$/ }).click();
    const notice = page.getByRole('list', { name: 'Notices' }).getByText(`${DOOR}: Visitor 1, your visitor, opened`);
    await notice.first().waitFor();
    await page.getByRole('link', { name: 'Activity', exact: true }).waitFor();
    expect(serious(await axe(page))).toEqual([]);
    await shot(page, 'phone/activity-notices');
    await page.getByRole('button', { name: 'History' }).click();
    const history = page.getByRole('list', { name: 'History' });
    await history.getByText(`${DOOR}: Unlock: Done, by the receipt of the lock`).waitFor();
    await history.getByText(`${DOOR}: Visitor 1, your visitor, opened`).first().waitFor();
    expect(serious(await axe(page))).toEqual([]);
    await shot(page, 'phone/activity-history');
    faults.assertNone();
  });

  it('takes back what the visitor was given, and says until when it opens', async () => {
    const { page, faults } = phone;
    await page.getByRole('link', { name: 'Visitors' }).click();
    await page.getByRole('button', { name: 'Take back what Visitor 1 was given' }).click();
    await page.getByRole('button', { name: 'Take back', exact: true }).click();
    await page.getByText('Until when Visitor 1 can still open').waitFor();
    await page.getByText(/Cannot open (after|since)/).waitFor();
    await shot(page, 'phone/visitor-revoked');
    faults.assertNone();
    await visitor.page.goto(`${web.origin}/phone/`);
    await visitor.page.getByText('No door has been given to you yet').waitFor();
    visitor.faults.assertNone();
    await visitor.close();
    await page.getByRole('link', { name: 'Doors' }).click();
    await page.getByRole('heading', { level: 2, name: DOOR }).waitFor();
  });

  it('shows doors and keys after a reload when the server is gone', async () => {
    const { page, faults } = phone;
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await expect.poll(() => page.evaluate('navigator.serviceWorker.controller !== null')).toBe(true);
    await endServer(web);
    await page.reload();
    await page.getByRole('heading', { level: 2, name: DOOR }).waitFor();
    await page.getByText(/^Works without network until /).waitFor();
    await page.getByText('The server is not reached.').first().waitFor();
    await shot(page, 'phone/server-gone');
    // What was under way when the server went ends in other words than what is asked afterwards.
    faults.assertNone(/^net::ERR_(?:CONNECTION_(?:REFUSED|RESET|CLOSED)|EMPTY_RESPONSE) /);
  });

  it('finds any of its addresses when the server is gone', async () => {
    const { page } = phone;
    await page.goto(`${web.origin}/phone/sign-in`);
    await page.getByRole('heading', { level: 1, name: 'Sign in' }).waitFor();
  });
});

/** Invites a resident who may open the door, and answers the link of the message. */
async function invited({ api, origin }: WebEstate): Promise<string> {
  const { person, verification_id } = await api.persons.invite({
    name: 'Resident 1',
    role: 'resident',
    address: EMAIL,
  });
  const { items: doors } = await api.doors.page({ limit: 100 });
  const door = doors.find(({ name }) => name === DOOR);
  if (door === undefined) throw new Error(`the demo has no door ${DOOR}`);
  await api.grants.create({
    person_id: person.id,
    scope: { kind: 'doors', door_ids: [door.id] },
    not_after: null,
    methods: ['mobile_key'],
  });
  // Messages leave on their own.
  const message = await vi.waitUntil(async () => (await api.outbox())[0], { timeout: 15_000 });
  const link = message.text.split('\n').find((line) => line.startsWith(`${origin}/phone/join#${verification_id}.`));
  if (link === undefined) throw new Error(`the message has no link:\n${message.text}`);
  return link;
}

/** Ends the server alone; the building with its locks goes on. */
async function endServer({ estate }: WebEstate): Promise<void> {
  const server = async () => await processesNaming(`server --data ${estate.dataDir}`);
  for (const id of await server()) process.kill(id, 'SIGKILL');
  await expect.poll(server).toEqual([]);
}
