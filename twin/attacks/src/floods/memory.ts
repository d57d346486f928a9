import { setTimeout as delay } from 'node:timers/promises';
import type { FloodKind } from './flood-messages.ts';
import { standing, startFlood } from './flood-process.ts';
import { startVictim } from './victim-process.ts';

/** What connections of one kind cost the server before anybody has signed in. */
export interface MemoryFigure {
  readonly kind: FloodKind;
  readonly connections: number;
  /** Octets a connection: of the whole process, and of V8's heap after a collection. */
  readonly residentOctets: number;
  readonly heapOctets: number;
}

/** The states a stranger's connection can be left in, by protocol. */
export const STRANGER_STATES: readonly FloodKind[] = [
  'tcp',
  'half-hello',
  'tls',
  'half-header',
  'half-body',
  'xmpp-silent',
  'xmpp-header',
  'half-stanza',
];

const UNBOUNDED = 1_000_000;
const PACE = { burst: 20, perS: 200 };
const SETTLING_MS = 3_000;
const WARMING_UP = 200;
const ALL_WITHIN_MS = 120_000;

/**
 * Opens `connections` against the real server process, fresh for each kind, and takes the difference after a collection
 * of garbage. The server's bounds on how many there may be, and for how long, are taken off for it, and its pace is
 * doubled: what is measured is what each costs.
 */
export async function memoryOfStrangers(kind: FloodKind, connections: number): Promise<MemoryFigure> {
  const victim = await startVictim({
    weak: false,
    patienceMs: 600_000,
    guard: {
      strangers: UNBOUNDED,
      strangersPerAddress: UNBOUNDED,
      perAddress: { burst: UNBOUNDED, perS: UNBOUNDED },
      starts: PACE,
    },
  });
  // What a process grows by once, code and V8's young generation, is not a connection's: the first few go by unmeasured.
  const first = startFlood({ victim, kind, sockets: WARMING_UP, addresses: 250, again: false, atOnce: 50 });
  await standing(first, WARMING_UP, ALL_WITHIN_MS);
  await first.stop();
  const before = await victim.memory();
  const beganMs = performance.now();
  const flood = startFlood({ victim, kind, sockets: connections, addresses: 250, again: false, atOnce: 50 });
  try {
    const { standing: stood } = await standing(flood, connections, ALL_WITHIN_MS);
    // Those that say nothing stand before the guard has let them begin.
    await delay(Math.max(0, beganMs + (connections / PACE.perS) * 1000 + SETTLING_MS - performance.now()));
    const after = await victim.memory();
    return {
      kind,
      connections: stood,
      residentOctets: (after.residentOctets - before.residentOctets) / stood,
      heapOctets: (after.heapOctets - before.heapOctets) / stood,
    };
  } finally {
    await flood.stop();
    await victim.stop();
  }
}
