import type { Attempt } from '@cardea/server-core';
import { createDemoEstate, type Estate } from '@cardea/twin-building';
import { afterEach, describe, expect, it } from 'vitest';

/* Registration, removal and the clock of a lock, in the virtual estate: the true RAS, gateway and locks of both makers. */

const DOORS = ['101', '102'] as const;
const page = { after: undefined, limit: 100 } as const;

let estate: Estate;
async function open(): Promise<void> {
  estate = await createDemoEstate({ seed: 11, keep: (_, index) => index === 4 || index === 9 });
}
afterEach(() => estate.stop());

const lockOf = async (door: string) => {
  const { core, owner } = estate.ras;
  const [found] = await core.locks.list(owner, { identifier: estate.identity(door).identifier }, page);
  if (found === undefined) throw new Error(`no lock for door ${door}`);
  return found;
};
const enrol = (door: string) =>
  estate.ras.core.locks.enrol(estate.ras.owner, {
    doorId: estate.doorId(door),
    identifier: estate.identity(door).identifier,
  });
/** Enrols, and presses the button when the lock asks for it. */
async function enrolAndPress(door: string): Promise<Attempt> {
  const attempt = await enrol(door);
  const over = estate.end(attempt);
  let done = false;
  over.then(
    () => {
      done = true;
    },
    () => undefined,
  );
  for (let i = 0; i < 600 && !done; i++) {
    await estate.clock.advance(100);
    if (estate.lock(door).view().confirmationWanted) estate.lock(door).pressButton();
  }
  return over;
}
const doorLock = async (door: string) =>
  (await estate.ras.core.estate.getDoor(estate.ras.owner, estate.doorId(door))).lockId;

describe.each(DOORS)('registration at door %s', (door) => {
  it('works within the window and with the confirmation at the lock', async () => {
    await open();
    expect((await enrolAndPress(door)).state).toBe('succeeded');
    expect(await lockOf(door)).toMatchObject({ state: 'bound', doorId: estate.doorId(door) });
    expect((await estate.operate(door, 'unlock')).state).toBe('succeeded');
  });

  it('is refused by the lock when its window is closed, and works when it was opened again at the lock', async () => {
    await open();
    await estate.clock.advance(31 * 60_000);
    const refused = await enrolAndPress(door);
    expect(['failed', 'expired']).toContain(refused.state);
    expect(await lockOf(door)).toMatchObject({ state: 'manifest', doorId: null });
    expect(await doorLock(door)).toBeNull();
    estate.lock(door).openWindow();
    expect((await enrolAndPress(door)).state).toBe('succeeded');
  });

  it('without the confirmation binds nothing, and can be tried again', async () => {
    await open();
    const attempt = await estate.end(await enrol(door));
    expect(['failed', 'expired']).toContain(attempt.state);
    expect(await lockOf(door)).toMatchObject({ state: 'manifest', doorId: null });
    expect(await doorLock(door)).toBeNull();
    await expect(estate.operate(door, 'unlock')).rejects.toMatchObject({ code: 'precondition_failed' });
    expect(estate.lock(door).view().opens).toBe(0);
    expect((await enrolAndPress(door)).state).toBe('succeeded');
  });

  it('of a lock that is bound is refused by the RAS, and by the lock when the RAS has forgotten it', async () => {
    await open();
    expect((await enrolAndPress(door)).state).toBe('succeeded');
    await expect(enrol(door)).rejects.toMatchObject({ code: 'conflict', field: 'identifier' });
    const { id, organizationId } = await lockOf(door);
    const record = await estate.ras.store.read((tx) => tx.locks.binding(id));
    await estate.restartRas((store) =>
      store.unit(async (tx) => {
        await tx.locks.update(organizationId, id, { state: 'manifest' });
        await tx.doors.update(organizationId, estate.doorId(door), { lockId: null });
        if (record !== undefined) await tx.locks.setBinding(id, { ...record, active: undefined, pending: undefined });
      }),
    );
    await estate.clock.advance(5_000);
    estate.lock(door).openWindow();
    expect((await enrolAndPress(door)).state).not.toBe('succeeded');
    expect(await lockOf(door)).toMatchObject({ state: 'manifest' });
    // The lock still belongs to whoever holds its key.
    await estate.restartRas((store) =>
      store.unit(async (tx) => {
        await tx.locks.update(organizationId, id, { state: 'bound' });
        await tx.doors.update(organizationId, estate.doorId(door), { lockId: id });
        if (record !== undefined) await tx.locks.setBinding(id, record);
      }),
    );
    await estate.clock.advance(30_000);
    expect((await estate.operate(door, 'unlock')).state).toBe('succeeded');
  });

  it('of an unknown identifier, at an unknown door or at a door with a lock makes no attempt', async () => {
    await open();
    const { core, owner } = estate.ras;
    const doorId = estate.doorId(door);
    await expect(core.locks.enrol(owner, { doorId, identifier: 'C0DEAFFFFFFF' })).rejects.toMatchObject({
      code: 'precondition_failed',
      field: 'identifier',
    });
    const { identifier } = estate.identity(door);
    await expect(core.locks.enrol(owner, { doorId: 'door_none', identifier })).rejects.toMatchObject({
      code: 'not_found',
    });
    expect(await core.attempts.list(owner, {}, page)).toEqual([]);
    await enrolAndPress(door);
    const other = DOORS.find((one) => one !== door) ?? door;
    await expect(
      core.locks.enrol(owner, { doorId, identifier: estate.identity(other).identifier }),
    ).rejects.toMatchObject({ code: 'conflict', field: 'door_id' });
    expect(await core.attempts.list(owner, {}, page)).toHaveLength(1);
  });
});

describe.each(DOORS)('removal at door %s', (door) => {
  it('resets the lock, takes it from its door, and a new window has to be opened at the lock', async () => {
    await open();
    await enrolAndPress(door);
    expect((await estate.operate(door, 'unlock')).state).toBe('succeeded');
    const { id } = await lockOf(door);
    const removed = await estate.end(await estate.ras.core.locks.remove(estate.ras.owner, id));
    expect(removed).toMatchObject({ operation: 'unbind', state: 'succeeded' });
    expect(await lockOf(door)).toMatchObject({ state: 'manifest', doorId: null });
    expect(await doorLock(door)).toBeNull();
    await expect(estate.operate(door, 'unlock')).rejects.toMatchObject({ code: 'precondition_failed' });
    await expect(estate.ras.core.locks.remove(estate.ras.owner, id)).rejects.toMatchObject({
      code: 'precondition_failed',
    });
    await estate.clock.advance(31 * 60_000);
    estate.lock(door).openWindow();
    expect((await enrolAndPress(door)).state).toBe('succeeded');
    expect((await estate.operate(door, 'unlock')).state).toBe('succeeded');
  });

  it('of a lock that is out of range leaves everything as it was', async () => {
    await open();
    await enrolAndPress(door);
    const { id, identifier } = await lockOf(door);
    estate.medium.setFaults(identifier, { range: 'out' });
    await estate.clock.advance(60_000);
    const attempt = await estate.end(await estate.ras.core.locks.remove(estate.ras.owner, id));
    expect(attempt.state).not.toBe('succeeded');
    expect(await lockOf(door)).toMatchObject({ state: 'bound' });
    estate.medium.setFaults(identifier, { range: 'in' });
    await estate.clock.advance(60_000);
    expect((await estate.operate(door, 'unlock')).state).toBe('succeeded');
  });
});

describe("the lock's clock", () => {
  const [door] = DOORS;
  const alarms = async (): Promise<readonly string[]> =>
    (await estate.ras.core.events.list(estate.ras.owner, {}, page))
      .map(({ type }) => type)
      .filter((type) => type.startsWith('alarm.clock'));

  /** Bound, and its clock set by the RAS, which does that once a minute at most. */
  async function withValidClock(): Promise<void> {
    await open();
    await enrolAndPress(door);
    await estate.clock.advance(90_000);
    expect((await estate.operate(door, 'lock')).receipt?.attributes.clock).toBe('valid');
  }

  it.each([40, -40, -125])(
    'that is %d s off fails an unlock with its offset, the next one opens, and the RAS sets it right',
    async (seconds) => {
      await withValidClock();
      estate.lock(door).stepClock(seconds);
      const before = estate.lock(door).view().opens;
      const drifted = await estate.operate(door, 'unlock');
      expect(drifted).toMatchObject({ state: 'failed', reason: 'clock_drift' });
      // The lock's time never goes below its saved floor, so that it may be less far behind than its hardware clock.
      const offset = (drifted.clockOffsetS ?? 0) * Math.sign(seconds);
      expect(offset).toBeGreaterThan(2);
      expect(offset).toBeLessThanOrEqual(Math.abs(seconds) + 1);
      if (seconds > 0) expect(offset).toBeGreaterThanOrEqual(seconds - 1);
      await estate.clock.advance(10_000);
      // Nothing was tried again by itself.
      expect(estate.lock(door).view().opens).toBe(before);
      expect(await estate.ras.core.attempts.get(estate.ras.owner, drifted.id)).toEqual(drifted);
      expect((await estate.operate(door, 'unlock')).state).toBe('succeeded');
      await estate.clock.advance(16 * 60_000);
      expect(Math.abs((await estate.operate(door, 'status')).clockOffsetS ?? 99)).toBeLessThanOrEqual(2);
      expect(await alarms()).not.toContain('alarm.clock_step_back_needs_confirmation');
    },
  );

  it('that is ahead by more than a minute is set back by an operator alone', async () => {
    await withValidClock();
    const { id } = await lockOf(door);
    const { core, owner } = estate.ras;
    estate.lock(door).stepClock(600);
    expect(await estate.operate(door, 'unlock')).toMatchObject({ state: 'failed', reason: 'clock_drift' });
    await estate.clock.advance(30_000);
    expect(await alarms()).toContain('alarm.clock_step_back_needs_confirmation');
    expect(await estate.operate(door, 'unlock')).toMatchObject({ state: 'failed', reason: 'clock_drift' });

    const unconfirmed = await estate.end(await core.locks.setTime(owner, id, false));
    expect(unconfirmed).toMatchObject({ operation: 'set_time', state: 'failed' });
    expect((await estate.operate(door, 'unlock')).state).toBe('failed');
    const confirmed = await estate.end(await core.locks.setTime(owner, id, true));
    expect(confirmed).toMatchObject({ operation: 'set_time', state: 'succeeded' });
    const opened = await estate.operate(door, 'unlock');
    expect(opened.state).toBe('succeeded');
    expect(Math.abs(opened.clockOffsetS ?? 99)).toBeLessThanOrEqual(2);
    const set = await core.events.list(owner, { type: 'lock.clock_set' }, page);
    expect(set.length).toBeGreaterThanOrEqual(2);
  });

  it('is not set at a lock without one: the attempt says unsupported', async () => {
    await open();
    await enrolAndPress(DOORS[1]);
    const { id } = await lockOf(DOORS[1]);
    const attempt = await estate.end(await estate.ras.core.locks.setTime(estate.ras.owner, id, false));
    expect(attempt).toMatchObject({ state: 'failed', reason: 'unsupported' });
  });
});
