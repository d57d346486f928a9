import { nodeKeyAgreement, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import {
  chainNext,
  chainStart,
  type DurableChange,
  type DurableState,
  encodeEvent,
  FACTORY_STATE,
} from '@cardea/wire-lock';
import { expect, test } from 'vitest';
import { cardeaMachine, createElement, createNorFlash, openDurableStore, VirtualLockError } from '../src/index.ts';

const element = createElement({
  primitives: nodePrimitives,
  random: seededRandom('power cut'),
  agreement: nodeKeyAgreement,
  rootKey: new Secret(new Uint8Array(16).fill(3)),
  identifier: 'C0DEA0000101',
  serialKey: undefined,
});
const codec = cardeaMachine.durable;
const chip = { sectorOctets: 512, sectors: 4 };
const text = (durable: DurableState): string => codec.encodeState(durable).join(' ');
const record = { ...FACTORY_STATE.record, legacyCounter: 1 };
const slot = (fill: number) => ({ keyVersion: fill, key: new Secret(new Uint8Array(16).fill(fill)) });
const changeOf = (sequence: number) => ({
  event: { sequence, code: 'unlocked', actor: 0, detail: 0, lockTimeS: 1_700_000_000 } as const,
});
const event = (sequence: number): DurableChange => ({
  kind: 'event',
  ...changeOf(sequence),
  chain: new Uint8Array(32).fill(sequence),
});

const changes: readonly (readonly [string, DurableChange])[] = [
  ['key change', { kind: 'record', record: { ...record, active: slot(1), pending: slot(2) } }],
  ['counter', { kind: 'record', record: { ...record, legacyCounter: 77 } }],
  ['event append with its h', event(9)],
  ['reset', { kind: 'reset', record: { ...record, resetCount: 1 } }],
];

/** 0 former changes: plain appends; more: somewhere among them the change fills a bank and the log is compacted. */
const depths = Array.from({ length: 14 }, (_, depth) => depth);

test.each(changes)(
  'attack 25: power cut at every octet of a %s: what was before or what is after, and it goes on',
  (_, change) => {
    for (const depth of depths) {
      const base = createNorFlash(chip);
      const store = openDurableStore(base, codec, element);
      for (let i = 0; i < depth; i++) store.commit({ kind: 'record', record: { ...record, timeFloorS: i } });
      const image = base.image();
      const before = text(store.durable);
      const after = text(codec.apply(store.durable, change));
      const touchedBefore = base.touchedOctets;
      store.commit(change);
      const octets = base.touchedOctets - touchedBefore;
      for (let cut = 0; cut < octets; cut++) {
        const flash = createNorFlash(chip, image);
        const open = openDurableStore(flash, codec, element);
        flash.cutAfter(cut);
        expect(() => open.commit(change)).toThrow(VirtualLockError);
        flash.powerOn();
        const again = openDurableStore(flash, codec, element);
        expect([before, after]).toContain(text(again.durable));
        again.commit(change);
        expect(text(openDurableStore(flash, codec, element).durable)).toBe(text(again.durable));
      }
    }
  },
);

test('a power cut at every octet of the first start leaves a lock in its factory state', () => {
  const whole = createNorFlash(chip);
  openDurableStore(whole, codec, element);
  for (let cut = 0; cut < whole.touchedOctets; cut++) {
    const flash = createNorFlash(chip);
    flash.cutAfter(cut);
    expect(() => openDurableStore(flash, codec, element)).toThrow(VirtualLockError);
    flash.powerOn();
    expect(text(openDurableStore(flash, codec, element).durable)).toBe(text(FACTORY_STATE));
  }
});

test('a power cut at every octet of an event append: h in flash is h of the events in flash', () => {
  const start = chainStart(nodePrimitives, 'C0DEA0000101');
  const chained = (durable: DurableState): DurableChange => {
    const { event } = changeOf(durable.eventSequence + 1);
    const chain = chainNext(nodePrimitives, durable.chain ?? start, encodeEvent(event));
    return { kind: 'event', event, chain };
  };
  const hashOf = ({ events }: DurableState) =>
    events.reduce((hash, event) => chainNext(nodePrimitives, hash, encodeEvent(event)), start);
  for (const before of [1, 7]) {
    const base = createNorFlash(chip);
    const store = openDurableStore(base, codec, element);
    for (let i = 0; i < before; i++) store.commit(chained(store.durable));
    const image = base.image();
    const touched = base.touchedOctets;
    store.commit(chained(store.durable));
    const octets = base.touchedOctets - touched;
    const seen = new Set<number>();
    for (let cut = 0; cut < octets; cut++) {
      const flash = createNorFlash(chip, image);
      const open = openDurableStore(flash, codec, element);
      flash.cutAfter(cut);
      expect(() => open.commit(chained(open.durable))).toThrow(VirtualLockError);
      flash.powerOn();
      const { durable } = openDurableStore(flash, codec, element);
      expect(durable.chain).toEqual(hashOf(durable));
      seen.add(durable.eventSequence);
    }
    expect([...seen]).toContain(before);
  }
});
