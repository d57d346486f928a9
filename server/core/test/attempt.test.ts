import { settle } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import { CoreError } from '../src/errors.ts';
import type { Event, FromGateway } from '../src/index.ts';
import { actorOf, IDENTIFIER, leave, openWorld, outcome, page, receiptOf, stranger, type World } from './kit.ts';

const frames = (world: World) => world.sent.flatMap(({ message }) => (message.kind === 'frame' ? [message] : []));
const eventTypes = async (world: World): Promise<readonly Event['type'][]> =>
  (await world.core.events.list(world.owner, {}, page)).map(({ type }) => type);
const unlock = (world: World) => world.core.attempts.operate(world.owner, world.door.id, 'unlock', undefined);
const get = (world: World, id: string) => world.core.attempts.get(world.owner, id);

it('an unlock is sent, and succeeds only with the receipt', async () => {
  const world = await openWorld();
  const attempt = await unlock(world);
  expect(attempt.state).toBe('sent');
  expect(attempt.expiresAt - attempt.createdAt).toBe(10_000);
  expect(frames(world)).toHaveLength(1);
  expect(frames(world)[0]).toMatchObject({ lock: IDENTIFIER, expiresAtS: Math.floor(attempt.expiresAt / 1000) });
  const waiting = world.core.attempts.wait(world.owner, attempt.id, 60_000);
  await world.lockSays(outcome(attempt.id, { kind: 'succeeded', receipt: receiptOf({ bolt: 'unlocked' }) }));
  const over = await waiting;
  expect(over).toMatchObject({ state: 'succeeded', reason: null, lateReceipt: null });
  expect(over.receipt).toMatchObject({ frame: '010203', attributes: { bolt: 'unlocked' } });
  expect(await eventTypes(world)).toContain('attempt.succeeded');
});

it('the command is durable as sent before it leaves', async () => {
  const world = await openWorld();
  const commits: number[] = [];
  const before = world.store.commits;
  const push = world.sent.push.bind(world.sent);
  world.sent.push = (...items) => {
    commits.push(world.store.commits);
    return push(...items);
  };
  await unlock(world);
  expect(commits).toEqual([before + 1]);
});

it('without a receipt it expires as outcome unknown; the late receipt is kept, raises an alarm and changes nothing else', async () => {
  const world = await openWorld();
  const attempt = await unlock(world);
  await world.clock.advance(9_999);
  expect((await get(world, attempt.id)).state).toBe('sent');
  await world.clock.advance(1);
  await world.settled();
  const expired = await get(world, attempt.id);
  expect(expired).toMatchObject({ state: 'expired', reason: 'outcome_unknown', receipt: null });
  expect(world.script.inputs).toContainEqual({ kind: 'abandon', attempt: attempt.id });
  expect(world.sent.some(({ message }) => message.kind === 'cancel')).toBe(true);
  const late = outcome(attempt.id, { kind: 'succeeded', receipt: receiptOf({ bolt: 'unlocked' }) });
  await world.lockSays(
    { kind: 'state', attributes: receiptOf({ bolt: 'unlocked' }).attributes, provedAtMs: attempt.createdAt },
    late,
  );
  const after = await get(world, attempt.id);
  expect(after).toEqual({ ...expired, lateReceipt: expect.objectContaining({ frame: '010203' }) });
  expect((await world.core.locks.get(world.owner, world.lockId)).report?.attributes.bolt).toBe('unlocked');
  await world.lockSays(late);
  expect(await get(world, attempt.id)).toEqual(after);
  expect((await eventTypes(world)).filter((type) => type === 'alarm.late_receipt')).toHaveLength(1);
});

/** The record has room for so many units more, until the returned function is called. */
const fills = (world: World, units: number): (() => void) => {
  const store = world.store as { unit: typeof world.store.unit };
  const { unit } = store;
  let left = units;
  store.unit = (work) => (left-- > 0 ? unit(work) : Promise.reject(new CoreError('unavailable', 'full')));
  return () => {
    store.unit = unit;
  };
};

it('an expiry for which the record has no room comes when it has, and the lock takes commands again', async () => {
  const world = await openWorld();
  const attempt = await unlock(world);
  const drain = fills(world, 0);
  await world.clock.advance(20_000);
  drain();
  await world.clock.advance(20_000);
  await world.settled();
  expect(await get(world, attempt.id)).toMatchObject({ state: 'expired', reason: 'outcome_unknown' });
  expect((await unlock(world)).state).toBe('sent');
});

it('a command whose failure finds no room does not stay under way', async () => {
  const world = await openWorld();
  world.setUplink(false);
  const drain = fills(world, 1);
  await expect(unlock(world)).rejects.toMatchObject({ code: 'unavailable' });
  drain();
  await world.clock.advance(30_000);
  await world.settled();
  const [attempt] = await world.core.attempts.list(world.owner, {}, page);
  expect(attempt).toMatchObject({ state: 'expired', reason: 'outcome_unknown' });
});

it('an attempt that has ended never changes its end', async () => {
  const world = await openWorld();
  const attempt = await unlock(world);
  const jammed = {
    kind: 'failed',
    reason: 'jammed',
    receipt: receiptOf({ bolt: 'jammed' }),
    clockOffsetS: undefined,
  } as const;
  await world.lockSays(outcome(attempt.id, jammed));
  const failed = await get(world, attempt.id);
  expect(failed).toMatchObject({ state: 'failed', reason: 'jammed' });
  await world.lockSays(outcome(attempt.id, { kind: 'succeeded', receipt: receiptOf() }));
  await world.clock.advance(60_000);
  expect(await get(world, attempt.id)).toEqual(failed);
});

it('clock drift fails with the offset and is not retried', async () => {
  const world = await openWorld();
  const attempt = await unlock(world);
  await world.lockSays(
    outcome(attempt.id, { kind: 'failed', reason: 'clock_drift', receipt: undefined, clockOffsetS: 125 }),
  );
  expect(await get(world, attempt.id)).toMatchObject({ state: 'failed', reason: 'clock_drift', clockOffsetS: 125 });
  await world.clock.advance(30_000);
  expect(world.script.inputs.filter((input) => input.kind === 'operate' && input.operation === 'unlock')).toHaveLength(
    1,
  );
});

it('without a gateway it fails at once and nothing was sent', async () => {
  const world = await openWorld();
  world.core.uplink.offline(world.gatewayId, 'timeout');
  await world.settled();
  const attempt = await unlock(world);
  expect(attempt).toMatchObject({ state: 'failed', reason: 'gateway_offline', sentAt: null });
  expect(frames(world)).toHaveLength(0);
  expect(await world.core.locks.get(world.owner, world.lockId)).toMatchObject({ stale: true, gatewayId: null });
  expect(await eventTypes(world)).toContain('gateway.offline');
});

it('a gateway whose session is gone at the sending is offline', async () => {
  const world = await openWorld();
  world.setUplink(false);
  const attempt = await unlock(world);
  expect(attempt).toMatchObject({ state: 'failed', reason: 'gateway_offline' });
});

it('a gateway that dies after the sending leaves the outcome unknown; before it, nothing was sent', async () => {
  const world = await openWorld();
  const attempt = await unlock(world);
  world.core.uplink.offline(world.gatewayId, 'timeout');
  await world.settled();
  expect((await get(world, attempt.id)).state).toBe('sent');
  await world.clock.advance(10_000);
  await world.settled();
  expect(await get(world, attempt.id)).toMatchObject({ state: 'expired', reason: 'outcome_unknown' });

  await world.core.uplink.online(world.gatewayId);
  world.script.on = () => [];
  const second = await unlock(world);
  expect(second.state).toBe('pending');
  world.core.uplink.offline(world.gatewayId, 'timeout');
  await world.settled();
  expect(await get(world, second.id)).toMatchObject({ state: 'failed', reason: 'gateway_offline' });
});

it('a frame that the gateway gave up before writing fails with its reason; one that it wrote stays open', async () => {
  const world = await openWorld();
  const report = (id: string, stage: 'queued' | 'written' | 'failed', queuePosition: number | null = null) =>
    world.core.uplink.received(world.gatewayId, {
      kind: 'progress',
      id,
      lock: IDENTIFIER,
      stage,
      queuePosition,
      reason: stage === 'failed' ? 'out_of_range' : null,
    });
  const first = await unlock(world);
  await report(`${first.id}.1`, 'queued', 3);
  expect((await get(world, first.id)).queuePosition).toBe(3);
  await report(`${first.id}.1`, 'failed');
  expect(await get(world, first.id)).toMatchObject({ state: 'failed', reason: 'out_of_range' });
  const second = await unlock(world);
  await report(`${second.id}.1`, 'written');
  await report(`${second.id}.1`, 'failed');
  expect((await get(world, second.id)).state).toBe('sent');
});

it('one command is in flight per lock, eight wait, the tenth is refused', async () => {
  const world = await openWorld();
  const first = await unlock(world);
  const waiting = [];
  for (let i = 0; i < 8; i++) waiting.push(await world.core.attempts.operate(world.owner, world.door.id, 'unlock', 60));
  expect(waiting.every(({ state }) => state === 'pending')).toBe(true);
  await expect(unlock(world)).rejects.toMatchObject({ code: 'too_many' });
  expect(frames(world)).toHaveLength(1);
  await world.lockSays(outcome(first.id, { kind: 'succeeded', receipt: receiptOf() }));
  await world.settled();
  expect(frames(world)).toHaveLength(2);
  expect((await get(world, waiting[0]!.id)).state).toBe('sent');
  expect((await get(world, waiting[1]!.id)).state).toBe('pending');
});

it('what waited past its time expires as not sent and never leaves', async () => {
  const world = await openWorld();
  await world.core.attempts.operate(world.owner, world.door.id, 'unlock', 60);
  const second = await world.core.attempts.operate(world.owner, world.door.id, 'unlock', 5);
  await world.clock.advance(5_000);
  await world.settled();
  expect(await get(world, second.id)).toMatchObject({ state: 'expired', reason: 'not_sent', sentAt: null });
  await world.clock.advance(60_000);
  expect(frames(world).some(({ id }) => id.startsWith(second.id))).toBe(false);
});

it.each([
  ['the person is gone', (world: World) => world.core.persons.remove(world.owner, 'per_desk')],
  [
    'the lock was removed',
    async (world: World) => {
      const first = frames(world)[0]!.id.split('.')[0]!;
      await world.store.unit((tx) => tx.attempts.update(world.owner.organizationId, first, { operation: 'unbind' }));
    },
  ],
])('a command that waited is not sent when %s meanwhile', async (_, change) => {
  const world = await openWorld();
  await world.store.unit((tx) =>
    tx.persons.insert({
      id: 'per_desk',
      organizationId: world.owner.organizationId,
      name: 'Desk',
      email: 'desk@hotel.test',
      role: 'front_desk',
      mustChangePassword: false,
      createdAt: 1,
    }),
  );
  const desk = actorOf(world.owner.organizationId, 'per_desk', 'front_desk');
  const first = await unlock(world);
  const second = await world.core.attempts.operate(desk, world.door.id, 'unlock', 60);
  await change(world);
  await world.lockSays(outcome(first.id, { kind: 'succeeded', receipt: receiptOf() }));
  await world.settled();
  expect(await get(world, second.id)).toMatchObject({ state: 'failed', sentAt: null });
  expect(frames(world)).toHaveLength(1);
});

it('after a restart, what was sent is outcome unknown and what was not sent is not sent', async () => {
  const world = await openWorld();
  const first = await unlock(world);
  const second = await world.core.attempts.operate(world.owner, world.door.id, 'lock', 60);
  const core = await world.restart();
  expect(await core.attempts.get(world.owner, first.id)).toMatchObject({ state: 'expired', reason: 'outcome_unknown' });
  expect(await core.attempts.get(world.owner, second.id)).toMatchObject({ state: 'expired', reason: 'not_sent' });
  expect(core.health()).toEqual({ ready: true, gatewaysOnline: 0, attemptsOpen: 0 });
});

it('a machine that throws takes neither its lock nor its core with it', async () => {
  const world = await openWorld();
  const usual = world.script.on;
  world.script.on = (input) => {
    if (input.kind === 'operate' || input.kind === 'message') throw new Error('broken');
    return [];
  };
  const attempt = await unlock(world);
  expect(attempt).toMatchObject({ state: 'failed', reason: 'internal' });
  await world.lockSays();
  world.script.on = usual;
  expect((await unlock(world)).state).toBe('sent');
});

it('a machine that never comes to rest is stopped', async () => {
  const world = await openWorld();
  const usual = world.script.on;
  world.script.on = () => [{ kind: 'make-random', id: 1, sizeOctets: 1 }];
  await world.lockSays();
  expect(world.script.inputs.length).toBeLessThan(100);
  world.script.on = usual;
  expect((await unlock(world)).state).toBe('sent');
});

it('received resolves only when what was said is durable', async () => {
  const world = await openWorld();
  const event = { sequence: 1, code: 'unlocked', actor: 0, detail: 0, lockTimeS: 1_700_000_000 } as const;
  const before = world.store.commits;
  await world.lockSays({ kind: 'event', event, clockOffsetS: 100 });
  expect(world.store.commits).toBe(before + 1);
  const told = { kind: 'events-durable', sequence: 1 };
  expect(world.script.inputs.at(-1)).toEqual(told);
  const [stored] = await world.core.events.list(world.owner, { type: 'lock.unlocked' }, page);
  expect(stored).toMatchObject({ lockSequence: 1, occurredAt: 1_699_999_900_000, doorId: world.door.id });
  // The same event again is acknowledged again and stored once (attack 29).
  await world.lockSays({ kind: 'event', event, clockOffsetS: 100 });
  expect(world.script.inputs.at(-1)).toEqual(told);
  expect(await world.core.events.list(world.owner, { type: 'lock.unlocked' }, page)).toHaveLength(1);
});

it('what cannot be stored is not acknowledged', async () => {
  const world = await openWorld();
  await world.store.close();
  const event = { sequence: 1, code: 'unlocked', actor: 0, detail: 0, lockTimeS: 0 } as const;
  await expect(world.lockSays({ kind: 'event', event, clockOffsetS: undefined })).rejects.toThrow('closed');
});

it('followers hear what is durable, of their organization only', async () => {
  const world = await openWorld();
  const other = await stranger(world.store);
  const heard: Event[] = [];
  const foreign: Event[] = [];
  const end = world.core.events.follow(world.owner, (event) => heard.push(event));
  world.core.events.follow(other, (event) => foreign.push(event));
  world.core.events.follow(world.owner, () => {
    throw new Error('a follower that breaks');
  });
  const attempt = await unlock(world);
  await world.lockSays(outcome(attempt.id, { kind: 'succeeded', receipt: receiptOf() }));
  expect(heard.map(({ type }) => type)).toEqual(['attempt.succeeded']);
  expect(
    await world.store.read((tx) => tx.events.list(world.owner.organizationId, { type: 'attempt.succeeded' }, page)),
  ).toEqual(heard);
  end();
  await unlock(world);
  await world.clock.advance(10_000);
  expect(heard).toHaveLength(1);
  expect(foreign).toEqual([]);
});

it("a gateway speaks for its own organization's locks only", async () => {
  const world = await openWorld();
  const other = await stranger(world.store);
  const property = await world.core.estate.addProperty(other, {
    name: 'B',
    timeZone: 'UTC',
    region: 'eu',
    geofence: null,
  });
  const { gateway, enrolmentToken } = await world.core.gateways.add(other, { propertyId: property.id, name: 'evil' });
  await world.core.gateways.enrol(enrolmentToken);
  await world.core.uplink.online(gateway.id);
  const says = async (message: FromGateway) => {
    const refused = { name: 'CoreError', code: 'not_found', message: 'there is no such lock' };
    await expect(world.core.uplink.received(gateway.id, message)).rejects.toMatchObject(refused);
    // In the same words for a lock that nobody has.
    const nobodys = world.core.uplink.received(gateway.id, { ...message, lock: 'C0FFEE0000FF' });
    await expect(nobodys).rejects.toMatchObject(refused);
  };
  await says({
    kind: 'sighting',
    lock: IDENTIFIER,
    maker: 'test',
    rssiDbm: -40,
    unbound: null,
    state: Uint8Array.of(1),
  });
  const attempt = await unlock(world);
  expect(world.sent.at(-1)?.gatewayId).toBe(world.gatewayId);
  world.script.replies.push([outcome(attempt.id, { kind: 'succeeded', receipt: receiptOf() })]);
  await says({
    kind: 'frame',
    id: 'x',
    lock: IDENTIFIER,
    channel: 1,
    octets: Uint8Array.of(1),
  });
  await says({
    kind: 'progress',
    id: `${attempt.id}.1`,
    lock: IDENTIFIER,
    stage: 'failed',
    queuePosition: null,
    reason: 'no_answer',
  });
  expect((await get(world, attempt.id)).state).toBe('sent');
  expect(world.script.inputs.some((input) => input.kind === 'message' || input.kind === 'beacon')).toBe(false);
});

it('the gateway that saw the lock last carries the command', async () => {
  const world = await openWorld();
  const { gateway, enrolmentToken } = await world.core.gateways.add(world.owner, {
    propertyId: world.propertyId,
    name: 'two',
  });
  await world.core.gateways.enrol(enrolmentToken);
  await world.core.uplink.online(gateway.id);
  const sighting = {
    kind: 'sighting',
    lock: IDENTIFIER,
    maker: 'test',
    rssiDbm: -40,
    unbound: null,
    state: null,
  } as const;
  await world.core.uplink.received(world.gatewayId, sighting);
  await world.clock.advance(10);
  await world.core.uplink.received(gateway.id, sighting);
  await unlock(world);
  expect(world.sent.at(-1)).toMatchObject({ gatewayId: gateway.id, message: { kind: 'frame' } });
});

it('a lock is polled after its gateway came, then every quarter of an hour, and is overdue without a proof', async () => {
  const world = await openWorld();
  const polls = () => world.script.inputs.flatMap((input) => (input.kind === 'operate' ? [input] : []));
  expect(await world.core.locks.get(world.owner, world.lockId)).toMatchObject({
    stale: true,
    staleReason: 'never_proved',
  });
  world.script.on = (input) => {
    if (input.kind !== 'operate') return [];
    return [
      ...leave(input.attempt, input.expiresAtMs),
      { kind: 'state', attributes: receiptOf().attributes, provedAtMs: world.clock.now() },
      outcome(input.attempt, { kind: 'succeeded', receipt: receiptOf() }),
    ];
  };
  await world.clock.advance(2_000);
  expect(polls()).toHaveLength(1);
  expect(polls()[0]).toMatchObject({ operation: 'status', class: 'operate' });
  expect(await world.core.locks.get(world.owner, world.lockId)).toMatchObject({ stale: false, staleReason: null });
  await world.clock.advance(15 * 60_000);
  expect(polls()).toHaveLength(2);
  expect(await world.core.attempts.list(world.owner, {}, page)).toEqual([]);
  world.script.on = () => [];
  await world.clock.advance(17 * 60_000);
  expect(await world.core.locks.get(world.owner, world.lockId)).toMatchObject({ stale: true, staleReason: 'overdue' });
});

it("a command of the server's own that the lock has not got gives way to somebody's at once", async () => {
  const world = await openWorld();
  // The poll that follows a gateway's arrival: its frame waits at the gateway for a connection.
  await world.clock.advance(5_000);
  await world.settled();
  const polled = world.sent.find(({ message }) => message.kind === 'frame')?.message;
  const attempt = await world.core.attempts.operate(world.owner, world.door.id, 'unlock', undefined);
  await world.settled();
  expect(world.sent.map(({ message }) => message)).toContainEqual({
    kind: 'cancel',
    id: polled?.kind === 'frame' ? polled.id : 'none',
  });
  expect((await world.core.attempts.get(world.owner, attempt.id)).state).toBe('sent');
});

it('a beacon that wants attention brings one poll, however often it is replayed', async () => {
  const world = await openWorld();
  world.script.on = (input) => {
    if (input.kind === 'beacon') return [{ kind: 'wants-attention' }];
    if (input.kind !== 'operate') return [];
    return [
      ...leave(input.attempt, input.expiresAtMs),
      outcome(input.attempt, { kind: 'succeeded', receipt: receiptOf() }),
    ];
  };
  await world.clock.advance(20_000);
  const before = world.script.inputs.filter(({ kind }) => kind === 'operate').length;
  for (let i = 0; i < 20; i++) {
    await world.core.uplink.received(world.gatewayId, {
      kind: 'sighting',
      lock: IDENTIFIER,
      maker: 'test',
      rssiDbm: -40,
      unbound: null,
      state: Uint8Array.of(i),
    });
    await world.clock.advance(400);
  }
  expect(world.script.inputs.filter(({ kind }) => kind === 'operate').length - before).toBe(1);
});

describe('a lock that cannot be asked is withdrawn', () => {
  const force = { force: true };
  it('its commands end, it leaves its door, and the record says that it holds its key', async () => {
    const world = await openWorld();
    const sent = await unlock(world);
    const waits = await unlock(world);
    const removal = await world.core.locks.remove(world.owner, world.lockId, force);
    expect(removal).toMatchObject({ operation: 'unbind', state: 'expired', reason: 'not_sent', sentAt: null });
    expect(await get(world, removal.id)).toMatchObject({ state: 'expired', reason: 'not_sent' });
    expect(await get(world, sent.id)).toMatchObject({ state: 'expired', reason: 'outcome_unknown' });
    expect(await get(world, waits.id)).toMatchObject({ state: 'expired', reason: 'not_sent' });
    expect(await world.core.locks.get(world.owner, world.lockId)).toMatchObject({ state: 'withdrawn', doorId: null });
    expect((await world.core.estate.getDoor(world.owner, world.door.id)).lockId).toBeNull();
    const events = await world.core.events.list(world.owner, {}, page);
    expect(events.find(({ type }) => type === 'door.lock_withdrawn')).toMatchObject({
      personId: world.owner.personId,
      doorId: world.door.id,
      detail: { lock_holds_key: true },
    });
    expect(world.sent.at(-1)?.message).toEqual({ kind: 'locks', locks: [] });
    await expect(world.core.locks.remove(world.owner, world.lockId, force)).rejects.toMatchObject({
      code: 'precondition_failed',
    });
  });

  it('it can be enrolled again, bound afresh: no key of before is tried', async () => {
    const world = await openWorld();
    const key = new Secret(new Uint8Array(16).fill(1));
    const record = { keyVersion: 3, resetCount: 2, active: key, pending: key };
    await world.store.unit((tx) => tx.locks.setBinding(world.lockId, record));
    await world.core.locks.remove(world.owner, world.lockId, force);
    await world.core.locks.enrol(world.owner, { doorId: world.door.id, identifier: IDENTIFIER });
    await world.settled();
    expect(world.script.inputs.at(-1)).toMatchObject({ kind: 'bind' });
    expect(await world.store.read((tx) => tx.locks.binding(world.lockId))).toEqual({
      ...record,
      active: undefined,
      pending: undefined,
    });
  });

  it('nothing that it says later does anything, nor after a restart', async () => {
    const world = await openWorld();
    const attempt = await unlock(world);
    await world.core.locks.remove(world.owner, world.lockId, force);
    const [over, steps] = [await get(world, attempt.id), world.script.inputs.length];
    const late = outcome(attempt.id, { kind: 'succeeded', receipt: receiptOf({ bolt: 'unlocked' }) });
    await world.lockSays(late);
    await world.clock.advance(30 * 60_000);
    expect(world.script.inputs).toHaveLength(steps);
    expect(await get(world, attempt.id)).toEqual(over);
    const again = await world.restart();
    await again.uplink.online(world.gatewayId);
    await world.clock.advance(30 * 60_000);
    expect(world.script.inputs).toHaveLength(steps);
  });

  it('a message that came at the same moment does not outlive the link', async () => {
    const world = await openWorld();
    const attempt = await unlock(world);
    const removal = world.core.locks.remove(world.owner, world.lockId, force);
    const said = world.lockSays(outcome(attempt.id, { kind: 'succeeded', receipt: receiptOf() }));
    await Promise.all([removal, said]);
    const { state, lateReceipt } = await get(world, attempt.id);
    // Whichever was first: never both an expiry and a late receipt after the lock was withdrawn.
    expect([state, lateReceipt === null]).toEqual([state === 'succeeded' ? 'succeeded' : 'expired', true]);
  });
});

it('an older proof never replaces a newer one', async () => {
  const world = await openWorld();
  const at = world.clock.now();
  await world.lockSays({ kind: 'state', attributes: receiptOf({ bolt: 'unlocked' }).attributes, provedAtMs: at });
  await world.lockSays({ kind: 'state', attributes: receiptOf({ bolt: 'locked' }).attributes, provedAtMs: at - 1 });
  const { report } = await world.core.locks.get(world.owner, world.lockId);
  expect(report).toMatchObject({ provedAt: at, attributes: { bolt: 'unlocked' } });
});

it('what is known of the clock is recorded with the proof, and not kept beyond it', async () => {
  const world = await openWorld();
  const at = world.clock.now();
  const { attributes } = receiptOf();
  await world.lockSays({ kind: 'state', attributes, provedAtMs: at, clockOffsetS: -1.4, clockErrorS: 0.7 });
  expect((await world.core.locks.get(world.owner, world.lockId)).report).toMatchObject({
    clockOffsetS: -1.4,
    clockErrorS: 0.7,
  });
  await world.lockSays({ kind: 'state', attributes, provedAtMs: at + 1 });
  expect((await world.core.locks.get(world.owner, world.lockId)).report).toMatchObject({
    clockOffsetS: null,
    clockErrorS: null,
  });
});

it('an alarm that is repeated does not fill the record', async () => {
  const world = await openWorld();
  const forged = { kind: 'alarm', code: 'forged_message', detail: 'x' } as const;
  for (let i = 0; i < 50; i++) await world.lockSays(forged);
  await world.clock.advance(60_000);
  await world.lockSays(forged);
  const alarms = await world.core.events.list(world.owner, { type: 'alarm.forged_message' }, page);
  expect(alarms.map(({ detail }) => detail.not_shown)).toEqual([0, 49]);
});

it('effects of the machine are answered: keys, randomness, records, wakes', async () => {
  const world = await openWorld();
  const seen: string[] = [];
  world.script.on = (input) => {
    seen.push(input.kind);
    if (input.kind === 'message') return [{ kind: 'make-ephemeral', id: 1, sizeOctets: 16 }];
    if (input.kind === 'ephemeral') {
      expect(input.random).toHaveLength(16);
      return [{ kind: 'agree', id: 2, privateKey: input.privateKey, peer: input.publicKey }];
    }
    if (input.kind === 'agreed') {
      expect(input.z).toHaveLength(32);
      const record = { keyVersion: 4, resetCount: 2, active: undefined, pending: undefined };
      return [{ kind: 'store', id: 3, record }];
    }
    if (input.kind === 'stored') return [{ kind: 'wake', atMonotonicMs: world.clock.monotonic() + 100 }];
    return [];
  };
  await world.lockSays();
  await world.clock.advance(100);
  await settle();
  expect(seen).toEqual(['message', 'ephemeral', 'agreed', 'stored', 'wake']);
  expect(await world.store.read((tx) => tx.locks.binding(world.lockId))).toMatchObject({
    keyVersion: 4,
    resetCount: 2,
  });
});
