import type { Step } from '@cardea/kit-runtime';
import type { ScpmEffect } from '../effect.ts';
import { KEY_INDEX } from '../header.ts';
import { pump, resend, resendDueMs } from '../node/ask.ts';
import { applyNodeInput } from '../node/inputs.ts';
import type { LineName } from '../node/keys.ts';
import { receive } from '../node/receive.ts';
import type { ScpmContext } from '../node/turn.ts';
import { ALGORITHM } from '../suite/suite.ts';
import { endExchange, expireExchanges, valueAgreed, valueMade } from './exchange.ts';
import { KsnTurn } from './ksn-turn.ts';
import { reconcile } from './reconcile.ts';
import { ksnRole } from './role.ts';
import { type DomainKey, deviceKeyOf, domainKeyOf, entryOf, type KsnInput, type KsnState } from './state.ts';

/** The key setting node's side of SCPM: what follows from an input. A malformed frame changes nothing and throws nothing. */
export function stepKsn(context: ScpmContext, state: KsnState, input: KsnInput): Step<KsnState, ScpmEffect> {
  const turn = new KsnTurn(context, state);
  const role = ksnRole(turn);
  apply(turn, input);
  if (input.kind === 'frame') receive(turn, role, input.octets);
  resend(turn, role);
  expireExchanges(turn);
  expireInquiries(turn);
  reconcile(turn);
  for (const { address } of turn.state.peers) pump(turn, role, address);
  wake(turn);
  return { state: turn.state, effects: turn.effects };
}

function apply(turn: KsnTurn, input: KsnInput): void {
  switch (input.kind) {
    case 'powered-on':
      for (const { address } of turn.state.entries) turn.rekey(address);
      return;
    case 'join':
      join(turn, input);
      return;
    case 'remove': {
      const isOther = ({ address }: { readonly address: Uint8Array }) =>
        address.some((octet, i) => octet !== input.device[i]);
      turn.change({ entries: turn.state.entries.filter(isOther), peers: turn.state.peers.filter(isOther) });
      turn.setExchange(input.device, undefined);
      turn.saveDevice(input.device);
      return;
    }
    case 'update-key': {
      const domainKey = domainKeyOf(turn.state, input.keyIndex);
      if (domainKey === undefined || domainKey.next !== undefined) return;
      const next = { generation: newGeneration(turn.state, domainKey), key: input.key, committed: false };
      turn.changeDomainKey(input.keyIndex, { next });
      return;
    }
    case 'abort-update': {
      const { keyIndex } = input;
      if (domainKeyOf(turn.state, keyIndex)?.next?.committed !== false) return;
      for (const { peer, run } of turn.state.exchanges) if (run.keyIndex === keyIndex) endExchange(turn, peer);
      turn.changeDomainKey(keyIndex, { next: undefined });
      return;
    }
    case 'add-provider': {
      const { keyIndex, key, devices } = input;
      const known = domainKeyOf(turn.state, keyIndex);
      if (known === undefined) {
        turn.change({ domainKeys: [...turn.state.domainKeys, { keyIndex, generation: 1, key, next: undefined }] });
        turn.saveDomain();
      }
      for (const device of devices) {
        const entry = entryOf(turn.state, device);
        if (entry === undefined || entry.providers.includes(keyIndex)) continue;
        turn.changeEntry(device, { providers: [...entry.providers, keyIndex] });
        turn.saveDevice(device);
      }
      return;
    }
    case 'remove-provider':
      for (const entry of turn.state.entries) {
        if (!entry.providers.includes(input.keyIndex)) continue;
        turn.changeEntry(entry.address, { providers: entry.providers.filter((each) => each !== input.keyIndex) });
        turn.saveDevice(entry.address);
      }
      return;
    case 'reachable':
      if (entryOf(turn.state, input.peer) !== undefined) turn.setProgress(input.peer, { notBeforeMs: 0 });
      applyNodeInput(turn, input);
      return;
    case 'dh-made':
      valueMade(turn, input);
      return;
    case 'dh-agreed':
      valueAgreed(turn, input);
      return;
    default:
      applyNodeInput(turn, input);
  }
}

/** A generation that no device holds, not even of an update that was given up and is not taken back everywhere yet. */
function newGeneration({ entries }: KsnState, { keyIndex, generation }: DomainKey): number {
  const held = entries.map((entry) => deviceKeyOf(entry, keyIndex).pending?.generation ?? 0);
  return Math.max(generation, ...held) + 1;
}

/** A device that is known already is asked anew: it may have been reset. */
function join(turn: KsnTurn, { device, serialKey }: Extract<KsnInput, { readonly kind: 'join' }>): void {
  const isNew = entryOf(turn.state, device) === undefined;
  const fresh = {
    address: device,
    serialKey,
    heard: undefined,
    algorithm: ALGORITHM.cbc,
    keys: [],
    offered: undefined,
    providers: entryOf(turn.state, device)?.providers ?? [],
  };
  if (isNew) turn.change({ entries: [...turn.state.entries, fresh] });
  turn.setExchange(device, undefined);
  turn.setProgress(device, { failures: 0, notBeforeMs: 0, inquiryUntilMs: undefined });
  forgetNumbers(turn, device);
  turn.changeEntry(device, fresh);
  turn.saveDevice(device);
}

/**
 * A device as it came from the factory expects the first SNF under its serial key again, and only upwards is a number taken
 * back (takeFailure): so the first is tried. In `hardened` nothing is enciphered under that key, and no number used twice for it.
 */
function forgetNumbers(turn: KsnTurn, device: Uint8Array): void {
  const peer = turn.peer(device);
  if (peer === undefined) return;
  const isOther = ({ keyIndex, dh }: LineName) => keyIndex !== KEY_INDEX.serial || dh;
  turn.updatePeer(device, { lines: peer.lines.filter(isOther), settled: peer.settled.filter(isOther) });
}

/** An inquiry in plaintext that nobody answered is sent again after a pause. */
function expireInquiries(turn: KsnTurn): void {
  for (const { address, inquiryUntilMs } of turn.state.progress) {
    if (inquiryUntilMs !== undefined && turn.nowMs >= inquiryUntilMs) turn.pause(address);
  }
}

function wake(turn: KsnTurn): void {
  const { exchanges, progress, entries } = turn.state;
  const dues = [
    resendDueMs(turn.state),
    ...exchanges.map(({ endsAtMs }) => endsAtMs),
    ...progress
      .flatMap(({ notBeforeMs, inquiryUntilMs }) => [notBeforeMs, inquiryUntilMs ?? 0])
      .filter((at) => at > turn.nowMs),
  ].filter((due) => due !== undefined);
  if (dues.length > 0 && entries.length > 0) turn.emit({ kind: 'wake', atMonotonicMs: Math.min(...dues) });
}

/** Whether the user key of a device is set. */
export function isJoined(state: KsnState, device: Uint8Array): boolean {
  const entry = entryOf(state, device);
  return entry?.keys.some(({ keyIndex, active }) => keyIndex === KEY_INDEX.user && active !== undefined) ?? false;
}
