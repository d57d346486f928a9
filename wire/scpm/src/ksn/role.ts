import { ScpmError } from '../errors.ts';
import { KEY_INDEX, type Services } from '../header.ts';
import type { HeldKey } from '../node/keys.ts';
import { fragmentEnded, takeFragment } from '../node/message.ts';
import type { RequestEnd, Role, ServedPadata } from '../node/role.ts';
import type { Purpose } from '../node/state.ts';
import { type Adata, decodeAdata } from '../padata/adata.ts';
import type { Status } from '../padata/status.ts';
import { ALGORITHM, type AlgorithmId } from '../suite/suite.ts';
import { endExchange, failExchange, takeValue } from './exchange.ts';
import { generationOf } from './give.ts';
import type { KsnTurn } from './ksn-turn.ts';
import { type DeviceEntry, type DeviceKeyVersion, deviceKeyOf, domainKeyOf, entryOf } from './state.ts';

/** A KSN as a node. It has keys with devices of its record alone, so nobody else is admitted anywhere. */
export function ksnRole(turn: KsnTurn): Role {
  return {
    admits: () => true,
    // Which key is in force is the KSN's to say (reconcile), never a device's.
    activate: () => {},
    serve: (from, key, services, padata) => serve(turn, from, key, services, padata),
    answered: (to, purpose, end) => answered(turn, to, purpose, end),
    exhausted: (to, keyIndex) => {
      const domainKey = domainKeyOf(turn.state, keyIndex);
      if (domainKey !== undefined && domainKey.next === undefined) {
        turn.emit({ kind: 'update-wanted', peer: to, keyIndex });
      }
    },
    ordinary: (from, adata) => takeAlgorithms(turn, from, adata),
    save: (address) => turn.saveDevice(address),
  };
}

function serve(turn: KsnTurn, from: Uint8Array, key: HeldKey, services: Services, padata: ServedPadata): Status {
  switch (padata.kind) {
    case 'dh-value':
      return takeValue(turn, from, key, padata);
    case 'update-request': {
      if (services !== 'auth+enc' || key.keyIndex !== padata.keyIndex) return 'denied';
      const domainKey = domainKeyOf(turn.state, padata.keyIndex);
      const isToHold =
        padata.keyIndex === KEY_INDEX.user || entryOf(turn.state, from)?.providers.includes(padata.keyIndex) === true;
      if (domainKey === undefined || !isToHold) return 'denied';
      if (domainKey.next !== undefined) return 'busy';
      turn.after.push({ kind: 'update-wanted', peer: from, keyIndex: padata.keyIndex });
      return 'ok';
    }
    case 'lock-message': {
      // Under a service provider's key a device answers what was asked under it.
      const isForMessages = key.keyIndex === KEY_INDEX.user || key.keyIndex >= KEY_INDEX.firstProvider;
      const isAllowed = isForMessages && key.state !== 'shared' && services === 'auth+enc';
      return isAllowed ? takeFragment(turn, from, key, padata) : 'not_allowed';
    }
    default:
      return 'not_allowed';
  }
}

/** 9.2.1 e): the first answer in plaintext to an inquiry that is out; the device confirms it under its keys (operation 10). */
function takeAlgorithms(turn: KsnTurn, from: Uint8Array, octets: Uint8Array): void {
  const adata = readAlgorithms(octets);
  const entry = entryOf(turn.state, from);
  if (adata === undefined || entry === undefined || turn.progressOf(from).inquiryUntilMs === undefined) {
    turn.emit({ kind: 'ordinary', from, adata: octets });
    return;
  }
  const { preferred, settings } = turn.state;
  const usable: readonly AlgorithmId[] =
    settings.profile === 'standard' ? [ALGORITHM.cbc] : [preferred, ALGORITHM.cbc, ALGORITHM.ccm];
  const algorithm = usable.find((each) => adata.algorithms.includes(each));
  if (algorithm === undefined) {
    turn.emit({ kind: 'trouble', code: 'algorithms_differ', peer: from, keyIndex: KEY_INDEX.serial });
    turn.pause(from);
    return;
  }
  turn.setProgress(from, { inquiryUntilMs: undefined });
  turn.changeEntry(from, { heard: adata.algorithms, algorithm });
  turn.saveDevice(from);
}

function readAlgorithms(octets: Uint8Array): Extract<Adata, { readonly kind: 'algorithms' }> | undefined {
  try {
    const adata = decodeAdata(octets);
    return adata.kind === 'algorithms' ? adata : undefined;
  } catch (error) {
    if (error instanceof ScpmError) return undefined;
    throw error;
  }
}

function answered(turn: KsnTurn, to: Uint8Array, purpose: Purpose, end: RequestEnd): void {
  if (purpose.kind === 'message') {
    fragmentEnded(turn, to, purpose, end);
    return;
  }
  const status = end.kind === 'answered' ? end.status : end.kind;
  if (status === 'ok') succeeded(turn, to, purpose);
  else failed(turn, to, purpose, status);
}

function succeeded(turn: KsnTurn, to: Uint8Array, purpose: Exclude<Purpose, { readonly kind: 'message' }>): void {
  const entry = entryOf(turn.state, to);
  if (entry === undefined) return;
  turn.setProgress(to, { failures: 0 });
  switch (purpose.kind) {
    case 'set-key': {
      const { keyIndex, version } = purpose;
      const held = deviceKeyOf(entry, keyIndex);
      const domainKey = domainKeyOf(turn.state, keyIndex);
      endExchange(turn, to);
      if (domainKey === undefined) return;
      if (held.active === undefined) {
        const slot = keyIndex === KEY_INDEX.user ? entry.offered : { version, ...generationOf(domainKey) };
        if (slot !== undefined) setActive(turn, entry, keyIndex, slot);
      } else if (domainKey.next !== undefined) {
        turn.changeKey(to, keyIndex, { pending: { version, generation: domainKey.next.generation } });
        turn.saveDevice(to);
        turn.emit({ kind: 'key', peer: to, keyIndex, version, state: 'pending' });
      }
      return;
    }
    case 'commit': {
      const { keyIndex, version } = purpose;
      const { pending } = deviceKeyOf(entry, keyIndex);
      const slot = pending?.version === version ? pending : entry.offered;
      if (slot?.version !== version) return;
      setActive(turn, entry, keyIndex, slot);
      return;
    }
    case 'abort': {
      const { pending } = deviceKeyOf(entry, purpose.keyIndex);
      if (pending?.version !== purpose.version) return;
      turn.changeKey(to, purpose.keyIndex, { pending: undefined });
      turn.saveDevice(to);
      return;
    }
    case 'forget-key':
      turn.changeKey(to, purpose.keyIndex, undefined);
      turn.saveDevice(to);
      turn.emit({ kind: 'key', peer: to, keyIndex: purpose.keyIndex, version: 0, state: 'gone' });
      return;
    default:
      return;
  }
}

/** In one change: a key that was gone in between would lose its SNFs. */
function setActive(turn: KsnTurn, entry: DeviceEntry, keyIndex: number, active: DeviceKeyVersion): void {
  const { address } = entry;
  const keys = [...entry.keys.filter((key) => key.keyIndex !== keyIndex), { keyIndex, active, pending: undefined }];
  turn.changeEntry(address, { keys, ...(keyIndex === KEY_INDEX.user ? { offered: undefined } : {}) });
  turn.saveDevice(address);
  turn.emit({ kind: 'key', peer: address, keyIndex, version: active.version, state: 'active' });
}

/** How far versions are raised when a device has had a higher one: a KSN whose clock was behind, or restored. */
const VERSION_LEAP = 1 << 16;

function failed(
  turn: KsnTurn,
  to: Uint8Array,
  purpose: Exclude<Purpose, { readonly kind: 'message' }>,
  why: Status | Exclude<RequestEnd['kind'], 'answered'>,
): void {
  const entry = entryOf(turn.state, to);
  if (entry === undefined) return;
  // The parts of one public value fail together, and are one failure: goes of two kinds are tried in turn (reconcile).
  if (purpose.kind === 'public-value' && turn.exchangeWith(to)?.run.exchangeId !== purpose.exchangeId) return;
  if (why === 'version_lower') {
    turn.change({ lastVersion: turn.state.lastVersion + VERSION_LEAP });
    turn.saveDomain();
  }
  if (why === 'list_differs') {
    turn.emit({ kind: 'trouble', code: 'algorithms_differ', peer: to, keyIndex: KEY_INDEX.serial });
    turn.changeEntry(to, { heard: undefined });
  }
  // A key that was refused was not taken; without an answer it may have been.
  const wasRefused = purpose.kind === 'set-key' && why !== 'no-answer';
  if (wasRefused && entry.offered?.version === purpose.version) {
    turn.changeEntry(to, { offered: undefined });
    turn.saveDevice(to);
  }
  // A pending key that the device does not know any more is pushed again.
  if (purpose.kind === 'commit' && why === 'no_exchange') {
    turn.changeKey(to, purpose.keyIndex, { pending: undefined });
    turn.saveDevice(to);
  }
  failExchange(turn, to);
}
