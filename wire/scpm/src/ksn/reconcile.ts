import { encodePlainFrame } from '../frame.ts';
import { KEY_INDEX } from '../header.ts';
import { type HeldKey, protecting } from '../node/keys.ts';
import { encodeAdata } from '../padata/adata.ts';
import { beginExchange } from './exchange.ts';
import { askManagement, askProviderKey, askUserKey } from './give.ts';
import type { KsnTurn } from './ksn-turn.ts';
import {
  type DeviceEntry,
  type DeviceKeyState,
  type DomainKey,
  deviceKeyOf,
  domainKeyOf,
  INQUIRY_MS,
} from './state.ts';

/**
 * Brings every device one step nearer to what it is to hold. Nothing else drives key management: after a power cut, a
 * lost answer or a change of mind the next step follows from what is on record.
 */
export function reconcile(turn: KsnTurn): void {
  for (const { keyIndex } of turn.state.domainKeys) advance(turn, keyIndex);
  for (const entry of turn.state.entries) if (isIdle(turn, entry)) nextStep(turn, entry);
}

/** Commits an update once every device has confirmed it, and forgets the old key once none may hold it (9.3.2). */
function advance(turn: KsnTurn, keyIndex: number): void {
  const next = domainKeyOf(turn.state, keyIndex)?.next;
  if (next === undefined) return;
  const { generation, key, committed } = next;
  const held = turn.state.entries
    .map((entry) => holdingOf(entry, keyIndex))
    .filter(({ active }) => active !== undefined);
  const isConfirmed = ({ active, pending }: Holding) =>
    pending?.generation === generation || active?.generation === generation;
  if (!committed && held.every(isConfirmed)) turn.changeDomainKey(keyIndex, { next: { ...next, committed: true } });
  if (committed && held.every(({ active }) => active?.generation === generation)) {
    turn.changeDomainKey(keyIndex, { generation, key, next: undefined });
  }
}

type Holding = Pick<DeviceKeyState, 'active' | 'pending'>;

/** What a device holds of an index; a key that was sent without an answer counts as taken. */
function holdingOf(entry: DeviceEntry, keyIndex: number): Holding {
  const { active, pending } = deviceKeyOf(entry, keyIndex);
  return { active: active ?? (keyIndex === KEY_INDEX.user ? entry.offered : undefined), pending };
}

/** Whether nothing of key management is under way with a device, and it is time for the next go. */
function isIdle(turn: KsnTurn, { address }: DeviceEntry): boolean {
  const peer = turn.peer(address);
  const { notBeforeMs, inquiryUntilMs } = turn.progressOf(address);
  const requests = [...(peer?.queue ?? []), ...(peer?.outstanding?.request ? [peer.outstanding.request] : [])];
  return (
    turn.nowMs >= notBeforeMs &&
    inquiryUntilMs === undefined &&
    turn.exchangeWith(address) === undefined &&
    requests.every(({ purpose }) => purpose.kind === 'message')
  );
}

function nextStep(turn: KsnTurn, entry: DeviceEntry): void {
  const userKey = domainKeyOf(turn.state, KEY_INDEX.user);
  if (userKey === undefined) return;
  if (deviceKeyOf(entry, KEY_INDEX.user).active === undefined) {
    initialise(turn, entry);
    return;
  }
  for (const domainKey of turn.state.domainKeys) {
    if (domainKey.keyIndex === KEY_INDEX.user || entry.providers.includes(domainKey.keyIndex)) {
      if (renew(turn, entry, domainKey)) return;
    }
  }
  const user = protecting(turn.keysWith(entry.address), KEY_INDEX.user);
  const unwanted = entry.keys.find(
    ({ keyIndex }) => keyIndex !== KEY_INDEX.user && !entry.providers.includes(keyIndex),
  );
  if (unwanted === undefined || user === undefined) return;
  const { keyIndex } = unwanted;
  askManagement(turn, entry.address, user, { kind: 'forget-key', keyIndex }, { kind: 'forget-key', keyIndex });
}

/** 9.2.1: the inquiry in plaintext, in `hardened` a run under the serial key, then the user key. */
function initialise(turn: KsnTurn, entry: DeviceEntry): void {
  const { address, offered, heard } = entry;
  const keys = turn.keysWith(address);
  const sent = keys.find(({ keyIndex, version }) => keyIndex === KEY_INDEX.user && version === offered?.version);
  if (sent !== undefined && turn.progressOf(address).failures % 2 === 0) {
    // Whoever has taken the key answers under it; whoever has not answers under the serial key alone: tried in turn.
    askCommit(turn, address, sent);
    return;
  }
  if (heard === undefined) {
    const adata = encodeAdata({ kind: 'algorithm-inquiry', keyIndex: KEY_INDEX.serial });
    turn.setProgress(address, { inquiryUntilMs: turn.nowMs + INQUIRY_MS });
    turn.emit({
      kind: 'transmit',
      to: address,
      octets: encodePlainFrame({ sa: turn.state.address, da: address, adata }),
    });
    return;
  }
  const serial = protecting(keys, KEY_INDEX.serial);
  if (serial === undefined) return;
  if (turn.state.settings.profile === 'hardened') {
    beginExchange(turn, address, serial);
    return;
  }
  const version = offered?.version ?? turn.newVersion();
  turn.saveDomain();
  askUserKey(turn, address, serial, version);
}

/** The next step towards the key that a device is to hold of an index. False when it holds it. */
function renew(turn: KsnTurn, entry: DeviceEntry, domainKey: DomainKey): boolean {
  const { address } = entry;
  const { keyIndex, next } = domainKey;
  const { active, pending } = deviceKeyOf(entry, keyIndex);
  if (active === undefined) {
    askProviderKey(turn, address, domainKey);
    return true;
  }
  const keys = turn.keysWith(address);
  if (next === undefined && pending !== undefined) {
    const { version } = pending;
    const under = protecting(keys, keyIndex);
    if (under !== undefined)
      askManagement(turn, address, under, { kind: 'abort', keyIndex, version }, { kind: 'abort', keyIndex, version });
    return under !== undefined;
  }
  if (next === undefined || active.generation === next.generation) return false;
  if (pending?.generation === next.generation) {
    const pushed = keys.find((key) => key.keyIndex === keyIndex && key.version === pending.version);
    if (next.committed && pushed !== undefined) askCommit(turn, address, pushed);
    return next.committed;
  }
  const preMaster = protecting(keys, keyIndex);
  if (preMaster !== undefined) beginExchange(turn, address, preMaster);
  return true;
}

/** Operation 24, under the new key itself: who answers it holds it (9.3.2). */
function askCommit(turn: KsnTurn, device: Uint8Array, key: HeldKey): void {
  const { keyIndex, version } = key;
  askManagement(turn, device, key, { kind: 'commit', keyIndex, version }, { kind: 'commit', keyIndex, version });
}
