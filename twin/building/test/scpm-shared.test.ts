import { nodeKeyAgreement, nodePrimitives, seededDh, seededRandom, settle } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import type { CentralLink, Radio } from '@cardea/kit-radio';
import { type Clock, createVirtualClock, Secret, silentLog } from '@cardea/kit-runtime';
import { createNorFlash, runVirtualLock, SCPM_FLASH } from '@cardea/lock';
import { createMedium } from '@cardea/twin-radio';
import { CHANNEL, cardeaDriver, LINK_CHARACTERISTIC, LOCK_SERVICE, MESSAGE } from '@cardea/wire-lock';
import {
  createDomain,
  decodeHop,
  domainAddress,
  encodeHop,
  isJoined,
  type KsnInput,
  type KsnState,
  runNode,
  serialKeyOf,
  stepKsn,
} from '@cardea/wire-scpm';
import { expect, it } from 'vitest';
import { buildDemo } from '../src/index.ts';
import { STRAY } from './scpm-bench.ts';

/** The air as one medium: who joins here is heard by every lock, and hears every lock. */
class SharedAir {
  readonly #links = new Map<string, (octets: Uint8Array) => void>();
  readonly #ears: ((octets: Uint8Array) => void)[] = [];
  /** Whatever came outside SCPM. */
  outside = 0;

  constructor(radio: Radio, clock: Clock) {
    radio.scan([LOCK_SERVICE], ({ address, connectable }) => {
      if (!connectable || this.#links.has(address)) return;
      this.#links.set(address, () => {});
      void radio.connect(address, { timeoutMs: 5_000 }).then(
        (link) => this.#links.set(address, this.#open(link, clock)),
        () => this.#links.delete(address),
      );
    });
  }

  get links(): number {
    return this.#links.size;
  }

  hear(ear: (octets: Uint8Array) => void): void {
    this.#ears.push(ear);
  }

  send(octets: Uint8Array): void {
    for (const write of this.#links.values()) write(octets);
  }

  #open(link: CentralLink, clock: Clock): (octets: Uint8Array) => void {
    const codec = cardeaDriver(nodePrimitives).link(link.mtu);
    link.onNotify(LINK_CHARACTERISTIC, (value) => {
      const heard = codec.decode(LINK_CHARACTERISTIC, value, clock.monotonic());
      if (heard.kind !== 'message') return;
      if (heard.channel === CHANNEL.scpm) for (const ear of this.#ears) ear(heard.octets);
      else this.outside++;
    });
    let writes: Promise<void> = Promise.resolve();
    return (octets) => {
      for (const { characteristic, value } of codec.encode(CHANNEL.scpm, octets)) {
        writes = writes.then(() => link.write(characteristic, value)).catch(() => {});
      }
    };
  }
}

it('two domains share one air: locks join their own, answer it inside, and the frames of the other change nothing', async () => {
  const demo = await buildDemo({ random: seededRandom('demo'), issuedAtMs: 0 });
  const clock = createVirtualClock(Date.UTC(2026, 0, 5), settle);
  const medium = createMedium({ clock, random: seededRandom('air') });
  const three = demo.locks.filter(({ maker, bluetooth }) => maker === 'cardea' && bluetooth === '5.0').slice(0, 3);
  const locks = three.map((identity) => {
    const random = seededRandom(identity.identifier);
    const flash = createNorFlash(SCPM_FLASH);
    const lock = runVirtualLock({
      ...{ identity, flash: createNorFlash(), clock, random, primitives: nodePrimitives, agreement: nodeKeyAgreement },
      radio: medium.radioFor(identity.identifier),
      scpm: { flash, dh: seededDh(random) },
      log: silentLog,
    });
    const serialKey = new Secret(serialKeyOf(nodePrimitives, identity.factoryKey.reveal()));
    return { lock, flash, serialKey, address: domainAddress(nodePrimitives, serialKey.reveal()) };
  });
  const air = new SharedAir(medium.radioFor('relay'), clock);
  await clock.runUntil(() => air.links === 3, 60_000);
  await clock.advance(1_000);

  const domainOf = (name: string, own: typeof locks) => {
    const random = seededRandom(name);
    const inside: string[] = [];
    const ksn = runNode<KsnState, KsnInput>({
      state: createDomain({
        settings: { profile: 'hardened', addressSize: 6, ivLayout: 'repeat' },
        address: domainAddress(nodePrimitives, random.octets(16)),
        preferred: 1,
        group: 2,
        userKey: new Secret(random.octets(16)),
      }),
      ...{ step: stepKsn, primitives: nodePrimitives, clock, random, dh: seededDh(random) },
      persist: async () => {},
      perform: (effect) => {
        if (effect.kind === 'transmit') air.send(effect.octets);
        if (effect.kind !== 'deliver') return;
        expect(decodeHop(effect.octets).octets[0]).toBe(MESSAGE.refusal);
        inside.push(toHex(effect.from));
      },
      failed(error) {
        throw error;
      },
    });
    air.hear((octets) => ksn.input({ kind: 'frame', octets }));
    return {
      ksn,
      inside,
      own,
      join: () => {
        for (const { address, serialKey } of own) ksn.input({ kind: 'join', device: address, serialKey });
      },
      areJoined: () => own.every(({ address }) => isJoined(ksn.state, address)),
      say: () => {
        const message = { kind: 'send', keyIndex: 1, token: 1, expiresAtMs: undefined } as const;
        for (const { address } of own) ksn.input({ ...message, octets: encodeHop(STRAY), to: address });
      },
    };
  };
  const a = domainOf('domain a', locks.slice(0, 2));
  const b = domainOf('domain b', locks.slice(2));
  a.join();
  b.join();
  await clock.runUntil(() => a.areJoined() && b.areJoined(), 10 * 60_000);
  expect(locks.every(({ lock }) => lock.view().hasUserKey)).toBe(true);
  await clock.advance(60_000);

  // One domain speaks: nothing of the other's locks is written.
  const untouched = b.own.map(({ flash }) => flash.touchedOctets);
  a.say();
  await clock.runUntil(() => a.inside.length === 2, 60_000);
  a.ksn.input({ kind: 'update-key', keyIndex: 1, key: new Secret(new Uint8Array(16).fill(7)) });
  const userKey = () => a.ksn.state.domainKeys.find(({ keyIndex }) => keyIndex === 1);
  await clock.runUntil(() => userKey()?.generation === 2 && userKey()?.next === undefined, 10 * 60_000);
  expect(b.own.map(({ flash }) => flash.touchedOctets)).toEqual(untouched);

  a.say();
  b.say();
  await clock.runUntil(() => a.inside.length === 4 && b.inside.length === 1, 60_000);
  expect(new Set(a.inside)).toEqual(new Set(a.own.map(({ address }) => toHex(address))));
  expect(b.inside).toEqual(b.own.map(({ address }) => toHex(address)));
  expect(air.outside).toBe(0);
});
