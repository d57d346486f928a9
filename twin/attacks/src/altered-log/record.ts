import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnvelope, nodeKeyAgreement, nodePrimitives, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, Secret, silentLog } from '@cardea/kit-runtime';
import { createCore, localActor, verifyAudit } from '@cardea/server-core';
import { openStore } from '@cardea/server-store';
import { decodeHead, decodeNote, type TreeHead } from '@cardea/wire-audit';

/** A hotel's record in a file, as it was when the server last stopped, and what its client knows from before. */
export interface AuditedRecord {
  /** The database file, which an editor may do with as he likes. */
  readonly database: string;
  readonly publicKey: Uint8Array;
  readonly origin: string;
  /** The last head that a client saw, and keeps. */
  readonly seen: TreeHead;
  /** An export of the log, in lines. */
  readonly lines: readonly string[];
  /** Puts the database back as it was. */
  reset(): void;
  /** Whether the verifier finds nothing in the database as it is now. */
  verify(): Promise<boolean>;
  remove(): void;
}

const START_MS = Date.UTC(2026, 0, 15, 12);
/** Where files cost no disk: the record is opened hundreds of times, and is not what is tried here. */
const MEMORY = '/dev/shm';
/** Facts between two heads, and heads. */
const FACTS = 8;
const HEADS = 5;

/** Runs the product's core over a record of its own: facts, heads, and a last head at the stop. */
export async function auditedRecord(seed: number): Promise<AuditedRecord> {
  const folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'cardea-attack-40-'));
  const database = join(folder, 'cardea.db');
  const envelope = await createEnvelope(join(folder, 'envelope.key'));
  const clock = createVirtualClock(START_MS, settle);
  const store = openStore({ file: database, envelope, clock });
  const core = createCore({
    store,
    clock,
    random: seededRandom(`attack 40 ${seed}`),
    primitives: nodePrimitives,
    keys: nodeKeyAgreement,
    passwords: { hash: async () => 'none', verify: async () => false },
    scram: { derive: () => Promise.reject(new Error('no gateway signs in here')) },
    uplink: { send: () => false, disconnect: () => undefined },
    log: silentLog,
  });
  const { owner } = await core.access.found({
    organization: 'Hotel',
    name: 'Owner',
    email: 'owner@hotel.example',
    password: new Secret('a long password of the hotel'),
  });
  await core.start();
  const actor = localActor(owner);
  for (let head = 0; head < HEADS; head++) {
    for (let n = 0; n < FACTS; n++) {
      await clock.advance(60_000);
      const name = `Floor ${head}-${n}`;
      await core.estate.addProperty(actor, { name, timeZone: 'UTC', region: 'eu', geofence: null });
    }
    await core.audit.head(actor);
  }
  const lines: string[] = [];
  for await (const line of await core.audit.export(actor)) lines.push(line);
  const { publicKey, origin } = await core.audit.key(actor);
  const { note } = await core.audit.head(actor);
  await core.stop();
  await store.close();
  const good = readFileSync(database);
  const seen = decodeHead(decodeNote(note).text);
  return {
    database,
    publicKey,
    origin,
    seen,
    lines,
    reset() {
      for (const end of ['-wal', '-shm']) rmSync(database + end, { force: true });
      writeFileSync(database, good);
    },
    async verify() {
      const opened = openStore({ file: database, envelope, clock });
      try {
        const ports = { store: opened, primitives: nodePrimitives, keys: nodeKeyAgreement };
        return (await verifyAudit(ports, { publicKey, seen: [seen] })).every(({ ok }) => ok);
      } finally {
        await opened.close();
      }
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
