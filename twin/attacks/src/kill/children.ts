import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { openFileJournal } from '@cardea/gateway';
import { createEnvelope, seededRandom } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { openStore } from '@cardea/server-store';
import type { Trial } from '../attack.ts';

/** A child is killed after it has said between 1 and this many facts. */
const FACTS_MOST = 60;

/** A process that writes the record is killed again and again in the middle of its commits; then the record is read. */
export async function killRecord(options: { weak: boolean; seed: number; kills: number }): Promise<readonly Trial[]> {
  const { weak, kills } = options;
  const found = { lost: 0, revived: 0, half: 0, facts: 0 };
  await inFolder(async (folder) => {
    const file = join(folder, 'cardea.db');
    const said = new Set<string>();
    for (let kill = 0; kill < kills; kill++) {
      const first = String(kill * 100_000);
      const args = weak ? [file, first, 'early'] : [file, first];
      for (const fact of await untilKilled('record-child.ts', args, draw(options, kill))) said.add(fact);
      const store = openStore({ file, envelope });
      const { added, revoked, half } = await store.read(async (tx) => {
        const added = new Set<string>();
        const revoked = new Set<string>();
        let half = 0;
        for (const { id } of await tx.organizations.list()) {
          const n = id.slice('org_'.length);
          if ((await tx.persons.get(id, `person_${n}`)) === undefined) half++;
          added.add(n);
          if ((await tx.tokens.get(id, `tok_${n}`)) === undefined) revoked.add(n);
        }
        return { added, revoked, half };
      });
      await store.close();
      found.half += half;
      for (const fact of said) {
        const [what, n = ''] = fact.split(' ');
        if (what === 'added' && !added.has(n)) found.lost++;
        if (what === 'revoked' && !revoked.has(n)) found.revived++;
      }
    }
    found.facts = said.size;
  });
  return [
    { name: `of ${found.facts} facts, one is lost by a kill of the server`, through: found.lost > 0, tried: kills },
    { name: 'a revocation is lost by a kill of the server', through: found.revived > 0, tried: kills },
    { name: 'half of a unit is there after a kill', through: found.half > 0, tried: kills },
    { name: 'nothing was written (then the trials above show nothing)', through: found.facts === 0 },
  ];
}

/** The same with a gateway's journal. */
export async function killJournal(options: { weak: boolean; seed: number; kills: number }): Promise<readonly Trial[]> {
  const { weak, kills } = options;
  const found = { lost: 0, reused: 0, facts: 0 };
  await inFolder(async (folder) => {
    const file = join(folder, 'journal');
    const appended = new Set<number>();
    const removed = new Set<number>();
    for (let kill = 0; kill < kills; kill++) {
      const args = weak ? [file, 'early'] : [file];
      for (const fact of await untilKilled('journal-child.ts', args, draw(options, kill))) {
        const [what, n] = fact.split(' ');
        if (what === 'appended' && appended.has(Number(n))) found.reused++;
        (what === 'appended' ? appended : removed).add(Number(n));
        found.facts++;
      }
      const journal = await openFileJournal(file, await createEnvelope(join(folder, 'envelope.key')));
      const { entries } = await journal.load();
      await journal.close();
      const there = new Set(entries.map(({ number }) => number));
      // The one that was being removed at the kill may be gone or there; it was promised to be delivered, and it was.
      for (const number of appended) if (!there.has(number) && !removed.has(number) && number % 3 !== 0) found.lost++;
    }
  });
  return [
    { name: `of ${found.facts} reports, one is lost by a kill of the gateway`, through: found.lost > 0, tried: kills },
    { name: 'a number is given to two reports', through: found.reused > 0, tried: kills },
    { name: 'nothing was reported (then the trials above show nothing)', through: found.facts === 0 },
  ];
}

const envelope = { seal: (secret: Secret) => secret.reveal(), open: (sealed: Uint8Array) => new Secret(sealed) };

function draw({ seed }: { seed: number }, kill: number): number {
  return 1 + ((seededRandom(`attack 26 ${seed} ${kill}`).octets(1)[0] ?? 0) % FACTS_MOST);
}

/** What a child says until it is killed, `facts` lines or a few more. */
async function untilKilled(script: string, args: readonly string[], facts: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(script, import.meta.url)), ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === facts) child.kill('SIGKILL');
  }
  await exited;
  return said;
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-attack-26-'));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
