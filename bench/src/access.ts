import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnvelope, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock } from '@cardea/kit-runtime';
import { type Actor, type Core, decide, type GrantScope, type Store } from '@cardea/server-core';
import { openStore } from '@cardea/server-store';
import { createTwinRas } from '@cardea/twin-building';
import { DOORS_OF_FLOOR, type Estate, seedEstate } from './access/estate.ts';
import { type Figure, figure, quantile } from './measure.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12);
const EVERYTHING = { after: undefined, limit: 1_000_000 } as const;

/**
 * With many doors and grants: what deciding an unlock and explaining a door cost beside looking one grant up in the
 * same store, in turn in one process; and how many locks a grant and its change touch.
 */
export async function access({
  doors = 10_000,
  grants = 200_000,
  rounds = 31,
  calls = 400,
}: {
  readonly doors?: number;
  readonly grants?: number;
  readonly rounds?: number;
  readonly calls?: number;
} = {}): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-bench-'));
  const clock = createVirtualClock(NOW_MS, settle);
  const store = openStore({
    file: join(folder, 'cardea.db'),
    envelope: await createEnvelope(join(folder, 'envelope.key')),
    clock,
  });
  const ras = await createTwinRas({
    clock,
    random: seededRandom('bench access'),
    throughStore(opened) {
      void opened.close();
      return store;
    },
  });
  try {
    const { core, owner } = ras;
    const estate = await seedEstate(store, owner.organizationId, owner.personId, { doors, grants, now: NOW_MS });
    const costs = await costsOf(store, core, owner, estate, { rounds, calls });
    const of = { doors, grants, rounds, calls, ...costs };
    return [
      figure(
        'deciding an unlock / looking one grant up by its id, CPU',
        costs.decide_us / costs.lookup_us,
        'ratio',
        '<= 10',
        of,
      ),
      figure(
        'explaining a door / looking one grant up by its id, CPU',
        costs.explain_us / costs.lookup_us,
        'ratio',
        '<= 10',
        of,
      ),
      await touched(store, core, owner, estate),
    ];
  } finally {
    await ras.stop();
    rmSync(folder, { recursive: true });
  }
}

/** CPU microseconds of one call each, medians over the rounds; the order turns by one each round. */
async function costsOf(
  store: Store,
  core: Core,
  owner: Actor,
  { held }: Estate,
  { rounds, calls }: { readonly rounds: number; readonly calls: number },
) {
  const { organizationId } = owner;
  let asked = 0;
  const next = () => held[(asked++ * 101) % held.length] ?? { grantId: '', personId: '', doorId: '' };
  const contenders = {
    // One row by its key, of the table that all of this is about.
    lookup_us: async () => {
      const { grantId } = next();
      if ((await store.read((tx) => tx.grants.get(organizationId, grantId))) === undefined) throw new Error('no grant');
    },
    decide_us: async () => {
      const { personId, doorId } = next();
      const decision = await store.read(async (tx) => {
        const door = await tx.doors.get(organizationId, doorId);
        if (door === undefined) throw new Error('no door');
        return decide(tx, { organizationId, personId, door, at: NOW_MS, operation: 'unlock' });
      });
      if (!decision.permit) throw new Error('a grant that is open did not permit');
    },
    explain_us: async () => {
      const { personId, doorId } = next();
      const { afar } = await core.grants.explain(owner, doorId, { personId, at: NOW_MS });
      if (!afar.permitted) throw new Error('a grant that is open did not permit');
    },
  };
  const names = Object.keys(contenders) as (keyof typeof contenders)[];
  const samples = { lookup_us: [] as number[], decide_us: [] as number[], explain_us: [] as number[] };
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + 1) % names.length] ?? 'lookup_us';
      const before = process.cpuUsage();
      for (let call = 0; call < calls; call++) await contenders[name]();
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) samples[name].push((user + system) / calls);
    }
  }
  return {
    lookup_us: quantile(samples.lookup_us, 0.5),
    decide_us: quantile(samples.decide_us, 0.5),
    explain_us: quantile(samples.explain_us, 0.5),
  };
}

/** Gives and changes grants of some doors, of a floor and of a property, and counts the locks that know of it. */
async function touched(store: Store, core: Core, owner: Actor, estate: Estate): Promise<Figure> {
  const { organizationId } = owner;
  const planned = () =>
    store.read(async (tx) => [
      ...(await tx.access.methods.list(organizationId, {}, EVERYTHING)),
      ...(await tx.access.items.list(organizationId, {}, EVERYTHING)),
    ]);
  const [floorId = '', propertyId = ''] = [estate.floorIds.at(-1), estate.propertyIds[0]];
  const scopes: readonly { readonly scope: GrantScope; readonly doors: number }[] = [
    { scope: { kind: 'doors', doorIds: estate.doorIds.slice(0, 5) }, doors: 5 },
    { scope: { kind: 'floor', floorId }, doors: Math.min(DOORS_OF_FLOOR, estate.doorIds.length) },
    { scope: { kind: 'property', propertyId }, doors: Math.min(100, estate.doorIds.length) },
  ];
  let [locks, expected, worst] = [0, 0, 0];
  for (const { scope, doors } of scopes) {
    const before = new Set((await planned()).map((row) => JSON.stringify(row)));
    const personId = estate.held[0]?.personId ?? '';
    const window = { notBefore: NOW_MS, notAfter: NOW_MS + 86_400_000 };
    const { grant } = await core.grants.create(owner, { personId, scope, ...window });
    await core.grants.change(owner, grant.id, { notAfter: NOW_MS + 2 * 86_400_000 }, []);
    await core.grants.revoke(owner, grant.id);
    const changed = (await planned()).filter((row) => !before.has(JSON.stringify(row)));
    const at = new Set(changed.map(({ lockId }) => lockId)).size;
    locks += at;
    expected += doors;
    worst = Math.max(worst, Math.abs(at / doors - 1));
  }
  // One where each touched as many locks as it has doors; each that strays adds to it.
  return figure('locks that a change of a grant touches / doors of its scope', 1 + worst, 'ratio', '<= 1', {
    locks,
    doors: expected,
  });
}
