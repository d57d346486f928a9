import type { DhAgreement, Primitives } from '@cardea/kit-crypto';
import { fromHex, toHex } from '@cardea/kit-octets';
import { type Cancel, type Clock, type Log, type Random, Secret } from '@cardea/kit-runtime';
import type { RoutedLock } from '@cardea/wire-route';
import {
  type ActorEffect,
  domainAddress,
  isJoined,
  KEY_INDEX,
  type KsnInput,
  type KsnState,
  openKsn,
  runNode,
  stepKsn,
  type TroubleCode,
} from '@cardea/wire-scpm';
import type { DomainAbout } from './about.ts';
import type { DomainStore, StoredDomain } from './domain-store.ts';

/** Something that the domain cannot mend by itself, as it was last told of a lock. */
export interface Trouble {
  readonly code: TroubleCode;
  readonly keyIndex: number;
  /** Unix milliseconds. */
  readonly atMs: number;
}

/** A domain whose key setting node has power. */
export interface RunningDomain {
  readonly state: KsnState;
  readonly about: DomainAbout;
  /** By the lock's identifier; forgotten when its key is set or renewed. */
  readonly troubles: ReadonlyMap<string, Trouble>;
  /** Switches the node on; nothing is performed before. */
  start(): void;
  input(input: KsnInput): void;
  /** Changes what is kept about the domain, durable when it resolves. */
  change(patch: (about: DomainAbout) => Partial<DomainAbout>): Promise<void>;
  /** Brings a lock into the domain; `again` asks one anew that is in it already. */
  join(identifier: string, serialKey: Secret, again?: boolean): Promise<void>;
  /** The same of each lock that the RAS tells of, but those that a person took out. */
  joinTold(locks: readonly Pick<RoutedLock, 'identifier' | 'serialKey'>[]): void;
  /** Takes a lock out. */
  remove(identifier: string): Promise<void>;
  /** Begins the renewal of these keys, where none is under way. Answers those that began. */
  renew(keyIndexes: readonly number[]): readonly number[];
  addressOf(identifier: string): Uint8Array | undefined;
  identifierOf(address: Uint8Array): string | undefined;
  isJoined(identifier: string): boolean;
  /** Resolves when everything that was asked for so far is done and durable. */
  settled(): Promise<void>;
  stop(): Promise<void>;
}

/** What a domain runs with. */
export interface DomainParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly primitives: Primitives;
  readonly dh: DhAgreement;
  readonly store: DomainStore;
  /** A record could not be written: nothing of this domain happens any more. */
  broken(error: unknown): void;
}

/** Timers are no longer than this: a clock's step is noticed in time. */
const LOOK_MOST_MS = 6 * 3_600_000;

/** The key setting node of a stored domain. `perform` does what reaches the radio and the RAS. */
export function runDomain(
  parts: DomainParts,
  stored: StoredDomain,
  perform: (effect: ActorEffect) => void,
): RunningDomain {
  const { clock, random, log, primitives, dh, store } = parts;
  let { about } = stored;
  let running = true;
  let cancelLook: Cancel = () => {};
  let writes = Promise.resolve();
  const troubles = new Map<string, Trouble>();
  const identifiers = new Map(Object.entries(about.locks).map(([identifier, address]) => [address, identifier]));

  const broken = (error: unknown): void => {
    if (!running) return;
    running = false;
    cancelLook();
    log.error('domain failed', { error: error instanceof Error ? error.name : 'unknown' });
    parts.broken(error);
  };

  const note = (effect: ActorEffect): void => {
    if (effect.kind === 'trouble') {
      const { code, keyIndex, peer } = effect;
      const lock = identifiers.get(toHex(peer));
      if (lock === undefined) return;
      if (troubles.get(lock)?.code !== code) log.warn('SCPM trouble', { lock, code, index: keyIndex });
      troubles.set(lock, { code, keyIndex, atMs: clock.now() });
      // Few numbers are left under this key: only a new one helps.
      if (code === 'snf_low') renew([keyIndex]);
    } else if (effect.kind === 'key') {
      const lock = identifiers.get(toHex(effect.peer));
      if (lock === undefined) return;
      log.info('SCPM key', { lock, index: effect.keyIndex, version: effect.version, state: effect.state });
      troubles.delete(lock);
    } else if (effect.kind === 'update-wanted') {
      renew([effect.keyIndex]);
    }
  };

  const node = runNode<KsnState, KsnInput>({
    state: openKsn(
      stored.domain,
      stored.devices.map(({ octets }) => octets),
    ),
    step: stepKsn,
    primitives,
    clock,
    random,
    dh,
    persist: (name, octets) => store.persist(name, octets),
    perform(effect) {
      note(effect);
      perform(effect);
    },
    failed: broken,
  });

  /** Changes are written one after the other, each as a whole. */
  const change: RunningDomain['change'] = (patch) => {
    about = { ...about, ...patch(about) };
    const now = about;
    writes = writes.then(() => store.writeAbout(now));
    writes.catch(broken);
    return writes;
  };

  const renew = (keyIndexes: readonly number[]): readonly number[] => {
    const due = node.state.domainKeys.filter(({ keyIndex, next }) => keyIndexes.includes(keyIndex) && !next);
    for (const { keyIndex } of due) {
      node.input({ kind: 'update-key', keyIndex, key: new Secret(random.octets(16)) });
      log.info('SCPM key is renewed', { index: keyIndex });
    }
    // One that no lock takes part in is over with the next step.
    if (due.length > 0) node.input({ kind: 'wake' });
    return due.map(({ keyIndex }) => keyIndex);
  };

  /**
   * Renews the user key when its time has come, and after a restoration every key. Keys of service providers are renewed
   * by hand otherwise: their nodes have to be given the new ones.
   */
  const look = (): void => {
    if (!running) return;
    const { rotateEveryMs, rotatedAtMs } = about;
    const leftMs = rotateEveryMs === 0 ? LOOK_MOST_MS : rotatedAtMs + rotateEveryMs - clock.now();
    if (about.renew || leftMs <= 0) {
      renew(about.renew ? node.state.domainKeys.map(({ keyIndex }) => keyIndex) : [KEY_INDEX.user]);
      // Noted once the node has its new keys on record: a power cut in between renews again.
      const rotated = async (): Promise<void> => {
        await node.settled();
        if (running) await change(() => ({ renew: false, rotatedAtMs: clock.now() }));
      };
      rotated().catch(broken);
    }
    cancelLook = clock.after(leftMs <= 0 ? LOOK_MOST_MS : Math.min(leftMs, LOOK_MOST_MS), look);
  };

  const addressOf = (identifier: string): Uint8Array | undefined => {
    const address = about.locks[identifier];
    return address === undefined ? undefined : fromHex(address);
  };

  const joined = (identifier: string): boolean => {
    const address = addressOf(identifier);
    return address !== undefined && isJoined(node.state, address);
  };

  const join: RunningDomain['join'] = async (identifier, serialKey, again = false) => {
    const device = domainAddress(primitives, serialKey.reveal());
    const address = toHex(device);
    const known = about.locks[identifier];
    if (known === address && !again) return;
    // Another serial key than before: the lock is brought in anew, unless it is in by the one that it had.
    if (known !== undefined && known !== address) {
      if (joined(identifier) && !again) return;
      await remove(identifier);
    }
    identifiers.set(address, identifier);
    troubles.delete(identifier);
    await change(({ locks, removed }) => ({
      locks: { ...locks, [identifier]: address },
      removed: removed.filter((one) => one !== identifier),
    }));
    node.input({ kind: 'join', device, serialKey });
    await node.settled();
  };

  /** Serial keys that were looked at: they are told often, and an address costs several HMACs. */
  const looked = new Map<string, string>();
  const joinTold: RunningDomain['joinTold'] = (locks) => {
    for (const { identifier, serialKey } of locks) {
      if (serialKey === undefined || about.removed.includes(identifier)) continue;
      const hex = toHex(serialKey.reveal());
      if (looked.get(identifier) === hex) continue;
      looked.set(identifier, hex);
      join(identifier, serialKey).catch(broken);
    }
  };

  const remove: RunningDomain['remove'] = async (identifier) => {
    const device = addressOf(identifier);
    if (device === undefined) return;
    node.input({ kind: 'remove', device });
    await node.settled();
    identifiers.delete(toHex(device));
    troubles.delete(identifier);
    looked.delete(identifier);
    await change(({ locks: { [identifier]: _, ...locks }, removed }) => ({
      locks,
      removed: [...removed.filter((one) => one !== identifier), identifier],
    }));
  };

  return {
    start() {
      node.input({ kind: 'powered-on' });
      look();
    },
    get state() {
      return node.state;
    },
    get about() {
      return about;
    },
    troubles,
    input: (input) => node.input(input),
    change,
    join,
    joinTold,
    remove,
    renew,
    addressOf,
    identifierOf: (address) => identifiers.get(toHex(address)),
    isJoined: joined,
    async settled() {
      await node.settled();
      await writes;
    },
    async stop() {
      running = false;
      cancelLook();
      await node.settled();
      node.stop();
      await writes.catch(() => {});
    },
  };
}
