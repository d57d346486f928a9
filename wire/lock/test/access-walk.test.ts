import { orderKey, sealOrder } from '@cardea/wire-access';
import type { OfflineGrant } from '@cardea/wire-profile';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { CHANNEL } from '../src/index.ts';
import { boundLock, nowS, openSession, primitives, START_UNIX_S, setTime } from './device-bench.ts';
import { bundleOf, grantFor, newPhone, type Phone, Tap } from './phone-bench.ts';

/** What happens to a lock of which no RAS hears anything, but for the setting of its clock. */
type Step =
  | { readonly kind: 'tap'; readonly grant: number }
  /** The power is cut after so many of the writes that the tap leads to. */
  | { readonly kind: 'tap in a power cut'; readonly grant: number; readonly writes: number }
  | { readonly kind: 'order'; readonly raise: number; readonly deny: number | undefined }
  | { readonly kind: 'old order' }
  | { readonly kind: 'pass'; readonly minutes: number }
  | { readonly kind: 'reboot' }
  | { readonly kind: 'set time' };

const HOUR_S = 3_600;
const id = (n: number): Uint8Array => new Uint8Array(16).fill(n + 1);

/** One of each kind: counted, of a newer generation, staff without a clock, with a short lease, not yet begun. */
const GRANTS: readonly ((phone: Phone) => OfflineGrant)[] = [
  (phone) => grantFor(phone, { grantId: id(0), uses: 2 }),
  (phone) => grantFor(phone, { grantId: id(1), generation: 1 }),
  (phone) => grantFor(phone, { grantId: id(2), series: 3, noClock: true }),
  (phone) => grantFor(phone, { grantId: id(3), series: 2, leaseEndS: START_UNIX_S + HOUR_S }),
  (phone) => grantFor(phone, { grantId: id(4), series: 2, notBeforeS: START_UNIX_S + HOUR_S, uses: 1, noClock: true }),
];

const grant = fc.integer({ min: 0, max: GRANTS.length - 1 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('tap' as const), grant }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('tap in a power cut' as const), grant, writes: fc.nat({ max: 3 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('order' as const),
      raise: fc.nat({ max: 2 }),
      deny: fc.option(grant, { nil: undefined }),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'old order' as const }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('pass' as const), minutes: fc.nat({ max: 90 }) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'reboot' as const }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'set time' as const }) },
);

/** A lock and what somebody beside it knows for certain: the oracle shares no code with the gate. */
class Walk {
  readonly #bound = boundLock();
  readonly #phone = newPhone();
  readonly #grants = GRANTS.map((make) => make(this.#phone));
  readonly #denied = new Set<number>();
  readonly #generation = new Map<number, number>();
  /** Uses by bolt that moved, and those that may have been used up besides, by a power cut. */
  readonly #moved = GRANTS.map(() => 0);
  readonly #lost = GRANTS.map(() => 0);
  #orderNo = 0;
  #isClockValid = true;
  #floorS = START_UNIX_S;
  opens = 0;

  run(one: Step): void {
    const { lock } = this.#bound;
    switch (one.kind) {
      case 'tap':
        this.#tap(one.grant, undefined);
        break;
      case 'tap in a power cut':
        this.#tap(one.grant, one.writes);
        break;
      case 'order':
        this.#order(this.#orderNo + 1, one.raise, one.deny);
        break;
      case 'old order':
        this.#order(Math.max(1, this.#orderNo), 9, 2);
        break;
      case 'pass':
        lock.pass(one.minutes * 60_000);
        break;
      case 'reboot':
        this.#reboot();
        break;
      case 'set time':
        this.#setTime();
        break;
    }
    this.#check();
  }

  #tap(n: number, writes: number | undefined): void {
    const { lock, bindingKey } = this.#bound;
    const grant = this.#grants[n]!;
    const may = this.#mayOpen(n);
    const surely = may && this.#moved[n]! + this.#lost[n]! < (grant.uses || Number.POSITIVE_INFINITY);
    lock.holdWrites = writes !== undefined;
    const acts = () => lock.effects.filter(({ kind }) => kind === 'act').length;
    const before = acts();
    const tap = new Tap(lock, this.#phone, bundleOf(bindingKey, grant));
    tap.carry();
    tap.carry();
    for (let left = writes ?? 0; left > 0 && lock.held.length > 0; left--) lock.write(lock.held.shift()!);
    const moved = acts() > before;
    if (moved) {
      expect(may).toBe(true);
      this.#moved[n]!++;
      this.opens++;
      expect(this.#moved[n]).toBeLessThanOrEqual(grant.uses || Number.POSITIVE_INFINITY);
      this.#raise(grant);
    }
    if (writes === undefined) {
      expect([n, moved]).toEqual([n, surely]);
      if (moved) lock.act();
      tap.collect();
      expect(tap.word === 'done').toBe(moved);
      lock.input({ kind: 'disconnected', link: 7 });
      return;
    }
    lock.holdWrites = false;
    this.#reboot();
    this.#takeFlash(n, grant);
  }

  /** After a power cut the flash may be ahead of the bolt, never behind it. */
  #takeFlash(n: number, grant: OfflineGrant): void {
    const { access } = this.#bound.lock.durable;
    const used = access.uses.find(({ grantId }) => grantId[0] === grant.grantId[0])?.used ?? 0;
    if (grant.uses > 0) {
      expect(used).toBeGreaterThanOrEqual(this.#moved[n]!);
      this.#lost[n] = used - this.#moved[n]!;
    }
    const kept = access.series.find(({ series }) => series === grant.series)?.generation ?? 0;
    expect(kept).toBeGreaterThanOrEqual(this.#generation.get(grant.series) ?? 0);
    this.#generation.set(grant.series, kept);
  }

  #mayOpen(n: number): boolean {
    const { leaseEndS, notBeforeS, notAfterS, noClock, series, generation } = this.#grants[n]!;
    const timeS = nowS(this.#bound.lock);
    const inTime = timeS >= notBeforeS && timeS < notAfterS && timeS < leaseEndS;
    const isOverByFloor = this.#floorS >= Math.min(leaseEndS, notAfterS);
    const clockPermits = this.#isClockValid ? inTime : noClock && !isOverByFloor;
    return !this.#denied.has(n) && generation >= (this.#generation.get(series) ?? 0) && clockPermits;
  }

  #raise({ series, generation }: Pick<OfflineGrant, 'series' | 'generation'>): void {
    this.#generation.set(series, Math.max(generation, this.#generation.get(series) ?? 0));
  }

  #order(orderNo: number, raise: number, deny: number | undefined): void {
    const { lock, bindingKey } = this.#bound;
    const series = raise > 0 ? [{ series: 1, generation: raise }] : [];
    const denied = deny === undefined ? [] : [{ grantId: id(deny), leaseEndS: START_UNIX_S + 30 * 24 * HOUR_S }];
    // An old order says more than the newest: nothing of it may count.
    const isOld = orderNo <= lock.state.access.orderNo;
    const before = lock.state.access;
    lock.input({ kind: 'connected', link: 5 });
    lock.message(
      sealOrder(primitives, orderKey(primitives, bindingKey), { orderNo, series, denied }),
      5,
      CHANNEL.mobileKey,
    );
    lock.input({ kind: 'disconnected', link: 5 });
    if (isOld) expect(lock.state.access).toBe(before);
    else {
      expect(lock.state.access.orderNo).toBe(orderNo);
      this.#orderNo = Math.max(this.#orderNo, orderNo);
      if (raise > 0) this.#raise({ series: 1, generation: raise });
      if (deny !== undefined) this.#denied.add(deny);
    }
  }

  #reboot(): void {
    const { lock } = this.#bound;
    lock.reboot();
    lock.input({ kind: 'connected', link: 1 });
    this.#isClockValid = false;
    this.#floorS = lock.durable.record.timeFloorS;
  }

  #setTime(): void {
    const { lock, ras, bindingKey } = this.#bound;
    openSession(lock, ras, bindingKey);
    setTime(lock, ras);
    this.#isClockValid = true;
  }

  /** The flash holds what the machine believes: nothing that a power cut now would take back. */
  #check(): void {
    const { lock } = this.#bound;
    expect(lock.state.access).toEqual(lock.durable.access);
    expect(lock.state.exchanges).toEqual([]);
    expect(lock.state.acting).toBeUndefined();
    this.#floorS = lock.durable.record.timeFloorS;
  }
}

it('whatever happens to it, power cuts included, a lock opens exactly for whom it may, and takes nothing back', () => {
  let opens = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const walk = new Walk();
      for (const one of steps) walk.run(one);
      opens += walk.opens;
    }),
    { numRuns: 150 },
  );
  expect(opens).toBeGreaterThan(100);
});
