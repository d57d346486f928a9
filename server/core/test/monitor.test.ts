import { nodeKeyAgreement, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { silentLog } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import { createContext } from '../src/context.ts';
import { CoreError } from '../src/errors.ts';
import { idAt } from '../src/ids.ts';
import type { Attempt, CorePorts, Event, PageRequest } from '../src/index.ts';
import { createBursts } from '../src/monitor/bursts.ts';
import { createMonitor } from '../src/monitor/monitor.ts';
import { BURST_RULES } from '../src/monitor/rules.ts';
import { isAskedFor, isCommandedOpen } from '../src/monitor/unasked-open.ts';
import { attemptAt, openWorld, outcome, page, receiptOf } from './kit.ts';

const at = Date.UTC(2026, 0, 15, 12);
const none = () => Promise.reject(new Error('not asked for here'));
const ports: Omit<CorePorts, 'store' | 'clock'> = {
  random: seededRandom('monitor'),
  primitives: nodePrimitives,
  keys: nodeKeyAgreement,
  passwords: { hash: none, verify: none },
  scram: { derive: none },
  uplink: { send: () => false, disconnect: () => undefined },
  log: silentLog,
};
let number = 0;
const fact = (type: Event['type'], more: Partial<Event> = {}): Event => ({
  id: `evt_${++number}`,
  organizationId: 'org_1',
  propertyId: null,
  doorId: null,
  lockId: 'lock_1',
  gatewayId: 'gw_1',
  personId: 'per_1',
  attemptId: null,
  type,
  lockSequence: null,
  occurredAt: null,
  receivedAt: at,
  detail: {},
  ...more,
});

describe('seed 002, 6.5: anomalies are identified through statistics and analysis of log information', () => {
  it.each(BURST_RULES)('$name: at the threshold, not below it, not when it is spread over a longer time', (rule) => {
    const [type] = rule.types;
    if (type === undefined) throw new Error('a rule without a type');
    const many = (stepMs: number) => {
      const bursts = createBursts([rule]);
      return Array.from({ length: rule.atLeast }, (_, i) => bursts.see(fact(type, { receivedAt: at + i * stepMs })));
    };
    const close = many(Math.floor(rule.withinMs / (rule.atLeast + 1)));
    expect(close.slice(0, -1).flat()).toEqual([]);
    expect(close.at(-1)).toMatchObject([{ rule: rule.name, events: { length: rule.atLeast } }]);
    if (rule.atLeast > 1) expect(many(rule.withinMs).flat()).toEqual([]);
  });

  it('one organization, lock or gateway is not counted with another', () => {
    const bursts = createBursts();
    for (let i = 0; i < 40; i++) {
      const found = bursts.see(fact('lock.refused', { lockId: `lock_${i}`, organizationId: `org_${i % 2}` }));
      expect(found).toEqual([]);
    }
  });

  it('as many subjects as anybody likes take bounded memory, and the newest are still found', () => {
    const bursts = createBursts();
    for (let i = 0; i < 50_000; i++) bursts.see(fact('lock.refused', { lockId: `lock_${i}` }));
    const found = Array.from({ length: 5 }, () => bursts.see(fact('lock.refused', { lockId: 'lock_last' })));
    expect(found.at(-1)).toMatchObject([{ rule: 'refused_at_lock', subjectId: 'lock_last' }]);
  });
});

describe('an opening without a command', () => {
  const attempt = (more: Partial<Attempt>): Attempt =>
    attemptAt(at - 3_000, {
      id: 'att_1',
      organizationId: 'org_1',
      doorId: null,
      lockId: 'lock_1',
      actorId: 'per_1',
      state: 'succeeded',
      sentAt: at - 2_900,
      endedAt: at + 500,
      ...more,
    });
  const opened = fact('lock.unlocked', { occurredAt: at, detail: { actor: 0 } });

  it.each([
    ['an unlock of its time', attempt({}), true],
    [
      'one whose outcome stayed unknown',
      attempt({ state: 'expired', reason: 'outcome_unknown', endedAt: at + 7_000 }),
      true,
    ],
    ['one that was never sent', attempt({ state: 'expired', reason: 'not_sent' }), false],
    ['one of another lock', attempt({ lockId: 'lock_2' }), false],
    ['a lock command', attempt({ operation: 'lock' }), false],
    [
      'one that was over a minute before',
      attempt({ createdAt: at - 80_000, expiresAt: at - 70_000, endedAt: at - 79_000 }),
      false,
    ],
    [
      'one that came a minute later',
      attempt({ createdAt: at + 60_000, expiresAt: at + 70_000, endedAt: at + 61_000 }),
      false,
    ],
  ])('is explained by %s: %s', (_, one, explained) => {
    expect(isAskedFor(opened, [one])).toBe(explained);
  });

  it('what is done at the lock, by a grant or by a PIN is none', () => {
    expect(isCommandedOpen(opened)).toBe(true);
    expect(isCommandedOpen(fact('lock.unlocked', { detail: { actor: 7 } }))).toBe(false);
    expect(isCommandedOpen(fact('lock.manual_unlocked', { detail: { actor: 0 } }))).toBe(false);
  });
});

describe('alerts', () => {
  const denials = async (world: Awaited<ReturnType<typeof openWorld>>, count: number) => {
    for (let i = 0; i < count; i++) {
      await world.core.access.denied(world.owner, 'addPerson');
      await world.clock.advance(1_000);
    }
    await world.settled();
  };
  const all = (world: Awaited<ReturnType<typeof openWorld>>, core = world.core) =>
    core.alerts.list(world.owner, {}, page);

  it('a burst becomes one alert with its evidence, which grows while it is open and is new once it was acknowledged', async () => {
    const world = await openWorld();
    await denials(world, 4);
    expect(await all(world)).toEqual([]);
    await denials(world, 1);
    const [alert] = await all(world);
    expect(alert).toMatchObject({ rule: 'denied_burst', personId: world.owner.personId, state: 'open', count: 5 });
    expect(alert?.evidence).toHaveLength(5);
    const named = await world.core.events.list(world.owner, { type: 'person.denied' }, page);
    expect(named.map(({ id }) => id)).toEqual(alert?.evidence);
    const shown = (more: Partial<PageRequest> = {}) =>
      world.core.events.list(world.owner, { alertId: alert?.id ?? '' }, { ...page, ...more });
    expect(await shown()).toEqual(named);
    expect(await shown({ newestFirst: true, limit: 2 })).toEqual(named.slice(-2).reverse());
    expect(await shown({ newestFirst: true, after: named[1]?.id })).toEqual(named.slice(0, 1));
    expect(await world.core.events.list(world.owner, { alertId: 'alert_none' }, page)).toEqual([]);
    expect(await world.core.events.list(world.owner, { type: 'alert.raised' }, page)).toHaveLength(1);

    await world.clock.advance(40_000);
    await denials(world, 2);
    expect(await all(world)).toMatchObject([{ count: 6 }]);

    await world.core.alerts.acknowledge(world.owner, alert?.id ?? '');
    await world.clock.advance(3_700_000);
    await denials(world, 6);
    expect(await all(world)).toMatchObject([{ state: 'acknowledged' }, { state: 'open' }]);
  });

  it('what one process had not yet turned into an alert, the next one finds; what is an alert is not raised again', async () => {
    const world = await openWorld();
    await denials(world, 5);
    expect(await all(world)).toHaveLength(1);
    const again = await world.restart();
    await world.settled();
    expect(await all(world, again)).toHaveLength(1);
    const [known] = await all(world, again);
    await world.store.unit((tx) => tx.alerts.remove(world.owner.organizationId, known?.id ?? ''));
    const third = await world.restart();
    await world.settled();
    expect(await all(world, third)).toMatchObject([{ rule: 'denied_burst', count: 5 }]);
  });

  it('an opening that no attempt explains is told a minute and a half after it; one that was asked for never is', async () => {
    const world = await openWorld();
    const started = await world.core.attempts.operate(world.owner, world.door.id, 'unlock', undefined);
    await world.lockSays(outcome(started.id, { kind: 'succeeded', receipt: receiptOf({ bolt: 'unlocked' }) }));
    const event = { code: 'unlocked', actor: 0, detail: 0 } as const;
    const lockTimeS = Math.floor(world.clock.now() / 1000);
    await world.lockSays({ kind: 'event', event: { ...event, sequence: 1, lockTimeS }, clockOffsetS: 0 });
    await world.clock.advance(600_000);
    expect(await all(world)).toEqual([]);
    const later = Math.floor(world.clock.now() / 1000);
    await world.lockSays({ kind: 'event', event: { ...event, sequence: 2, lockTimeS: later }, clockOffsetS: 0 });
    await world.clock.advance(60_000);
    expect(await all(world)).toEqual([]);
    await world.clock.advance(60_000);
    await world.settled();
    expect(await all(world)).toMatchObject([{ rule: 'unasked_open', lockId: world.lockId, doorId: world.door.id }]);
  });

  it('what was recorded right before a long absence is found at the next start', async () => {
    const world = await openWorld();
    await denials(world, 5);
    const [known] = await all(world);
    await world.store.unit((tx) => tx.alerts.remove(world.owner.organizationId, known?.id ?? ''));
    await world.core.stop();
    await world.clock.advance(7_200_000);
    const again = await world.restart();
    await world.settled();
    expect(await all(world, again)).toMatchObject([{ rule: 'denied_burst', count: 5 }]);
  });

  it('a start looks at every fact of the time that rules look back, however many there are', async () => {
    const world = await openWorld();
    await world.store.unit(async (tx) => {
      const many = `${idAt('evt', world.clock.now())}`;
      for (let i = 0; i < 10_100; i++) {
        const own = { id: `${many}${String(i).padStart(6, '0')}`, organizationId: world.owner.organizationId };
        await tx.events.insert(fact('estate.tested', { ...own, receivedAt: world.clock.now() }));
      }
    });
    await world.clock.advance(1_000);
    await denials(world, 5);
    const [known] = await all(world);
    await world.store.unit((tx) => tx.alerts.remove(world.owner.organizationId, known?.id ?? ''));
    const again = await world.restart();
    await world.settled();
    expect(await all(world, again)).toMatchObject([{ rule: 'denied_burst', count: 5 }]);
  });

  it('a fact that comes soon after an alert was acknowledged is an alert of its own', async () => {
    const world = await openWorld();
    const tamper = { code: 'tamper', actor: 0, detail: 1, lockTimeS: 0 } as const;
    await world.lockSays({ kind: 'event', event: { ...tamper, sequence: 1 }, clockOffsetS: 0 });
    await world.settled();
    const [first] = await all(world);
    await world.clock.advance(5_000);
    await world.core.alerts.acknowledge(world.owner, first?.id ?? '');
    await world.clock.advance(5_000);
    await world.lockSays({ kind: 'event', event: { ...tamper, sequence: 2 }, clockOffsetS: 0 });
    await world.clock.advance(60_000);
    await world.settled();
    expect(await all(world)).toMatchObject([{ state: 'acknowledged' }, { rule: 'tamper', state: 'open' }]);
  });

  it('an alert for which there is no room is recorded when there is', async () => {
    const world = await openWorld();
    const store = world.store as { unit: typeof world.store.unit };
    const { unit } = store;
    world.core.events.follow(world.owner, ({ type }) => {
      if (type === 'lock.tamper') store.unit = () => Promise.reject(new CoreError('unavailable', 'full'));
    });
    const event = { code: 'tamper', actor: 0, detail: 1, lockTimeS: 0, sequence: 1 } as const;
    await world.lockSays({ kind: 'event', event, clockOffsetS: 0 });
    await world.clock.advance(10_000);
    await world.settled();
    expect(await all(world)).toEqual([]);
    store.unit = unit;
    await world.clock.advance(60_000);
    await world.settled();
    expect(await all(world)).toMatchObject([{ rule: 'tamper' }]);
  });

  it('a fact that comes while the monitor starts is counted once', async () => {
    const world = await openWorld();
    const context = createContext({ ...ports, store: world.store, clock: world.clock });
    const deny = () =>
      context.write(async (_, note) => {
        const { organizationId, personId } = world.owner;
        await note({ organizationId, type: 'person.denied', personId });
      });
    await world.core.stop();
    for (let i = 0; i < 3; i++) await deny();
    let once = true;
    const monitor = createMonitor({
      ...context,
      async read(work) {
        if (once) {
          once = false;
          await deny();
        }
        return context.read(work);
      },
    });
    await monitor.start();
    await world.settled();
    expect(await world.store.read((tx) => tx.alerts.list(world.owner.organizationId, {}, page))).toEqual([]);
    await deny();
    await world.settled();
    expect(await world.store.read((tx) => tx.alerts.list(world.owner.organizationId, {}, page))).toMatchObject([
      { rule: 'denied_burst', count: 5 },
    ]);
    monitor.stop();
  });
});

it('idAt stands between the ids of before and after', () => {
  const later = at + 1;
  expect(idAt('evt', at) < idAt('evt', later)).toBe(true);
  expect(idAt('evt', at)).toMatch(/^evt_[0-9a-f]{8}-[0-9a-f]{4}-$/);
});
