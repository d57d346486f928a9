import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchTrusting, readProfile } from '@cardea/client-cli';
import { enrolPhone, type Phone, type PhoneKey, signInByKey } from '@cardea/client-key';
import { type Client, createClient } from '@cardea/client-sdk';
import { generateP256, signP256 } from '@cardea/kit-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite, type Site } from '../src/chaos/site.ts';

const EMAIL = 'resident@example.org';
const FIRST = 'a first password, of staff';
const OWN = 'a password of the resident';
const VISITORS = 'a password of the visitor';
const DOOR = '101';

let folder: string;
let site: Site;
let origin: string;
let as: (token?: string | null) => Client;
let host: Client;

/** The key of a phone that keeps nothing but the id that it got. */
function phoneOf(): { readonly key: PhoneKey; readonly phone: Pick<Phone, 'enrolled'> } {
  const pair = generateP256();
  const sign = async (message: Uint8Array): Promise<Uint8Array> => signP256(pair.privateKey, message);
  return { key: { publicKey: pair.publicKey, sign }, phone: { enrolled: async () => {} } };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-visitor-'));
  site = await buildSite(folder, { faulty: false });
  const { url, caFile } = readProfile(join(folder, 'cli.json'));
  const fetch = fetchTrusting(caFile);
  origin = new URL(url).origin;
  as = (token) => createClient({ url, fetch, ...(token != null && { token }) });
  const { id } = await site.client.persons.add({ email: EMAIL, name: 'Resident 1', role: 'resident', password: FIRST });
  const given = as((await as().signIn(EMAIL, FIRST)).token);
  await given.changePassword(FIRST, OWN);
  host = as((await as().signIn(EMAIL, OWN)).token);
  let doorId: string | undefined;
  for await (const door of site.client.doors.list()) if (door.name === DOOR) doorId = door.id;
  const scope = { kind: 'doors' as const, door_ids: [doorId ?? ''] };
  await site.client.grants.create({ person_id: id, scope, methods: ['mobile_key', 'pin'] });
}, 120_000);

afterAll(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('a visitor of a resident', () => {
  it('joins by the shared link, has a key and the door, comes back by the key of the phone, and holds nothing once taken back', async () => {
    const [own] = await host.own.doors();
    const until = new Date(1000 * Math.ceil(Date.now() / 1000 + 3600)).toISOString();
    const doorIds = [own?.id ?? ''];
    const invited = await host.visitors.invite({ name: 'Visitor 1', door_ids: doorIds, not_after: until, pin: true });
    expect(invited).toMatchObject({ sent: false, visitor: { state: 'active', doors: [{ name: DOOR }] } });
    expect(invited.pin).toMatch(/^[0-9]{6}$/);
    const link = new URL(invited.link ?? '');
    expect(`${link.origin}${link.pathname}`).toBe(`${origin}/phone/join`);
    const [reference = '', code = ''] = link.hash.slice(1).split('.');

    const { email } = await as().registration.confirm(reference, code, VISITORS);
    const visitor = as((await as().signIn(email, VISITORS)).token);
    const { key, phone } = phoneOf();
    const phoneId = await enrolPhone(visitor, key, phone as Phone, { kind: 'phone', name: 'phone of a visitor' });
    expect((await visitor.phones.keys(phoneId)).keys.map(({ door_name }) => door_name)).toEqual([DOOR]);

    const session = await signInByKey(as(), key, { origin });
    const back = as(session.token);
    expect((await back.me()).scopes).toEqual(['access:use']);
    expect((await back.own.doors()).map(({ name, admits }) => [name, admits])).toEqual([[DOOR, 'now']]);
    const attempt = await back.unlock(doorIds[0] ?? '');
    expect(attempt.state).toBe('succeeded');
    const { items } = await host.own.notices();
    expect(items.some(({ person_id, type }) => person_id === session.person.id && type === 'attempt.succeeded')).toBe(
      true,
    );

    const { visitor: over, at_locks } = await host.visitors.revoke(invited.visitor.id);
    expect(over.state).toBe('revoked');
    expect(at_locks.map(({ method }) => method).sort()).toEqual(['mobile_key', 'pin']);
    expect(await back.own.doors()).toEqual([]);
    expect((await back.phones.keys(phoneId)).keys).toEqual([]);
    await visitor.phones.lost(phoneId);
    await expect(back.me()).rejects.toMatchObject({ code: 'not_signed_in' });
    await expect(signInByKey(as(), key, { origin })).rejects.toMatchObject({ code: 'bad_credentials' });
    await visitor.own.erase(VISITORS);
    await expect(visitor.me()).rejects.toMatchObject({ code: 'not_signed_in' });
  }, 60_000);
});
