import { equal, fromHex, toHex } from '@cardea/kit-octets';
import {
  ALGORITHM,
  type DeviceEntry,
  DH_GROUPS,
  type DomainKey,
  type KsnState,
  type TroubleCode,
} from '@cardea/wire-scpm';
import type { DomainAbout, Provider } from './about.ts';
import type { Trouble } from './running-domain.ts';

/** A domain as it is shown: no secret is in it. Times in ISO 8601. */
export interface DomainView {
  readonly profile: KsnState['settings']['profile'];
  readonly algorithm: string;
  readonly group: string;
  /** Of the key setting node, hex. */
  readonly address: string;
  /** Whether its node has power now. */
  readonly running: boolean;
  readonly created_at: string;
  readonly rotate_every_s: number | null;
  readonly rotated_at: string;
  readonly next_rotation_at: string | null;
  readonly backed_up_at: string | null;
  readonly keys: readonly KeyView[];
  readonly providers: readonly ProviderView[];
  readonly locks: readonly LockView[];
}

export interface KeyView {
  readonly index: number;
  readonly name: string;
  /** Counts the keys of this index, from 1. */
  readonly generation: number;
  /** A renewal that is under way, and the locks that it waits for. */
  readonly renewal: { readonly committed: boolean; readonly waits_for: readonly string[] } | null;
}

export interface ProviderView {
  readonly index: number;
  readonly name: string;
  readonly locks: readonly string[];
  /** Locks that hold a newer key than was handed out. */
  readonly to_hand_out: readonly string[];
  readonly leaving: boolean;
}

export interface LockView {
  readonly lock: string;
  /** Hex. */
  readonly address: string;
  /** `waiting`: has not answered, or is not in setting mode; `joining`; `joined`; `renewing`. */
  readonly standing: 'waiting' | 'joining' | 'joined' | 'renewing';
  readonly algorithm: string;
  readonly keys: readonly { readonly index: number; readonly version: number; readonly pending: number | null }[];
  readonly trouble: { readonly code: TroubleCode; readonly at: string; readonly remedy: string } | null;
}

/** The view of a domain, running or as it is stored. */
export function viewDomain(
  state: KsnState,
  about: DomainAbout,
  troubles: ReadonlyMap<string, Trouble> | undefined,
): DomainView {
  const { settings, preferred, group, address, domainKeys } = state;
  const { rotateEveryMs, rotatedAtMs, backedUpAtMs } = about;
  const locks = Object.entries(about.locks).flatMap(([lock, hex]) => {
    const entry = state.entries.find((each) => equal(each.address, fromHex(hex)));
    return entry === undefined ? [] : [{ lock, entry }];
  });
  return {
    profile: settings.profile,
    algorithm: algorithmName(preferred),
    group: Object.values(DH_GROUPS).find(({ id }) => id === group)?.name ?? String(group),
    address: toHex(address),
    running: troubles !== undefined,
    created_at: isoOf(about.createdAtMs),
    rotate_every_s: rotateEveryMs === 0 ? null : rotateEveryMs / 1000,
    rotated_at: isoOf(rotatedAtMs),
    next_rotation_at: rotateEveryMs === 0 ? null : isoOf(rotatedAtMs + rotateEveryMs),
    backed_up_at: backedUpAtMs === null ? null : isoOf(backedUpAtMs),
    keys: domainKeys
      .map((key) => viewKey(key, about.providers, locks))
      .filter(({ index, renewal }) => index === 1 || renewal !== null || isWanted(about.providers, index)),
    providers: about.providers
      .filter((provider) => !provider.leaving || locks.some(({ entry }) => holds(entry, provider.index)))
      .map((provider) => viewProvider(provider, locks)),
    locks: locks.map(({ lock, entry }) => viewLock(lock, entry, domainKeys, troubles?.get(lock))),
  };
}

/** Whether a lock holds a key of this index, or may. */
export function holds({ keys }: DeviceEntry, index: number): boolean {
  return keys.some(({ keyIndex }) => keyIndex === index);
}

/** The version of this index that is in force at a lock. */
export function versionAt({ keys }: DeviceEntry, index: number): number | undefined {
  return keys.find(({ keyIndex }) => keyIndex === index)?.active?.version;
}

interface NamedEntry {
  readonly lock: string;
  readonly entry: DeviceEntry;
}

function viewKey(key: DomainKey, providers: readonly Provider[], locks: readonly NamedEntry[]): KeyView {
  const { keyIndex, generation, next } = key;
  const provider = providers.find(({ index }) => index === keyIndex);
  const waits = next === undefined ? [] : locks.filter(({ entry }) => waitsFor(entry, key)).map(({ lock }) => lock);
  return {
    index: keyIndex,
    name: keyIndex === 1 ? 'user key' : `provider ${provider?.name ?? keyIndex}`,
    generation,
    renewal: next === undefined ? null : { committed: next.committed, waits_for: waits },
  };
}

/** Whether a renewal waits for this lock: to take the new key, or once all have, to bring it into force. */
function waitsFor({ keys }: DeviceEntry, { keyIndex, next }: DomainKey): boolean {
  const held = keys.find((each) => each.keyIndex === keyIndex);
  if (next === undefined || held?.active === undefined || held.active.generation === next.generation) return false;
  return next.committed || held.pending?.generation !== next.generation;
}

const isWanted = (providers: readonly Provider[], index: number): boolean =>
  providers.some((provider) => provider.index === index && !provider.leaving);

function viewProvider({ index, name, handed, leaving }: Provider, locks: readonly NamedEntry[]): ProviderView {
  const served = locks.filter(({ entry }) => entry.providers.includes(index) || holds(entry, index));
  const due = served.filter(({ lock, entry }) => {
    const version = versionAt(entry, index);
    return !leaving && version !== undefined && version !== handed[lock];
  });
  return { index, name, locks: served.map(({ lock }) => lock), to_hand_out: due.map(({ lock }) => lock), leaving };
}

function viewLock(
  lock: string,
  entry: DeviceEntry,
  domainKeys: readonly DomainKey[],
  trouble: Trouble | undefined,
): LockView {
  const isJoined = versionAt(entry, 1) !== undefined;
  const renewing = domainKeys.some((key) => waitsFor(entry, key));
  const begun = entry.heard !== undefined || entry.offered !== undefined;
  return {
    lock,
    address: toHex(entry.address),
    standing: isJoined ? (renewing ? 'renewing' : 'joined') : begun ? 'joining' : 'waiting',
    algorithm: algorithmName(entry.algorithm),
    keys: [...entry.keys]
      .sort((a, b) => a.keyIndex - b.keyIndex)
      .flatMap(({ keyIndex, active, pending }) =>
        active === undefined ? [] : [{ index: keyIndex, version: active.version, pending: pending?.version ?? null }],
      ),
    trouble:
      trouble === undefined ? null : { code: trouble.code, at: isoOf(trouble.atMs), remedy: REMEDIES[trouble.code] },
  };
}

/** What somebody at the door or at this machine can do. */
const REMEDIES: Readonly<Record<TroubleCode, string>> = {
  snf_set_back: 'the lock remembers less than it was told: reset it, then `cardea domain join --after-reset`',
  snf_low: 'its key is renewed by itself',
  refused: 'if the lock was reset, `cardea domain join --after-reset`',
  no_answer: 'is the lock in reach and powered? If it was reset, `cardea domain join --after-reset`',
  exchange_failed: 'is tried again by itself; if it stays, somebody may change frames on the air',
  algorithms_differ: 'is tried again by itself; if it stays, somebody may change frames on the air',
};

/** `cbc` or `ccm`. */
export const algorithmName = (id: number): string => (id === ALGORITHM.ccm ? 'ccm' : 'cbc');
const isoOf = (unixMs: number): string => new Date(unixMs).toISOString();
