import type { Attempt } from '@cardea/server-core';
import { expect, it } from 'vitest';
import { createDemoEstate, type Estate } from '../src/index.ts';

const page = { after: undefined, limit: 100 };

/** Enrols the lock of door 101, with somebody at its button, and answers how that ended. */
async function enrol({ ras, clock, doorId, identity, lock }: Estate): Promise<Attempt> {
  const { identifier } = identity('101');
  const { id } = await ras.core.locks.enrol(ras.owner, { doorId: doorId('101'), identifier });
  let over: Attempt | undefined;
  const waited = ras.core.attempts.wait(ras.owner, id, 120_000).then((now) => {
    over = now;
  });
  await clock.runUntil(() => {
    if (lock('101').view().confirmationWanted) lock('101').pressButton();
    return over !== undefined;
  }, 3_600_000);
  await waited;
  await clock.advance(1000);
  return ras.core.attempts.get(ras.owner, id);
}

it.each(['cardea', 'maker2'])(
  'a %s lock that was withdrawn is enrolled again after its reset, and never before (6.1 to 6.4)',
  async (maker) => {
    let kept = 0;
    const estate = await createDemoEstate({ seed: 4, keep: (identity) => identity.maker === maker && kept++ === 0 });
    const { ras, clock } = estate;
    const { identifier } = estate.identity('101');
    expect(await enrol(estate)).toMatchObject({ state: 'succeeded' });
    const [lock] = await ras.core.locks.list(ras.owner, { identifier }, page);
    await ras.core.locks.remove(ras.owner, lock!.id, { force: true });
    // 6.3: it is bound, whatever the record says, and neither button nor server changes that.
    expect(await enrol(estate)).not.toMatchObject({ state: 'succeeded' });
    expect(await ras.core.locks.get(ras.owner, lock!.id)).toMatchObject({ state: 'withdrawn', doorId: null });
    // 6.1: its window is closed for one that was reset from afar long ago; a reset at the lock opens it again.
    estate.lock('101').factoryReset();
    await clock.advance(1000);
    expect(await enrol(estate)).toMatchObject({ state: 'succeeded' });
    expect(await ras.core.locks.get(ras.owner, lock!.id)).toMatchObject({
      state: 'bound',
      doorId: estate.doorId('101'),
    });
    expect(await estate.operate('101', 'unlock')).toMatchObject({ state: 'succeeded' });
    await estate.stop();
  },
);
