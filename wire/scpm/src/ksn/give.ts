import { KEY_INDEX } from '../header.ts';
import { ask } from '../node/ask.ts';
import { type HeldKey, lineName, protecting } from '../node/keys.ts';
import type { Purpose } from '../node/state.ts';
import { encodePadata, type Padata } from '../padata/padata.ts';
import { keyMaterial } from './held-keys.ts';
import type { KsnTurn } from './ksn-turn.ts';
import { type DomainKey, domainKeyOf, entryOf } from './state.ts';

/** What a device that comes now is given: the committed key, or the one in force. */
export function generationOf({ generation, next }: DomainKey): { readonly generation: number } {
  return { generation: next?.committed === true ? next.generation : generation };
}

/** Operation 10 under the secret of a run (`hardened`), or under the serial key (9.2.1 f)). */
export function askUserKey(turn: KsnTurn, device: Uint8Array, under: HeldKey, version: number): void {
  const entry = entryOf(turn.state, device);
  const domainKey = domainKeyOf(turn.state, KEY_INDEX.user);
  if (entry?.heard === undefined || domainKey === undefined) return;
  const offered = { version, ...generationOf(domainKey) };
  const key = keyMaterial(turn.primitives, turn.state, device, KEY_INDEX.user, offered);
  if (key === undefined) return;
  // Kept before it is sent: the device may have taken it even if no answer comes.
  turn.changeEntry(device, { offered });
  turn.saveDevice(device);
  const { heard, algorithm } = entry;
  askKey(turn, device, under, {
    kind: 'user-key',
    keyIndex: KEY_INDEX.user,
    version,
    algorithm,
    key,
    heard,
  });
}

/** Operation 22 under the secret of a run (9.3.1 j)). */
export function askNewKey(turn: KsnTurn, device: Uint8Array, shared: HeldKey): void {
  const entry = entryOf(turn.state, device);
  const next = domainKeyOf(turn.state, shared.keyIndex)?.next;
  if (entry === undefined || next === undefined) return;
  const { keyIndex, version } = shared;
  const slot = { version, generation: next.generation };
  const key = keyMaterial(turn.primitives, turn.state, device, keyIndex, slot);
  if (key === undefined) return;
  askKey(turn, device, shared, { kind: 'new-master-key', keyIndex, version, algorithm: entry.algorithm, key });
}

/** Operation 11 under the user key (9.2.2). */
export function askProviderKey(turn: KsnTurn, device: Uint8Array, domainKey: DomainKey): void {
  const user = protecting(turn.keysWith(device), KEY_INDEX.user);
  const entry = entryOf(turn.state, device);
  if (user === undefined || entry === undefined) return;
  const { keyIndex } = domainKey;
  const version = turn.newVersion();
  turn.saveDomain();
  const key = keyMaterial(turn.primitives, turn.state, device, keyIndex, { version, ...generationOf(domainKey) });
  if (key === undefined) return;
  askKey(turn, device, user, { kind: 'provider-key', keyIndex, version, algorithm: entry.algorithm, key });
}

function askKey(
  turn: KsnTurn,
  device: Uint8Array,
  under: HeldKey,
  padata: Extract<Padata, { readonly kind: 'user-key' | 'provider-key' | 'new-master-key' }>,
): void {
  const { keyIndex, version } = padata;
  askManagement(turn, device, under, padata, { kind: 'set-key', keyIndex, version });
}

/** A request of key management: authentication and encryption, no end but that of its tries. */
export function askManagement(
  turn: KsnTurn,
  device: Uint8Array,
  under: HeldKey,
  padata: Padata,
  purpose: Purpose,
): void {
  ask(turn, device, {
    purpose,
    line: lineName(under),
    services: 'auth+enc',
    padata: encodePadata(padata),
    expiresAtMs: undefined,
  });
}
