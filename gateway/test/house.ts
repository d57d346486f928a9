import { nodePrimitives, seededDh, seededRandom } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import { Secret, silentLog } from '@cardea/kit-runtime';
import { readableHead } from '@cardea/wire-scpm';
import { createMemoryJournal } from '../src/index.ts';
import { makeDomain } from '../src/scpm/create-domain.ts';
import { createDomainPart, type DomainPart } from '../src/scpm/domain-part.ts';
import type { DomainStore } from '../src/scpm/domain-store.ts';
import type { DomainParts } from '../src/scpm/running-domain.ts';
import { Estate } from './estate.ts';
import { memoryStore } from './memory-store.ts';
import { ScpmLock } from './scpm-lock.ts';

export const A = 'C0FFEE000001';
export const B = 'C0FFEE000002';
export const PIN = new Secret('246810');

/** A gateway on a simulated air, its domain, and locks that speak SCPM. */
export interface House {
  readonly estate: Estate;
  readonly store: DomainStore;
  readonly locks: readonly ScpmLock[];
  readonly part: DomainPart;
  /** Switches the gateway off, and on again over what it has kept. */
  restart(): Promise<void>;
  /** Another gateway in its place, whose folder is `empty`. */
  replace(empty: DomainStore): Promise<void>;
}

/** A gateway with a domain, and locks with SCPM in setting mode that the RAS has told it about. */
export async function house(identifiers: readonly string[], withDomain = true): Promise<House> {
  const store = memoryStore();
  const random = seededRandom('domain');
  if (withDomain) {
    const choice = {
      profile: 'hardened',
      group: 2,
      algorithm: 'ccm',
      rotateEveryMs: 90 * 86_400_000,
      pin: PIN,
    } as const;
    await makeDomain(store, { primitives: nodePrimitives, random, nowMs: Date.UTC(2025, 5, 15) }, choice);
  }
  const made: { part?: DomainPart } = {};
  const domainOf =
    (stored: Awaited<ReturnType<DomainStore['read']>>, kept = store) =>
    (ports: Parameters<typeof createDomainPart>[1]) => {
      const parts: DomainParts = {
        clock: estate.clock,
        random,
        log: silentLog,
        primitives: nodePrimitives,
        dh: seededDh(random),
        store: kept,
        broken(error) {
          throw error;
        },
      };
      made.part = createDomainPart(parts, ports, stored);
      return made.part;
    };
  const first = await store.read();
  const estate: Estate = new Estate(3);
  estate.start(createMemoryJournal(), undefined, domainOf(first));
  const locks = identifiers.map((identifier) => new ScpmLock(estate, identifier));
  const begin = async (): Promise<void> => {
    await estate.gateway.start();
    estate.tell({
      kind: 'locks',
      locks: locks.map(({ identifier, serialKey }) => ({
        identifier,
        maker: 'cardea',
        advertisementKey: undefined,
        serialKey,
      })),
    });
  };
  await begin();
  return {
    estate,
    store,
    locks,
    get part() {
      if (made.part === undefined) throw new Error('no part');
      return made.part;
    },
    async restart() {
      await estate.gateway.stop();
      estate.start(createMemoryJournal(), undefined, domainOf(await store.read()));
      await begin();
    },
    async replace(empty) {
      await estate.gateway.stop();
      estate.start(createMemoryJournal(), undefined, domainOf(await empty.read(), empty));
      await begin();
    },
  };
}

/** The same once every lock has joined. */
export async function joined(identifiers: readonly string[]): Promise<House> {
  const made = await house(identifiers);
  for (const { node } of made.locks) node.input({ kind: 'setting-mode' });
  const all = () => identifiers.every((one) => made.part.domain?.isJoined(one) === true);
  await made.estate.clock.runUntil(all, 120_000);
  return made;
}

/** SNFs under which different octets were enciphered with one user key; `frames` as a lock got them in one life of that key. */
export function numbersUsedTwice(frames: readonly Uint8Array[]): readonly string[] {
  const seen = new Map<string, string>();
  return frames.flatMap((octets) => {
    const { snf, keyIndex, services, response, dh } = readableHead(octets, 6);
    if (keyIndex !== 1 || services !== 'auth+enc' || dh === true) return [];
    const name = `${response === true ? 'response' : 'request'} ${snf}`;
    const hex = toHex(octets);
    const before = seen.get(name) ?? hex;
    seen.set(name, before);
    return before === hex ? [] : [name];
  });
}
