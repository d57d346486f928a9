import { seededRandom } from '@cardea/kit-node';

/** An actor's process. `building` is the power of every lock in it. */
export const ACTORS = ['server', 'gateway', 'building'] as const;
export type ActorName = (typeof ACTORS)[number];

/** A link that runs through a proxy. */
export const LINKS = ['uplink', 'air'] as const;
export type LinkName = (typeof LINKS)[number];

/** One fault, how long after its round began, and how long it lasts (milliseconds). */
export type Fault =
  /** kill -9; the process is started again after `lastsMs`. */
  | { readonly kind: 'kill'; readonly actor: ActorName; readonly afterMs: number; readonly lastsMs: number }
  /** SIGSTOP, and SIGCONT after `lastsMs`. */
  | { readonly kind: 'pause'; readonly actor: ActorName; readonly afterMs: number; readonly lastsMs: number }
  /** `drop` resets every connection and admits none; `hold` keeps them and carries nothing; `slow` adds `delayMs`. */
  | {
      readonly kind: 'cut';
      readonly link: LinkName;
      readonly how: 'drop' | 'hold' | 'slow';
      readonly delayMs: number;
      readonly afterMs: number;
      readonly lastsMs: number;
    }
  /** Every write or sync of that process to its disk fails from the moment on. */
  | {
      readonly kind: 'disk' | 'fsync';
      readonly actor: ActorName;
      readonly afterMs: number;
      readonly lastsMs: number;
    };

export type FaultKind = Fault['kind'];
/** Every kind of fault, in the order in which rounds take turns. */
export const FAULT_KINDS = ['kill', 'pause', 'cut', 'disk', 'fsync'] as const satisfies readonly FaultKind[];

/** The latest moment of a round at which its fault comes. */
const AFTER_MOST_MS = 2_000;
const DOWN_MOST_MS = 300;
/** Longer than the longest time to live of the load and its tolerance: what waited meanwhile must not act. */
const PAUSE_MOST_MS = 9_000;
const CUT_MOST_MS = 9_000;
const DISK_MOST_MS = 2_500;

/**
 * The faults of a run: `rounds` for each kind and each actor (or link) that it can meet, in an order of chance. The same
 * seed gives the same plan.
 */
export function planFaults(seed: number, rounds: number, kinds: readonly FaultKind[]): readonly Fault[] {
  const octets = seededRandom(`chaos ${seed}`);
  const below = (most: number): number => new DataView(octets.octets(4).buffer).getUint32(0) % most;
  const afterMs = (): number => below(AFTER_MOST_MS);
  const faults: Fault[] = [];
  for (let round = 0; round < rounds; round++) {
    for (const kind of kinds) {
      if (kind === 'cut') {
        for (const link of LINKS) {
          const how = (['drop', 'hold', 'slow'] as const)[below(3)] ?? 'drop';
          faults.push({ kind, link, how, delayMs: 50 + below(1_500), afterMs: afterMs(), lastsMs: below(CUT_MOST_MS) });
        }
        continue;
      }
      for (const actor of ACTORS) {
        const most = kind === 'kill' ? DOWN_MOST_MS : kind === 'pause' ? PAUSE_MOST_MS : DISK_MOST_MS;
        faults.push({ kind, actor, afterMs: afterMs(), lastsMs: below(most) });
      }
    }
  }
  return shuffled(faults, below);
}

/** The same faults in groups that happen together, as few as there can be: no actor or link is in one of them twice. */
export function overlapping(plan: readonly Fault[]): readonly (readonly Fault[])[] {
  const groups: { readonly faults: Fault[]; readonly met: Set<string> }[] = [];
  for (const fault of plan) {
    const target = fault.kind === 'cut' ? fault.link : fault.actor;
    let group = groups.find(({ met }) => !met.has(target));
    if (group === undefined) {
      group = { faults: [], met: new Set() };
      groups.push(group);
    }
    group.faults.push(fault);
    group.met.add(target);
  }
  return groups.map(({ faults }) => faults);
}

/** A fault in a few words, for people. */
export function describeFault(fault: Fault): string {
  const where = fault.kind === 'cut' ? `${fault.link} (${fault.how})` : fault.actor;
  return `${fault.kind} ${where} at +${fault.afterMs} ms for ${fault.lastsMs} ms`;
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[], below: (most: number) => number): readonly T[] {
  const left = [...items];
  const drawn: T[] = [];
  while (left.length > 0) drawn.push(...left.splice(below(left.length), 1));
  return drawn;
}
