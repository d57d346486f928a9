import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join, relative, sep } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { readProfile } from '@cardea/client-cli';
import { createEnvelope, type Envelope, nodeKeyAgreement, nodePrimitives, systemRandom } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import { createElement, createNorFlash, LOCK_FLASH, openDurableStore } from '@cardea/lock';
import { loadDemo } from '@cardea/twin-building';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildSite, type Site } from '../src/chaos/site.ts';
import { totp, totpSecret } from './totp.ts';

const CARDEA = fileURLToPath(new URL('../../app/bin/cardea.mjs', import.meta.url));
const NAME = 'Gwendolyn Quillfeather';
const EMAIL = 'gwendolyn@quillfeather.example';
const PHONE_NUMBER = '+4930987654321';
const PASSWORD = 'seven herons over the moor';

let folder: string;
let site: Site;
/** Everything that is known of the person, by what it is: what nothing may hold afterwards. */
const data = new Map<string, Uint8Array>();
const text = (what: string): Uint8Array => new TextEncoder().encode(what);

/** A command line of the operator, or of the person. */
async function cardea(who: 'operator' | 'gwen', args: readonly string[], lines: readonly string[] = []) {
  const profile = who === 'operator' ? join(folder, 'cli.json') : join(folder, 'gwen', 'cli.json');
  const child = spawn(process.execPath, [CARDEA, ...args, '--json'], {
    env: { ...process.env, CARDEA_PROFILE: profile, NO_COLOR: '1' },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    out += part;
  });
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    err += part;
  });
  child.stdin.end(lines.map((line) => `${line}\n`).join(''));
  const [code] = (await once(child, 'close')) as [number | null];
  expect(code, err).toBe(0);
  return JSON.parse(out);
}

/** The code that was last sent to an address, as it lies in the demo's outbox. */
async function codeSentTo(address: string): Promise<string> {
  const { items } = await cardea('operator', ['sim', 'outbox', '--to', address]);
  return /code +(\S+)/.exec(items[0].text)?.[1] ?? '';
}

/** Every file of the estate, but for what the person has at home. */
function filesOf(dir: string): string[] {
  return readdirSync(dir, { withFileTypes: true }).flatMap((entry) => {
    const path = join(dir, entry.name);
    if (relative(folder, path) === 'gwen' || entry.name.endsWith('.sock')) return [];
    return entry.isDirectory() ? filesOf(path) : entry.isFile() ? [path] : [];
  });
}

/** A copy of the record as it lies on the disk now, opened for `look`. */
async function withRecord<T>(look: (database: DatabaseSync) => T | Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), 'cardea-erasure-copy-'));
  for (const name of ['cardea.db', 'cardea.db-wal']) {
    if (existsSync(join(folder, 'ras', name))) copyFileSync(join(folder, 'ras', name), join(copy, name));
  }
  const database = new DatabaseSync(join(copy, 'cardea.db'));
  try {
    return await look(database);
  } finally {
    database.close();
    rmSync(copy, { recursive: true, force: true });
  }
}

/** Everything that the record seals, in plain: each blob is tried under each text of its row. */
function* unsealed(database: DatabaseSync, envelope: Envelope): Generator<[string, Uint8Array]> {
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  for (const { name: table } of tables) {
    for (const row of database.prepare(`select * from "${String(table)}"`).all()) {
      const keys = Object.values(row).filter((value) => typeof value === 'string');
      for (const [column, sealed] of Object.entries(row)) {
        if (!(sealed instanceof Uint8Array)) continue;
        for (const key of keys) {
          try {
            yield [`${table}.${column}`, envelope.open(sealed, `${table}.${column}/${key}`).reveal()];
            break;
          } catch {
            // Sealed for another place, or not at all: then it lies in the file as it is.
          }
        }
      }
    }
  }
}

/** The records of both banks of a lock's flash, in plain. */
async function* flashOf(identity: Awaited<ReturnType<typeof loadDemo>>[number]): AsyncGenerator<Uint8Array> {
  const file = join(folder, 'twin', 'locks', `${identity.identifier}.flash`);
  if (!existsSync(file)) return;
  const image = new Uint8Array(readFileSync(file));
  const element = createElement({
    primitives: nodePrimitives,
    random: systemRandom,
    agreement: nodeKeyAgreement as never,
    rootKey: identity.factoryKey,
    identifier: identity.identifier,
    serialKey: undefined,
  });
  const bank = (LOCK_FLASH.sectorOctets * LOCK_FLASH.sectors) / 2;
  for (const other of [0, bank]) {
    const alone = image.slice();
    alone.fill(0xff, other, other + bank);
    const seen: Uint8Array[] = [];
    const take = (octets: Uint8Array): void => void seen.push(octets);
    openDurableStore<undefined, undefined>(
      createNorFlash(LOCK_FLASH, alone),
      {
        factory: undefined,
        encodeState: () => new Uint8Array(),
        decodeState: (octets) => take(octets) as undefined,
        encodeChange: () => new Uint8Array(),
        decodeChange: (octets) => take(octets) as undefined,
        apply: () => undefined,
      },
      element,
    );
    yield* seen;
  }
}

/** Where the estate holds which datum: in its files as they are, and in what the record and the locks seal. */
async function found(): Promise<Map<string, string[]>> {
  const places = new Map<string, string[]>();
  const look = (place: string, octets: Uint8Array): void => {
    const haystack = Buffer.from(octets);
    for (const [what, datum] of data) {
      const forms = [Buffer.from(datum), Buffer.from(toHex(datum)), Buffer.from(Buffer.from(datum).toString('base64'))];
      if (forms.some((form) => haystack.includes(form))) places.set(what, [...(places.get(what) ?? []), place]);
    }
  };
  for (const file of filesOf(folder)) look(relative(folder, file), readFileSync(file));
  const envelope = await createEnvelope(join(folder, 'ras', 'envelope.key'));
  await withRecord((database) => {
    for (const [place, octets] of unsealed(database, envelope)) look(`sealed ${place}`, octets);
  });
  for (const identity of await loadDemo(join(folder, 'twin'), Date.now())) {
    for await (const octets of flashOf(identity)) look(`flash of ${identity.identifier}`, octets);
  }
  return places;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-erasure-'));
  site = await buildSite(folder, { faulty: false });
}, 120_000);

afterAll(async () => {
  await site?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

describe('the erasure of a person', () => {
  let personId: string;

  it('registers by a code, adds a phone number and an authenticator, opens a door by a phone', async () => {
    const { url, caFile } = readProfile(join(folder, 'cli.json'));
    const server = ['--ca-file', caFile ?? ''];
    const asked = await cardea('gwen', ['register', url, '--address', EMAIL, '--name', NAME, ...server]);
    const confirming = ['confirm', asked.verification_id, '--url', url, ...server];
    personId = (await cardea('gwen', confirming, [await codeSentTo(EMAIL), PASSWORD])).id;
    await cardea('gwen', ['login', url, '--email', EMAIL, ...server], [PASSWORD]);
    const token = JSON.parse(readFileSync(join(folder, 'gwen', 'cli.json'), 'utf8')).token;
    const { own } = site.clientOf(token);

    const contact = await cardea('gwen', ['me', 'contact', 'add', PHONE_NUMBER]);
    await cardea('gwen', ['confirm', contact.verification_id, '--contact'], [await codeSentTo(PHONE_NUMBER)]);
    const { secret } = await own.beginTotp(PASSWORD);
    data.set('TOTP secret', totpSecret(secret));
    const { recovery_codes } = await own.confirmTotp(totp(secret));
    expect(recovery_codes).toHaveLength(10);
    await expect(site.clientOf('').signIn(EMAIL, 'not the password')).rejects.toMatchObject({
      code: 'bad_credentials',
    });

    const grant = await site.client.grants.create({
      person_id: personId,
      scope: { kind: 'doors', door_ids: [(await doorOf('102')).id] },
      methods: ['mobile_key'],
      uses: 5,
    });
    const phone = await cardea('gwen', ['phone', 'new', '--name', 'telephone of Gwendolyn']);
    await cardea('gwen', ['phone', 'keys']);
    await cardea('gwen', ['phone', 'open', '102', '--offline', '--hub', join(folder, 'twin', 'hub.json')]);
    await cardea('gwen', ['phone', 'receipts']);

    const known = await withRecord((database) =>
      [
        'select public_key from phone where person_id = ?',
        'select id from phone where person_id = ?',
        'select key_id from key_lease where person_id = ?',
        'select hash from token where person_id = ?',
        'select id from token where person_id = ?',
        'select hash from person_password where person_id = ?',
        'select hash from recovery_code where person_id = ?',
      ].map((query) => Object.values(database.prepare(query).get(personId) ?? {})[0]),
    );
    const [phoneKey, phoneId, keyId, tokenHash, tokenId, passwordHash, codeHash] = known;
    data.set('name', text(NAME));
    data.set('e-mail address', text(EMAIL));
    data.set('phone number', text(PHONE_NUMBER));
    data.set('name of the phone', text('telephone of Gwendolyn'));
    data.set('public key of the phone', phoneKey as Uint8Array);
    data.set('id of the phone', text(String(phoneId)));
    data.set('grant', text(grant.id));
    data.set('key at the lock', keyId as Uint8Array);
    data.set('hash of the session', text(String(tokenHash)));
    data.set('id of the session', text(String(tokenId)));
    data.set('hash of the password', text(String(passwordHash)));
    data.set('hash of a recovery code', text(String(codeHash)));
    data.set('device', text(`cardea on ${hostname()}`));
    expect(phone).toBeDefined();
  }, 120_000);

  it('before it, the search finds every datum in the files, the flash or what is sealed', async () => {
    const places = await found();
    expect([...data.keys()].filter((what) => !places.has(what))).toEqual([]);
    expect(places.get('TOTP secret')).toEqual(['sealed person_totp.secret']);
    expect(places.get('key at the lock')?.some((place) => place.startsWith('flash of '))).toBe(true);
  }, 60_000);

  it('the export says what is held, and no secret', async () => {
    const held = await cardea('operator', ['person', 'export', EMAIL]);
    expect(held.person).toMatchObject({ id: personId, name: NAME, email: EMAIL });
    expect(held.data.contacts.map(({ address }: { address: string }) => address)).toEqual([EMAIL, PHONE_NUMBER]);
    for (const noun of ['authenticators', 'recovery_codes', 'tokens', 'grants', 'phones', 'keys', 'events']) {
      expect(held.data[noun].length, noun).toBeGreaterThan(0);
    }
    const said = JSON.stringify(held);
    for (const what of ['hash of the session', 'hash of the password', 'hash of a recovery code', 'TOTP secret']) {
      expect(said, what).not.toContain(Buffer.from(data.get(what) ?? []).toString());
    }
  }, 60_000);

  it('afterwards nothing that is held names the person: not the files, not what is sealed, not the lock', async () => {
    await cardea('operator', ['person', 'erase', EMAIL, '--yes']);
    // The log of the process names sessions by ids that lead to nobody, until it is rotated.
    const logged = `logs${sep}`;
    // The key stays on the lock's list of the denied until its lease is over: it leads to nobody.
    data.delete('key at the lock');
    await expect
      .poll(
        async () =>
          [...(await found())].filter(
            ([what, places]) => what !== 'id of the session' || places.some((place) => !place.startsWith(logged)),
          ),
        { timeout: 60_000, interval: 2_000 },
      )
      .toEqual([]);
    const kept = readFileSync(join(folder, 'ras', 'cardea.db'));
    expect(kept.includes(personId)).toBe(true);
  }, 120_000);

  it('her key and her password open nothing any more, and the audit log is whole', async () => {
    await expect(site.clientOf('').signIn(EMAIL, PASSWORD)).rejects.toMatchObject({ code: 'bad_credentials' });
    await expect(site.client.persons.get(personId)).rejects.toMatchObject({ code: 'not_found' });
    await cardea('operator', ['audit', 'verify']);
    const erased = [];
    for await (const event of site.client.events.list({ type: 'person.erased' })) erased.push(event.detail);
    expect(erased).toEqual([{ person_id: personId }]);
  }, 60_000);
});

async function doorOf(name: string) {
  for await (const door of site.client.doors.list()) if (door.name === name) return door;
  throw new Error(`there is no door ${name}`);
}
