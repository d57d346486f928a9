import type { FromGateway } from '@cardea/wire-route';
import { expect, test } from 'vitest';
import { createDemoEstate, type Estate, type Meddler } from '../src/index.ts';

const MINUTE_MS = 60_000;
const page = { after: undefined, limit: 100 };

async function chainOf({ ras }: Estate, identifier: string) {
  const [lock] = await ras.core.locks.list(ras.owner, { identifier }, page);
  return ras.core.locks.chain(ras.owner, lock!.id);
}

test('a lock signs what it recorded, and the record agrees; the second maker has no chain', async () => {
  const estate = await createDemoEstate({ seed: 1, keep: ({ maker }, index) => maker === 'maker2' || index === 0 });
  await estate.enrolAll();
  await estate.operate('101', 'unlock');
  // Neither a power cut of the lock nor a restart of the server breaks it.
  estate.lock('101').powerOn();
  await estate.restartRas();
  await estate.operate('101', 'unlock');
  await estate.clock.advance(20 * MINUTE_MS);
  const { chained, chain, gaps } = await chainOf(estate, estate.identity('101').identifier);
  expect(chained).toBe(true);
  expect(chain!.verifiedTo).toBeGreaterThanOrEqual(4);
  expect(chain!.unsettledSince).toBeNull();
  expect(gaps).toEqual([]);
  const other = estate.doors.map((door) => estate.identity(door)).find(({ maker }) => maker === 'maker2')!;
  expect(await chainOf(estate, other.identifier)).toMatchObject({ chained: false, chain: undefined });
  await estate.stop();
});

/** A gateway that keeps a lock's events to itself and passes on its heads: a head is eight frames and then a receipt. */
function withholding(): Meddler & { on: boolean } {
  let events: FromGateway[] = [];
  const meddler = {
    on: false,
    down: (message: Parameters<Meddler['down']>[0], pass: Parameters<Meddler['down']>[1]) => pass(message),
    up(report: FromGateway, pass: (report: FromGateway) => void) {
      if (!meddler.on || report.kind !== 'frame') return pass(report);
      if (report.octets[0] === 0x03) {
        events.push(report);
        return;
      }
      if (report.octets[0] === 0x02) for (const part of events.slice(-8)) if (events.length >= 8) pass(part);
      if (report.octets[0] === 0x02) events = [];
      pass(report);
    },
  };
  return meddler;
}

test('a gateway that withholds events is found out by the head that it passes on', async () => {
  const meddler = withholding();
  const estate = await createDemoEstate({ seed: 2, meddler, keep: (_, index) => index === 0 });
  meddler.on = true;
  await estate.enrolAll();
  await estate.operate('101', 'unlock');
  await estate.clock.advance(40 * MINUTE_MS);
  const { identifier } = estate.identity('101');
  const { gaps, chain } = await chainOf(estate, identifier);
  expect(gaps).toMatchObject([{ kind: 'missing', fromSequence: 1, toSequence: chain!.headSequence, closedAt: null }]);
  const alarms = await estate.ras.core.events.list(estate.ras.owner, { type: 'alarm.chain_gap' }, page);
  expect(alarms[0]!.detail).toMatchObject({ from: 1, to: chain!.headSequence });
  // It lets them through in the end: the lock still has them.
  meddler.on = false;
  await estate.operate('101', 'status');
  await estate.clock.advance(20 * MINUTE_MS);
  expect((await chainOf(estate, identifier)).gaps.every(({ closedAt }) => closedAt !== null)).toBe(true);
  await estate.stop();
});
