import { seededRandom } from '@cardea/kit-node';
import { expect, test } from 'vitest';
import { createMakerKeys, makeLocks } from '../src/demo.ts';
import { parcelOf } from '../src/demo-files.ts';
import { createEstate, type Estate, type Meddler } from '../src/index.ts';

const IDENTIFIER = 'C01EAC000001';

/** An estate of one legacy lock, made here: no building has one. */
async function legacyEstate(legacy?: boolean, meddler?: Meddler): Promise<Estate> {
  const random = seededRandom('legacy');
  const made = await makeLocks(
    {
      maker: 'cardea-legacy',
      model: 'old-one',
      modelNumber: 0x0001,
      locks: [{ identifier: IDENTIFIER, bluetooth: '4.2' }],
    },
    { keys: createMakerKeys(random), random, issuedAtMs: Date.UTC(2026, 0, 1) },
  );
  return createEstate({
    seed: 1,
    locks: made.locks,
    manifests: [parcelOf(made.maker)],
    ...(legacy === undefined ? {} : { legacy }),
    ...(meddler && { meddler }),
  });
}

const onlyLock = async ({ ras }: Estate) => {
  const [lock] = await ras.core.locks.list(ras.owner, {}, { after: undefined, limit: 10 });
  return lock!;
};

test('a legacy lock is bound, unlocked and locked where legacy_profiles is on, and shown as legacy', async () => {
  const estate = await legacyEstate(true);
  try {
    await estate.enrolAll();
    expect(await estate.operate('101', 'unlock')).toMatchObject({ state: 'succeeded' });
    expect(estate.lock('101').view().boltOut).toBe(false);
    expect(await onlyLock(estate)).toMatchObject({
      identifier: IDENTIFIER,
      maker: 'cardea-legacy',
      suite: 'legacy',
      state: 'bound',
      report: { attributes: { bolt: 'unlocked' } },
    });
    expect(await estate.operate('101', 'lock')).toMatchObject({ state: 'succeeded' });
    expect(estate.lock('101').view()).toMatchObject({ boltOut: true, opens: 1 });
  } finally {
    await estate.stop();
  }
});

test('a legacy lock whose receipt does not come leaves the outcome unknown, after a restart of the RAS as well', async () => {
  let mute = false;
  const estate = await legacyEstate(true, {
    down: (message, pass) => pass(message),
    up: (report, pass) => {
      if (!mute || report.kind !== 'frame' || estate.lock('101').view().opens === 0) pass(report);
    },
  });
  try {
    await estate.enrolAll();
    await estate.restartRas();
    mute = true;
    const attempt = await estate.operate('101', 'unlock');
    expect(estate.lock('101').view().opens).toBe(1);
    expect(attempt).toMatchObject({ state: 'expired', reason: 'outcome_unknown' });
  } finally {
    await estate.stop();
  }
});

test('a legacy lock is refused where legacy_profiles is off, as it is by default, naming the key', async () => {
  for (const legacy of [undefined, false]) {
    const estate = await legacyEstate(legacy);
    try {
      await expect(estate.enrolAll()).rejects.toMatchObject({
        code: 'precondition_failed',
        field: 'identifier',
        message: expect.stringContaining('legacy_profiles'),
      });
      expect(await onlyLock(estate)).toMatchObject({ suite: 'legacy', state: 'manifest' });
      expect(estate.lock('101').view().boltOut).toBe(true);
    } finally {
      await estate.stop();
    }
  }
});
