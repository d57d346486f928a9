import { dhGroupOf } from '../dh/group.ts';
import { publicValueFault } from '../dh/public-value.ts';
import { askValue, newExchange, sharedKey, takePart } from '../exchange/exchange.ts';
import { KEY_INDEX } from '../header.ts';
import type { NodeInput } from '../input.ts';
import { type HeldKey, lineName, sameLine } from '../node/keys.ts';
import type { DhValue } from '../padata/padata.ts';
import type { Status } from '../padata/status.ts';
import { askNewKey, askUserKey } from './give.ts';
import type { KsnTurn } from './ksn-turn.ts';

/** Begins a Diffie-Hellman run with a device under a pre-master key (9.3.1 a)); waits when there is no randomness yet. */
export function beginExchange(turn: KsnTurn, device: Uint8Array, preMaster: HeldKey): void {
  const group = dhGroupOf(turn.state.group, turn.state.settings.profile);
  const random = turn.takeRandom(4);
  if (random === undefined || group === undefined) return;
  const exchangeId = new DataView(random.buffer, random.byteOffset, 4).getUint32(0);
  const { keyIndex } = preMaster;
  const id = turn.id();
  const exchange = newExchange(turn, device, preMaster, { exchangeId, group, keyIndex, version: turn.newVersion() });
  turn.setExchange(device, { ...exchange, awaited: id });
  turn.saveDomain();
  turn.emit({ kind: 'make-dh', id, group: group.name });
}

/** The own pair is there: its public value is sent. */
export function valueMade(turn: KsnTurn, { id, pair }: Extract<NodeInput, { readonly kind: 'dh-made' }>): void {
  const exchange = turn.state.exchanges.find(({ awaited }) => awaited === id);
  if (exchange === undefined) return;
  turn.setExchange(exchange.peer, { ...exchange, own: pair, awaited: undefined });
  askValue(turn, exchange, pair.publicValue);
}

/** f), g): takes a part of the device's public value. */
export function takeValue(turn: KsnTurn, from: Uint8Array, key: HeldKey, value: DhValue): Status {
  const exchange = turn.exchangeWith(from);
  if (exchange?.own === undefined || !sameLine(lineName(key), lineName(exchange.preMaster))) return 'no_exchange';
  const taken = takePart(exchange, value);
  if (taken === undefined) return 'no_exchange';
  if (taken.theirs === undefined) {
    turn.setExchange(from, taken);
    return 'ok';
  }
  if (publicValueFault(taken.run.group, taken.theirs) !== undefined) {
    turn.emit({ kind: 'trouble', code: 'exchange_failed', peer: from, keyIndex: taken.run.keyIndex });
    failExchange(turn, from);
    return 'bad_value';
  }
  const id = turn.id();
  turn.setExchange(from, { ...taken, awaited: id });
  turn.after.push({ kind: 'agree-dh', id, privateKey: exchange.own.privateKey, peer: taken.theirs });
  return 'ok';
}

/** i), j): the shared secret, and under it the new key. */
export function valueAgreed(turn: KsnTurn, { id, z }: Extract<NodeInput, { readonly kind: 'dh-agreed' }>): void {
  const exchange = turn.state.exchanges.find(({ awaited }) => awaited === id);
  if (exchange?.own === undefined || exchange.theirs === undefined) return;
  const { peer, run, own, theirs } = exchange;
  if (z === undefined) {
    turn.emit({ kind: 'trouble', code: 'exchange_failed', peer, keyIndex: run.keyIndex });
    failExchange(turn, peer);
    return;
  }
  const { settings, address: ksn } = turn.state;
  const ends = { settings, ksn, device: peer, ksnValue: own.publicValue, deviceValue: theirs };
  const shared = sharedKey(turn.primitives, exchange, z, ends);
  turn.dropShared(peer);
  turn.updatePeer(peer, { keys: [...(turn.peer(peer)?.keys ?? []), shared] });
  turn.setExchange(peer, { ...exchange, shared, awaited: undefined });
  if (run.keyIndex === KEY_INDEX.serial) askUserKey(turn, peer, shared, run.version);
  else askNewKey(turn, peer, shared);
}

/** The run is over, well or not: its secret is gone. */
export function endExchange(turn: KsnTurn, device: Uint8Array): void {
  turn.setExchange(device, undefined);
  turn.dropShared(device);
}

/** The run came to nothing: another go follows later. */
export function failExchange(turn: KsnTurn, device: Uint8Array): void {
  endExchange(turn, device);
  turn.pause(device);
}

/** Runs that were not finished in time. */
export function expireExchanges(turn: KsnTurn): void {
  for (const { peer, endsAtMs } of turn.state.exchanges) if (turn.nowMs >= endsAtMs) failExchange(turn, peer);
}
