import { ACTORS } from '@cardea/twin-faults';
import { describe, expect, it } from 'vitest';
import { canFailCalls } from '../src/chaos/actor-process.ts';
import { type ChaosReport, runChaos } from '../src/chaos/run.ts';

/* Real processes under load. How long a recovery took is printed, not asserted: this machine may be slow. docs/chaos.md. */

const KILLS = 10;
const seed = Date.now() % 1_000_000;

/** Everything that was found but slowness, with what reproduces it. */
function wrongs({ findings, folder }: ChaosReport): readonly string[] {
  const wrong = findings.filter(({ rule }) => rule !== 'slow').map(({ rule, detail }) => `${rule}: ${detail}`);
  return wrong.length === 0 ? [] : [`seed ${seed}, kept in ${folder}`, ...wrong];
}

function print(what: string, { counts, recovery, lastedS }: ChaosReport): void {
  console.log(
    `${what}: seed ${seed}, ${counts.faults} faults in ${lastedS} s, ${counts.facts} facts, ` +
      `${counts.succeeded} receipts, recovery p50 ${recovery.p50Ms} ms, worst ${recovery.worstMs} ms`,
  );
}

describe('under load', () => {
  it(`attack 26: server, gateway and locks killed ${KILLS} times each: nothing lost, doubled or late, the log verifies`, async () => {
    const report = await runChaos({ seed, rounds: KILLS, what: ['kill'], together: true });
    print('kills', report);
    expect(wrongs(report)).toEqual([]);
    expect(report.counts.faults).toBe(KILLS * ACTORS.length);
    expect(report.counts.succeeded).toBeGreaterThan(KILLS);
  }, 600_000);

  it.skipIf(!canFailCalls() && process.env.REQUIRE_PEERS !== '1')(
    'attack 27: full disks and failing syncs of server, gateway and locks: the service stops rather than lies',
    async () => {
      const report = await runChaos({ seed, rounds: 1, what: ['disk', 'fsync'] });
      print('disks', report);
      expect(wrongs(report)).toEqual([]);
      expect(report.counts.faults).toBe(2 * ACTORS.length);
    },
    600_000,
  );
});
