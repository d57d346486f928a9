import { type Connect, createUplink, type Transport } from '@cardea/gateway';
import { nodePrimitives, seededRandom } from '@cardea/kit-node';
import { Secret, silentLog } from '@cardea/kit-runtime';
import {
  createDemoEstate,
  createPipe,
  type Estate,
  type PipeEvents,
  stretch,
  TWIN_DOMAIN,
} from '@cardea/twin-building';
import { LINK_CHARACTERISTIC } from '@cardea/wire-lock';
import { afterEach, describe, expect, it } from 'vitest';

/*
 * Bad input at the doors XMPP and radio: a clear answer, nothing crashed, nothing half stored. HTTP stands in
 * server/http/test, the configuration in server/main/src/config.test.ts, the manifest in server/core/test/manifest.test.ts,
 * the command line in client/cli/test/usage.test.ts.
 */

const DOORS = ['101', '102'] as const;
const page = { after: undefined, limit: 200 } as const;
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function boundEstate(): Promise<Estate> {
  const estate = await createDemoEstate({ seed: 23, keep: (_, index) => index === 4 || index === 9 });
  cleanups.push(() => estate.stop());
  await estate.enrolAll();
  await estate.clock.advance(60_000);
  return estate;
}

/** What the record holds that bad input could have added to; gateways coming and going are facts of their own. */
async function rows({ ras: { core, owner } }: Estate): Promise<unknown> {
  const events = await core.events.list(owner, {}, page);
  return {
    locks: (await core.locks.list(owner, {}, page)).map(({ id, state, doorId }) => ({ id, state, doorId })),
    doors: await core.estate.listDoors(owner, {}, page),
    attempts: await core.attempts.list(owner, {}, page),
    persons: await core.persons.list(owner, page),
    events: events.filter(({ type }) => !type.startsWith('gateway.')),
  };
}

async function stillOpens(estate: Estate): Promise<void> {
  for (const door of DOORS) {
    expect((await estate.operate(door, 'unlock')).state).toBe('succeeded');
    expect(estate.lock(door).view().boltOut).toBe(false);
    expect((await estate.operate(door, 'lock')).state).toBe('succeeded');
  }
}

describe('XMPP', () => {
  const ROUTE = 'urn:cardea:route:1';

  /** A second, enrolled gateway whose stanzas the test writes by hand. */
  async function rawGateway(estate: Estate) {
    const { core, owner, door } = estate.ras;
    const [property] = await core.estate.listProperties(owner, page);
    const added = await core.gateways.add(owner, { propertyId: property?.id ?? '', name: 'raw' });
    const account = await core.gateways.enrol(added.enrolmentToken);
    let heard = '';
    let wire: Transport | undefined;
    const connect: Connect = (events) => {
      let receiver: PipeEvents | undefined;
      const pipe = createPipe(
        estate.clock,
        1,
        () => ({
          received(octets) {
            heard += new TextDecoder().decode(octets);
            events.received(octets);
          },
          closed: () => events.closed('closed'),
        }),
        () => (receiver ??= door.accept(pipe.b)),
      );
      estate.clock.after(1, () => events.connected());
      wire = pipe.a;
      return pipe.a;
    };
    const uplink = createUplink({
      connect,
      jid: `${account.gateway.id}@${TWIN_DOMAIN}`,
      password: account.password,
      primitives: nodePrimitives,
      deriveKey: async (password, salt, iterations) => new Secret(stretch(password, salt, iterations)),
      random: seededRandom('raw gateway'),
      clock: estate.clock,
      log: silentLog,
      onMessage: () => undefined,
    });
    uplink.start();
    await estate.clock.runUntil(() => uplink.online, 30_000);
    cleanups.push(async () => {
      const stopped = uplink.stop();
      await estate.clock.advance(1000);
      await stopped;
    });
    return {
      uplink,
      /** Writes text into the stream, and answers all that the RAS says within a second. */
      async say(text: string): Promise<string> {
        heard = '';
        wire?.write(new TextEncoder().encode(text));
        await estate.clock.advance(1000);
        return heard;
      },
    };
  }

  const iq = (payload: string, id = 'bad1') => `<iq type='set' id='${id}'>${payload}</iq>`;
  const frame = (attributes: string, text = 'AAEC') => iq(`<frame xmlns='${ROUTE}' ${attributes}>${text}</frame>`);
  const LOCK = "lock='C0DEA0000105'";

  it.each<readonly [string, string, string]>([
    ['a frame without an id', frame(`${LOCK} channel='1'`), 'frame.id'],
    ['a frame without a lock', frame("id='a' channel='1'"), 'frame.lock'],
    ['a lower-case identifier', frame("id='a' lock='c0dea0000105' channel='1'"), 'frame.lock'],
    ['a short identifier', frame("id='a' lock='C0DE' channel='1'"), 'frame.lock'],
    ['an id with spaces', frame(`id='a b' ${LOCK} channel='1'`), 'frame.id'],
    ['a channel below 0', frame(`id='a' ${LOCK} channel='-1'`), 'frame.channel'],
    ['channel 64', frame(`id='a' ${LOCK} channel='64'`), 'frame.channel'],
    ['channel 1.5', frame(`id='a' ${LOCK} channel='1.5'`), 'frame.channel'],
    ['an attribute that is not known', frame(`id='a' ${LOCK} channel='1' admin='true'`), 'admin'],
    ['a frame that is no base64', frame(`id='a' ${LOCK} channel='1'`, '***'), 'frame'],
    ['an empty frame', frame(`id='a' ${LOCK} channel='1'`, ''), 'frame'],
    ['a frame of over 1,024 octets', frame(`id='a' ${LOCK} channel='1'`, 'AAAA'.repeat(342)), 'frame'],
    ['an unknown stage', iq(`<progress xmlns='${ROUTE}' id='a' ${LOCK} stage='done'/>`), 'progress.stage'],
    [
      'a reason without a failure',
      iq(`<progress xmlns='${ROUTE}' id='a' ${LOCK} stage='queued' reason='busy'/>`),
      'progress.reason',
    ],
    [
      'a negative place in the queue',
      iq(`<progress xmlns='${ROUTE}' id='a' ${LOCK} stage='queued' queue='-1'/>`),
      'progress.queue',
    ],
    ['a signal of +99 dBm', iq(`<sighting xmlns='${ROUTE}' ${LOCK} maker='cardea' rssi='99'/>`), 'sighting.rssi'],
    ['a maker with capitals', iq(`<sighting xmlns='${ROUTE}' ${LOCK} maker='Cardea' rssi='-50'/>`), 'sighting.maker'],
    ['a report that is none', iq(`<unlock xmlns='${ROUTE}' ${LOCK}/>`), 'unlock'],
  ])('%s is refused by the name of the field, and nothing is stored', async (_, stanza, field) => {
    const estate = await boundEstate();
    const raw = await rawGateway(estate);
    const before = await rows(estate);
    const answer = await raw.say(stanza);
    expect(answer).toMatch(/<iq [^>]*type='error'[^>]*>|<iq [^>]*type="error"/);
    expect(answer).toContain('bad-request');
    expect(answer).toContain(field);
    expect(raw.uplink.online).toBe(true);
    expect(await rows(estate)).toEqual(before);
    // The same session goes on.
    await expect(
      Promise.all([
        raw.uplink.send({
          kind: 'sighting',
          lock: estate.identity('101').identifier,
          maker: 'cardea',
          rssiDbm: -90,
          unbound: null,
          state: null,
        }),
        estate.clock.advance(1000),
      ]),
    ).resolves.toBeDefined();
  });

  it('a lock that is not of this gateway is not found; frames of no meaning for one that is are taken; neither changes anything', async () => {
    const estate = await boundEstate();
    const raw = await rawGateway(estate);
    const before = await rows(estate);
    const bound = estate.identity('101').identifier;
    const open = estate.lock('101').view().opens;
    for (const [at, lock] of ['FFFFFFFFFFFF', '000000000000', bound, bound].entries()) {
      const answer = await raw.say(
        iq(`<frame xmlns='${ROUTE}' id='odd${at}' lock='${lock}' channel='${at + 1}'>AAECAwQF</frame>`, `odd${at}`),
      );
      if (lock === bound) expect(answer).toMatch(/type=['"]result['"]/);
      else expect(answer).toContain('<item-not-found');
    }
    await raw.say(iq(`<progress xmlns='${ROUTE}' id='att_none.1' lock='${bound}' stage='written'/>`, 'odd9'));
    const after = (await rows(estate)) as { events: { type: string }[] };
    const alarms = after.events.filter(({ type }) => type.startsWith('alarm.'));
    expect({ ...after, events: after.events.filter((event) => !alarms.includes(event)) }).toEqual(before);
    expect(estate.lock('101').view().opens).toBe(open);
  });

  it("another gateway's frame changes nothing of an attempt that it does not carry", async () => {
    const estate = await boundEstate();
    const raw = await rawGateway(estate);
    estate.medium.setFaults(estate.identity('101').identifier, { range: 'out' });
    const attempt = await estate.begin('101', 'unlock');
    const lock = estate.identity('101').identifier;
    for (const stage of ['written', "failed' reason='no_answer"]) {
      await raw.say(iq(`<progress xmlns='${ROUTE}' id='${attempt.id}.1' lock='${lock}' stage='${stage}'/>`));
      expect((await estate.ras.core.attempts.get(estate.ras.owner, attempt.id)).reason).not.toBe('no_answer');
    }
    expect((await estate.end(attempt)).state).not.toBe('succeeded');
    estate.medium.setFaults(lock, { range: 'in' });
    await estate.clock.advance(60_000);
    await stillOpens(estate);
  });

  it.each([
    ['XML that is none', '<iq <<<'],
    ['a document type', '<!DOCTYPE x [<!ENTITY a "b">]>'],
    ['an entity that is not known', "<iq type='set' id='&x;'/>"],
    ['an end tag without a begin', '</iq>'],
    ['a processing instruction', '<?php echo 1 ?>'],
    ['an attribute twice', "<iq id='1' id='2' type='set'/>"],
    ['a stanza without an end of over a megabyte', `<iq type='set' id='x'><a>${'b'.repeat(1_100_000)}`],
  ])('%s ends that session alone, in the words of a stream error', async (_, text) => {
    const estate = await boundEstate();
    const raw = await rawGateway(estate);
    const before = await rows(estate);
    expect(await raw.say(text)).toContain('stream:error');
    expect(estate.gateway.online).toBe(true);
    expect(await rows(estate)).toEqual(before);
    await estate.clock.runUntil(() => raw.uplink.online, 60_000);
    await stillOpens(estate);
  });
});

describe('radio', () => {
  const piece = (head: number, size: number) =>
    Uint8Array.from({ length: 1 + size }, (_, at) => (at === 0 ? head : at));
  const random = seededRandom('radio noise');
  const writes: readonly (readonly [string, readonly Uint8Array[]])[] = [
    ['nothing', [new Uint8Array(0)]],
    ['a head alone', [piece(0x01, 0)]],
    ['channel 0', [piece(0x00, 8)]],
    ['a continuation of nothing', [piece(0x81, 8)]],
    ['a last piece of nothing', [piece(0xc1, 8)]],
    ['a message inside another', [piece(0x41, 8), piece(0x41, 8)]],
    ['a whole message inside another', [piece(0x41, 8), piece(0x01, 8)]],
    ['another channel in between', [piece(0x41, 8), piece(0x82, 8)]],
    ['over 1,024 octets', [piece(0x41, 200), ...Array.from({ length: 6 }, () => piece(0x81, 200))]],
    ['a message that never ends', [piece(0x41, 8)]],
    ['an unknown channel', [piece(0x3f, 28)]],
    ['a command of no session', [piece(0x01, 28)]],
    ['a short command', [piece(0x01, 3)]],
    ['a binding message of nothing', [piece(0x04, 1)]],
    ['a binding message of noise', [Uint8Array.of(0x04, ...random.octets(110))]],
    ['noise', Array.from({ length: 8 }, () => random.octets(20))],
  ];

  it('malformed pieces written to a lock move nothing and stop nothing', async () => {
    const estate = await boundEstate();
    // What the server brings to a lock that has just been bound holds its connection for a moment.
    await estate.clock.advance(30_000);
    const before = await rows(estate);
    const opens = estate.lock('101').view().opens;
    const radio = estate.medium.radioFor('stranger');
    const { identifier } = estate.identity('101');
    let address = '';
    const endTap = estate.medium.tap({
      advertisement(heard) {
        if (heard.peripheral === identifier) address = heard.address;
      },
    });
    for (const [name, pieces] of writes) {
      await estate.clock.runUntil(() => address !== '', 10_000);
      const connecting = radio.connect(address, { timeoutMs: 5_000 });
      await estate.clock.advance(5_000);
      const link = await connecting;
      for (const value of pieces) {
        // The lock may have dropped the link meanwhile, as it should.
        const written = link.write(LINK_CHARACTERISTIC, value).catch(() => undefined);
        await estate.clock.advance(200);
        await written;
      }
      link.disconnect();
      await estate.clock.advance(2_000);
      expect([name, estate.lock('101').view()]).toEqual([name, expect.objectContaining({ powered: true, opens })]);
    }
    endTap();
    await estate.clock.advance(30_000);
    expect(await rows(estate)).toEqual(before);
    await stillOpens(estate);
  });

  it('malformed notifications to the gateway cost that lock an attempt and the other lock nothing', async () => {
    const estate = await boundEstate();
    const { identifier } = estate.identity('101');
    for (const [name, pieces] of writes) {
      let next = 0;
      const endTap = estate.medium.tap({
        frame({ peripheral, direction }) {
          if (peripheral !== identifier || direction !== 'to-central') return undefined;
          return { kind: 'replace', value: pieces[next++ % pieces.length] ?? new Uint8Array(0) };
        },
      });
      const broken = await estate.operate('101', 'status', 3);
      expect([name, broken.state]).not.toEqual([name, 'succeeded']);
      expect([name, (await estate.operate('102', 'status')).state]).toEqual([name, 'succeeded']);
      endTap();
      expect(estate.gateway.online).toBe(true);
    }
    await estate.clock.advance(120_000);
    await stillOpens(estate);
  });
});
