import { nodeKeyAgreement, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { type AccessDelta, DENIED_KEPT_MAX, SERIES_KEPT_MAX, USES_KEPT_MAX } from '@cardea/wire-access';
import {
  chainNext,
  chainStart,
  type DurableChange,
  type DurableState,
  encodeEvent,
  FACTORY_STATE,
  RING_SIZE_EVENTS,
} from '@cardea/wire-lock';
import type { OnlinePin, Order } from '@cardea/wire-profile';
import { expect, test } from 'vitest';
import {
  cardeaMachine,
  createElement,
  createNorFlash,
  type FlashSeal,
  openDurableStore,
  VirtualLockError,
} from '../src/index.ts';
import { type NodeChange, nodeRecords } from '../src/scpm/record.ts';

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

const grantId = new Uint8Array(16).fill(0x5a);
const raisedAndUsed: readonly AccessDelta[] = [
  { kind: 'raised', series: 1, generation: 4 },
  { kind: 'used', uses: { grantId, used: 1, notAfterS: 1_800_000_000 }, floorS: 0 },
];
const order: Order = {
  orderNo: 2,
  series: [{ series: 1, generation: 5 }],
  denied: [{ grantId, leaseEndS: 1_800_000_000 }],
};
const pin: OnlinePin = {
  ...{ slot: 1, verifier: new Uint8Array(32).fill(0x77), notBeforeS: 0, notAfterS: 1_800_000_000 },
  ...{ scheduleNumber: 0, uses: 0 },
};

const changes: readonly (readonly [string, DurableChange])[] = [
  ['key change', { kind: 'record', record: { ...record, active: slot(1), pending: slot(2) } }],
  ['counter', { kind: 'record', record: { ...record, legacyCounter: 77 } }],
  ['event append with its h', event(9)],
  ['a generation raised and a use counted, in one write', { kind: 'access', deltas: raisedAndUsed }],
  ['order', { kind: 'access', deltas: [{ kind: 'order', order, floorS: 0 }] }],
  ['schedule', { kind: 'access', deltas: [{ kind: 'schedule', number: 3, table: new Uint8Array(60).fill(1) }] }],
  ['PIN', { kind: 'access', deltas: [{ kind: 'pin', pin }] }],
  ['wrong entry', { kind: 'access', deltas: [{ kind: 'keypad', wrong: 5 }] }],
  ['mode', { kind: 'access', deltas: [{ kind: 'mode', mode: 'lockdown', untilS: 0 }] }],
  ['erasure', { kind: 'access', deltas: [{ kind: 'forget', floorS: 1_700_000_000 }] }],
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

test('a power cut at every octet of a record of SCPM: the keys and numbers before or those after', () => {
  const record = (fill: number): NodeChange => ({ record: new Uint8Array(60).fill(fill), erases: false });
  const next: readonly (readonly [string, NodeChange])[] = [
    ['a record', record(99)],
    ['a record without the key that was', { ...record(99), erases: true }],
    ['none', { record: undefined, erases: true }],
  ];
  // Eleven such records and the first one fill a bank.
  for (const depth of [0, 1, 10, 11, 12]) {
    for (const [, change] of next) {
      const base = createNorFlash(chip);
      const store = openDurableStore(base, nodeRecords, element.scpmSeal);
      for (let i = 0; i < depth; i++) store.commit(record(i));
      const before = store.durable;
      const image = base.image();
      const touchedBefore = base.touchedOctets;
      store.commit(change);
      const octets = base.touchedOctets - touchedBefore;
      for (let cut = 0; cut < octets; cut++) {
        const flash = createNorFlash(chip, image);
        const open = openDurableStore(flash, nodeRecords, element.scpmSeal);
        flash.cutAfter(cut);
        expect(() => open.commit(change)).toThrow(VirtualLockError);
        flash.powerOn();
        const again = openDurableStore(flash, nodeRecords, element.scpmSeal);
        expect([before, change.record]).toContainEqual(again.durable);
        again.commit(change);
        expect(openDurableStore(flash, nodeRecords, element.scpmSeal).durable).toEqual(change.record);
      }
    }
  }
});

test('once a key is gone, no record that held it is on the flash of SCPM', () => {
  const sealed: Uint8Array[] = [];
  const seal: FlashSeal = {
    ...element.scpmSeal,
    seal(place, octets) {
      const one = element.scpmSeal.seal(place, octets);
      sealed.push(one);
      return one;
    },
  };
  const flash = createNorFlash(chip);
  const store = openDurableStore(flash, nodeRecords, seal);
  for (let i = 0; i < 12; i++) store.commit({ record: new Uint8Array(100).fill(i), erases: false });
  const before = sealed.length;
  store.commit({ record: new Uint8Array(100).fill(77), erases: true });
  const image = toHex(flash.image());
  expect(before).toBeGreaterThan(10);
  for (const one of sealed.slice(0, before)) expect(image).not.toContain(toHex(one));
  expect(store.durable).toEqual(new Uint8Array(100).fill(77));
});

test('a record of one flash of a lock is none of the other', () => {
  const flash = createNorFlash(chip);
  openDurableStore(flash, nodeRecords, element).commit({ record: new Uint8Array(9), erases: false });
  expect(() => openDurableStore(flash, nodeRecords, element.scpmSeal)).toThrow(VirtualLockError);
});

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

test('after an erasure nothing of what was before it is on either bank, and a key of the lock would not help', () => {
  const sealed = new Map<string, Uint8Array>();
  const seal = {
    ...element,
    seal: (place: { readonly generation: number; readonly sequence: number }, octets: Uint8Array) => {
      const record = element.seal(place, octets);
      sealed.set(`${place.generation} ${place.sequence}`, record);
      return record;
    },
  };
  const flash = createNorFlash(chip);
  const store = openDurableStore(flash, codec, seal);
  for (let i = 0; i < 12; i++) store.commit({ kind: 'access', deltas: [{ kind: 'order', order, floorS: 0 }] });
  const before = [...sealed.values()];
  store.commit({ kind: 'access', deltas: [{ kind: 'forget', floorS: 1_800_000_001 }] });
  expect(store.durable.access).toMatchObject({ denied: [], orderNo: 2 });
  const image = toHex(flash.image());
  expect(before.length).toBeGreaterThan(10);
  for (const record of before) expect(image).not.toContain(toHex(record));
  expect(openDurableStore(flash, codec, element).durable).toEqual(store.durable);
});

test('a lock whose every list is full fits its flash, with room for changes', () => {
  const full = codec.apply(FACTORY_STATE, { kind: 'record', record: { ...record, active: slot(1), pending: slot(2) } });
  const id = (i: number) => Uint8Array.from({ length: 16 }, (_, at) => (at === 0 ? i : 9));
  const durable: DurableState = {
    ...full,
    events: Array.from({ length: RING_SIZE_EVENTS }, (_, i) => changeOf(i + 1).event),
    eventSequence: RING_SIZE_EVENTS,
    access: {
      place: { hotelId: grantId, floor: 1, room: 2, grantKey: Uint8Array.from({ length: 65 }, () => 4) },
      orderNo: 9,
      series: Array.from({ length: SERIES_KEPT_MAX }, (_, series) => ({ series, generation: 1 })),
      denied: Array.from({ length: DENIED_KEPT_MAX }, (_, i) => ({ grantId: id(i), leaseEndS: 1_800_000_000 })),
      uses: Array.from({ length: USES_KEPT_MAX }, (_, i) => ({ grantId: id(i), used: 1, notAfterS: 1_800_000_000 })),
      schedules: Array.from({ length: 16 }, (_, i) => ({ number: i + 1, table: new Uint8Array(500).fill(1) })),
      pins: Array.from({ length: 100 }, (_, i) => ({ pin: { ...pin, slot: i + 1 }, used: 0 })),
      keypadWrong: 5,
      mode: { mode: 'passage', untilS: 1 },
    },
  };
  const flash = createNorFlash();
  const store = openDurableStore(flash, { ...codec, factory: durable }, element);
  for (let i = 0; i < 3_000; i++) store.commit({ kind: 'access', deltas: [{ kind: 'keypad', wrong: i % 7 }] });
  const again = openDurableStore(flash, codec, element);
  expect(again.durable.access.pins).toHaveLength(100);
  expect(again.durable.events).toHaveLength(RING_SIZE_EVENTS);
});
