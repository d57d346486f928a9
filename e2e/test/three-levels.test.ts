import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fetchTrusting } from '@cardea/client-cli';
import { createUplink, tlsTransport } from '@cardea/gateway';
import { nodeKeyAgreement, nodePrimitives, seededRandom, systemClock, systemRandom } from '@cardea/kit-node';
import { Secret, silentLog } from '@cardea/kit-runtime';
import { createNorFlash, runVirtualLock, type VirtualLock } from '@cardea/lock';
import type { Actor, Attempt, Role, Scope } from '@cardea/server-core';
import { type RunningServer, runServer } from '@cardea/server-main';
import { createDemoEstate, type Estate, type Meddler, stretch } from '@cardea/twin-building';
import { LINK_CHARACTERISTIC, LOCK_SERVICE } from '@cardea/wire-lock';
import type { FromGateway } from '@cardea/wire-route';
import { scramVerifier } from '@cardea/wire-xmpp';
import { afterEach, describe, expect, it } from 'vitest';

/*
 * Three levels of authentication stand before a bolt: the user, the RAS, the device. Each is taken away or made wrong
 * alone, while the other two are right: the bolt must not move, and nothing may be called succeeded that did not happen.
 * Each test also shows that the same door opens when all three are right.
 */

/** A door of each maker. */
const DOORS = ['101', '102'] as const;
const EACH_MAKER = (_: unknown, index: number): boolean => index === 4 || index === 9;

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function boundEstate(options: { meddler?: Meddler } = {}): Promise<Estate> {
  const estate = await createDemoEstate({ seed: 7, keep: EACH_MAKER, ...options });
  cleanups.push(() => estate.stop());
  await estate.enrolAll();
  return estate;
}

const opens = (estate: Estate): number => DOORS.reduce((sum, door) => sum + estate.lock(door).view().opens, 0);

/** With all three levels right, every door opens, and says so with its lock's receipt. */
async function opensWithAllThree(estate: Estate): Promise<void> {
  for (const door of DOORS) {
    await estate.operate(door, 'lock');
    const before = estate.lock(door).view().opens;
    const attempt = await estate.operate(door, 'unlock');
    expect([door, attempt.state, attempt.reason]).toEqual([door, 'succeeded', null]);
    expect(attempt.receipt).toMatchObject({ attributes: { bolt: 'unlocked' } });
    expect(estate.lock(door).view()).toMatchObject({ boltOut: false, opens: before + 1 });
    await estate.operate(door, 'lock');
  }
}

/** Tries every door; no bolt may move and no attempt may succeed, now or after everything has had its time. */
async function stopsEveryUnlock(estate: Estate): Promise<readonly Attempt[]> {
  const before = opens(estate);
  const attempts: Attempt[] = [];
  for (const door of DOORS) {
    const attempt = await estate.operate(door, 'unlock');
    await estate.clock.advance(20_000);
    attempts.push(await estate.ras.core.attempts.get(estate.ras.owner, attempt.id));
  }
  for (const { state, receipt, lateReceipt } of attempts) {
    expect(['failed', 'expired']).toContain(state);
    expect([receipt?.attributes.bolt, lateReceipt]).not.toContain('unlocked');
  }
  expect(opens(estate)).toBe(before);
  return attempts;
}

describe('the user', () => {
  const unlockAs = async (estate: Estate, token: Secret<string>, door: string): Promise<Attempt> => {
    const { core } = estate.ras;
    return core.attempts.operate(await core.access.authenticate(token), estate.doorId(door), 'unlock', undefined);
  };
  const PASSWORD = new Secret('seven green bottles');
  const OWN_PASSWORD = new Secret('hanging on the wall');

  const addPerson = async ({ ras: { core, owner } }: Estate, role: Role, email: string): Promise<string> =>
    (await core.persons.add(owner, { name: 'Somebody', email, role, password: PASSWORD })).id;
  /** Signs in, with a password of the person's own unless `asGiven`. */
  const signIn = async ({ ras: { core } }: Estate, email: string, asGiven = false): Promise<Secret<string>> => {
    const first = await core.access.signIn(email, PASSWORD, 'here');
    if (asGiven) return first.token;
    await core.access.changePassword(await core.access.authenticate(first.token), PASSWORD, OWN_PASSWORD);
    return (await core.access.signIn(email, OWN_PASSWORD, 'here')).token;
  };
  const apiToken = async ({ ras: { core } }: Estate, actor: Actor, scopes: readonly Scope[], expiresInS = 3600) =>
    core.access.createToken(actor, { name: 'program', scopes, expiresInS });

  it('removed or wrong alone stops the unlock: no token, unknown, expired, withdrawn, wrong scope, role or password', async () => {
    const estate = await boundEstate();
    const { core, owner } = estate.ras;
    const before = opens(estate);
    const attemptsBefore = (await core.attempts.list(owner, {}, { after: undefined, limit: 100 })).length;
    const refused = async (token: Secret<string>, code: string): Promise<void> => {
      for (const door of DOORS) await expect(unlockAs(estate, token, door)).rejects.toMatchObject({ code });
    };

    await refused(new Secret(''), 'not_signed_in');
    await refused(new Secret('cs_nobodyhasthistoken'), 'not_signed_in');
    await expect(core.access.signIn('owner@twin.cardea.invalid', PASSWORD, 'here')).rejects.toMatchObject({
      code: 'bad_credentials',
    });

    await addPerson(estate, 'front_desk', 'desk@hotel.test');
    await refused(await signIn(estate, 'desk@hotel.test', true), 'password_change_required');
    const session = await signIn(estate, 'desk@hotel.test');
    const desk = await core.access.authenticate(session);

    await refused((await apiToken(estate, desk, ['locks:read', 'events:read'])).token, 'not_permitted');
    const withdrawn = await apiToken(estate, desk, ['locks:operate']);
    await core.access.removeToken(desk, withdrawn.stored.id);
    await refused(withdrawn.token, 'not_signed_in');
    const short = await apiToken(estate, desk, ['locks:operate'], 60);
    await estate.clock.advance(60_000);
    await refused(short.token, 'not_signed_in');

    for (const role of ['resident', 'guest'] as const) {
      await addPerson(estate, role, `${role}@hotel.test`);
      await refused(await signIn(estate, `${role}@hotel.test`), 'not_permitted');
    }

    await estate.clock.advance(20_000);
    expect(opens(estate)).toBe(before);
    const attempts = await core.attempts.list(owner, {}, { after: undefined, limit: 100 });
    expect(attempts).toHaveLength(attemptsBefore);

    for (const door of DOORS) {
      expect((await estate.end(await unlockAs(estate, session, door))).state).toBe('succeeded');
      expect(estate.lock(door).view().boltOut).toBe(false);
    }
  });

  it.each([
    ['the person is removed', (estate: Estate, id: string) => estate.ras.core.persons.remove(estate.ras.owner, id)],
    [
      'the session is ended',
      async (estate: Estate, _: string, token: Secret<string>) =>
        estate.ras.core.access.signOut(await estate.ras.core.access.authenticate(token)),
    ],
  ])('a command that waits does not act when %s meanwhile', async (_, change) => {
    const estate = await boundEstate();
    const id = await addPerson(estate, 'front_desk', 'desk@hotel.test');
    const token = await signIn(estate, 'desk@hotel.test');
    for (const door of DOORS) {
      const before = opens(estate);
      // The owner's command holds the lock's line until its time is over, for the lock is out of range.
      estate.medium.setFaults(estate.identity(door).identifier, { range: 'out' });
      const ahead = await estate.begin(door, 'status', 5);
      const waiting = await unlockAs(estate, token, door).then(
        ({ id: attempt }) => attempt,
        // At the second door there is nobody any more who could ask.
        (error: { code: string }) => error.code,
      );
      if (door === DOORS[0]) await change(estate, id, token);
      else expect(waiting).toBe('not_signed_in');
      estate.medium.setFaults(estate.identity(door).identifier, { range: 'in' });
      await estate.end(ahead);
      await estate.clock.advance(20_000);
      expect(opens(estate)).toBe(before);
      if (door === DOORS[0]) {
        expect(await estate.ras.core.attempts.get(estate.ras.owner, waiting)).toMatchObject({
          state: 'failed',
          reason: 'not_permitted',
          sentAt: null,
        });
      }
    }
    await opensWithAllThree(estate);
  });
});

describe('the RAS', () => {
  it('a gateway whose SASL password is wrong carries nothing', async () => {
    const estate = await boundEstate();
    const { store, core, owner } = estate.ras;
    const [gateway] = await core.gateways.list(owner, { after: undefined, limit: 1 });
    const id = gateway?.id ?? '';
    const right = await store.read((tx) => tx.gateways.verifier(id));
    if (right === undefined) throw new Error('the gateway has no account');
    const other = stretch(new Secret('not its password'), right.salt, right.iterations);
    await store.unit((tx) =>
      tx.gateways.setVerifier(id, scramVerifier(nodePrimitives, other, right.salt, right.iterations)),
    );
    estate.cutUplink();
    await estate.clock.runUntil(() => !estate.gateway.online, 60_000);
    await estate.clock.advance(120_000);
    expect(estate.gateway.online).toBe(false);
    const attempts = await stopsEveryUnlock(estate);
    expect(attempts.map(({ reason }) => reason)).toEqual(['gateway_offline', 'gateway_offline']);

    await store.unit((tx) => tx.gateways.setVerifier(id, right));
    await estate.clock.runUntil(() => estate.gateway.online, 120_000);
    await estate.clock.advance(5_000);
    await opensWithAllThree(estate);
  });

  it.each([
    ['another binding key', (key: Secret) => new Secret(key.reveal().map((octet) => octet ^ 0x5a))],
    ['no binding key, as from a record without its keys', () => undefined],
  ])('a RAS that holds %s moves no bolt', async (_, change) => {
    const estate = await boundEstate();
    await opensWithAllThree(estate);
    const { core, owner, store } = estate.ras;
    const locks = await core.locks.list(owner, {}, { after: undefined, limit: 10 });
    const bound = locks.filter(({ state }) => state === 'bound');
    expect(bound).toHaveLength(DOORS.length);
    const records = await store.read(async (tx) => {
      const all = [];
      for (const { id } of bound) all.push({ id, record: await tx.locks.binding(id) });
      return all;
    });
    await estate.restartRas(() =>
      store.unit(async (tx) => {
        for (const { id, record } of records) {
          const active = record?.active;
          if (record === undefined || active === undefined) throw new Error('a bound lock has no key');
          await tx.locks.setBinding(id, { ...record, active: change(active), pending: undefined });
        }
      }),
    );
    await estate.clock.advance(30_000);
    await stopsEveryUnlock(estate);

    await estate.restartRas(() =>
      store.unit(async (tx) => {
        for (const { id, record } of records) if (record !== undefined) await tx.locks.setBinding(id, record);
      }),
    );
    await estate.clock.advance(30_000);
    await opensWithAllThree(estate);
  });

  it('a RAS that shows the certificate of another authority is left by the gateway and by the client', async () => {
    const [own, other] = [await runningServer(), await runningServer()];
    const ca = readFileSync(own.caFile ?? '', 'utf8');

    /** What becomes of a gateway that trusts `own`'s authority: the first thing that happens. */
    const gatewayAt = async (server: RunningServer): Promise<string> => {
      let tell: (what: string) => void = () => undefined;
      const happened = new Promise<string>((resolve) => {
        tell = resolve;
      });
      const connect = tlsTransport({ host: '127.0.0.1', port: server.xmpp.port, serverName: 'localhost', ca });
      const written: Uint8Array[] = [];
      const uplink = createUplink({
        jid: 'gw_1@localhost',
        password: new Secret('not a password that anybody has'),
        primitives: nodePrimitives,
        deriveKey: async (password, salt, iterations) => new Secret(stretch(password, salt, iterations)),
        random: systemRandom,
        clock: systemClock(),
        log: silentLog,
        onMessage: () => tell('took a message'),
        connect(events) {
          const transport = connect({
            connected() {
              tell('connected');
              events.connected();
            },
            received: events.received,
            closed(reason) {
              tell(written.length === 0 ? reason : 'said something before it checked');
              events.closed(reason);
            },
          });
          return {
            close: transport.close,
            write(octets) {
              written.push(octets);
              transport.write(octets);
            },
          };
        },
      });
      uplink.start();
      try {
        return await happened;
      } finally {
        await uplink.stop();
      }
    };
    expect(await gatewayAt(own)).toBe('connected');
    expect(await gatewayAt(other)).toMatch(/SELF_SIGNED|UNABLE_TO|CERT_/);

    const client = fetchTrusting(own.caFile ?? '');
    expect((await client(`${own.url}/healthz`)).status).toBe(200);
    await expect(client(`${other.url}/healthz`)).rejects.toMatchObject({
      code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO|CERT_/),
    });
  });

  async function runningServer(): Promise<RunningServer> {
    const dataDir = mkdtempSync(join(tmpdir(), 'cardea-levels-'));
    const server = await runServer({
      dataDir,
      flags: { port: 0, xmppPort: 0 },
      environment: {},
      logTo: { kind: 'file', path: join(dataDir, 'server.log') },
    });
    cleanups.push(async () => {
      await server.stop();
      rmSync(dataDir, { recursive: true, force: true });
    });
    return server;
  }
});

describe('the device', () => {
  it.each(DOORS)('at door %s a lock with the same identifier and another factory key is not believed', async (door) => {
    const estate = await boundEstate();
    const identity = estate.identity(door);
    const before = opens(estate);
    estate.lock(door).powerOff();
    const fake: VirtualLock = runVirtualLock({
      identity: { ...identity, factoryKey: new Secret(new Uint8Array(16).fill(0x66)) },
      flash: createNorFlash(),
      radio: estate.medium.radioFor('fake'),
      clock: estate.clock,
      random: seededRandom('fake'),
      primitives: nodePrimitives,
      agreement: nodeKeyAgreement,
      log: silentLog,
    });
    cleanups.push(async () => fake.close());
    let reached = 0;
    const endTap = estate.medium.tap({
      frame({ peripheral, direction }) {
        if (peripheral === identity.identifier && direction === 'to-peripheral') reached++;
        return undefined;
      },
    });
    for (let i = 0; i < 3; i++) {
      const attempt = await estate.operate(door, 'unlock');
      expect(attempt.state).not.toBe('succeeded');
      await estate.clock.advance(20_000);
    }
    const attempts = await estate.ras.core.attempts.list(
      estate.ras.owner,
      { doorId: estate.doorId(door) },
      { after: undefined, limit: 100 },
    );
    const unlocks = attempts.filter(({ operation }) => operation === 'unlock');
    expect(unlocks).toHaveLength(3);
    expect(unlocks.every(({ receipt, lateReceipt }) => receipt === null && lateReceipt === null)).toBe(true);
    endTap();
    expect(reached).toBeGreaterThan(0);
    expect(fake.view().opens).toBe(0);
    expect(opens(estate)).toBe(before);
    fake.close();
    estate.lock(door).powerOn();
    await estate.clock.advance(30_000);
    await opensWithAllThree(estate);
  });

  it('a parrot that advertises as the lock and says what the lock once said is not believed', async () => {
    const estate = await boundEstate();
    const [door] = DOORS;
    const heard: Uint8Array[] = [];
    let advertised: { address: string; data: Uint8Array } | undefined;
    const { identifier } = estate.identity(door);
    const endTap = estate.medium.tap({
      frame(frame) {
        if (frame.peripheral === identifier && frame.direction === 'to-central') heard.push(frame.value);
        return undefined;
      },
      advertisement({ peripheral, address, data }) {
        if (peripheral === identifier) advertised = { address, data };
      },
    });
    await opensWithAllThree(estate);
    await estate.clock.advance(5_000);
    endTap();
    expect(heard.length).toBeGreaterThan(0);
    const before = opens(estate);
    estate.lock(door).powerOff();
    let visits = 0;
    const parrot = estate.medium.radioFor('parrot').serve(
      {
        uuid: LOCK_SERVICE,
        characteristics: [{ uuid: LINK_CHARACTERISTIC, write: true, notify: true }],
      },
      {
        connected: () => void visits++,
        written(link) {
          for (const value of heard) link.notify(LINK_CHARACTERISTIC, value);
        },
        disconnected: () => undefined,
      },
      { name: 'parrot', bluetooth: '5.0', mtu: 247 },
    );
    parrot.advertise(advertised);
    for (let i = 0; i < 3; i++) {
      const attempt = await estate.operate(door, 'unlock');
      expect(attempt.state).not.toBe('succeeded');
      expect(attempt.receipt).toBeNull();
    }
    expect(visits).toBeGreaterThan(0);
    expect(opens(estate)).toBe(before);
    parrot.close();
    estate.lock(door).powerOn();
    await estate.clock.advance(30_000);
    await opensWithAllThree(estate);
  });

  type Frame = Extract<FromGateway, { kind: 'frame' }>;
  const random = seededRandom('forged receipts');
  it.each<[string, (report: Frame, earlier: readonly Frame[]) => readonly Uint8Array[]]>([
    ['is missing', () => []],
    ['is random octets', ({ octets }) => [random.octets(octets.length)]],
    [
      'has one bit changed',
      ({ octets }) => [octets.map((octet, at) => (at === octets.length - 1 ? octet ^ 1 : octet))],
    ],
    ['is cut short', ({ octets }) => [octets.slice(0, -1)]],
    ['is that of an earlier command', (_, earlier) => earlier.slice(-4).map(({ octets }) => octets)],
    [
      "is another lock's",
      ({ lock }, earlier) => earlier.filter((one) => one.lock !== lock).map(({ octets }) => octets),
    ],
  ])('without a true receipt nothing is succeeded: it %s', async (_, forge) => {
    const earlier: Frame[] = [];
    let hostile = false;
    const estate = await boundEstate({
      meddler: {
        down: (message, pass) => pass(message),
        up(report, pass) {
          if (report.kind !== 'frame') return pass(report);
          if (!hostile) {
            earlier.push(report);
            return pass(report);
          }
          for (const octets of forge(report, earlier)) pass({ ...report, octets });
        },
      },
    });
    await opensWithAllThree(estate);
    hostile = true;
    for (const door of DOORS) {
      const attempt = await estate.operate(door, 'unlock');
      await estate.clock.advance(20_000);
      const after = await estate.ras.core.attempts.get(estate.ras.owner, attempt.id);
      expect([attempt.state, after.state]).not.toContain('succeeded');
      expect([after.receipt, after.lateReceipt]).toEqual([null, null]);
    }
    hostile = false;
    await estate.clock.advance(60_000);
    await opensWithAllThree(estate);
  });
});
