import { dhGroupOf } from '../dh/group.ts';
import { publicValueFault } from '../dh/public-value.ts';
import { askValue, type Exchange, isWith, newExchange, sharedKey, takePart } from '../exchange/exchange.ts';
import { KEY_INDEX } from '../header.ts';
import type { NodeInput } from '../input.ts';
import type { HeldKey } from '../node/keys.ts';
import type { RequestEnd } from '../node/role.ts';
import type { DhValue } from '../padata/padata.ts';
import type { Status } from '../padata/status.ts';
import type { DeviceTurn } from './device-turn.ts';
import { isKsn } from './state.ts';

/** Takes a part of the KSN's public value; the first part of a new run begins it in place of any other (9.3.1 b), c)). */
export function takeValue(turn: DeviceTurn, from: Uint8Array, key: HeldKey, value: DhValue): Status {
  const { state } = turn;
  // The run stands under the key that it is about; before the first user key, under the serial key.
  if (key.state === 'shared' || key.keyIndex !== value.keyIndex || key.keyIndex === KEY_INDEX.maker)
    return 'not_allowed';
  if (key.keyIndex !== KEY_INDEX.serial && !isKsn(state, from)) return 'not_allowed';
  const group = dhGroupOf(value.group, state.settings.profile);
  if (group === undefined) return 'unsupported_group';
  const given = value.keyIndex === KEY_INDEX.serial ? KEY_INDEX.user : value.keyIndex;
  if (value.version <= turn.floor(given)) return 'version_lower';
  if (!isWith(state.exchange, from) || state.exchange.run.exchangeId !== value.exchangeId) {
    dropExchange(turn);
    turn.change({ exchange: newExchange(turn, from, key, { ...value, group }) });
  }
  const exchange = turn.state.exchange && takePart(turn.state.exchange, value);
  if (exchange === undefined) return 'no_exchange';
  turn.change({ exchange });
  if (exchange.theirs === undefined) return 'ok';
  if (publicValueFault(group, exchange.theirs) !== undefined) {
    failExchange(turn, exchange);
    return 'bad_value';
  }
  makeOwn(turn, exchange);
  return 'ok';
}

/** e): the device's own pair, only once the KSN's value is whole. */
function makeOwn(turn: DeviceTurn, exchange: Exchange): void {
  const id = turn.id();
  turn.change({ exchange: { ...exchange, awaited: id } });
  turn.after.push({ kind: 'make-dh', id, group: exchange.run.group.name });
}

/** The own pair is there: the secret is worked out (9.3.1 i)). */
export function valueMade(turn: DeviceTurn, { id, pair }: Extract<NodeInput, { readonly kind: 'dh-made' }>): void {
  const { exchange } = turn.state;
  if (exchange?.awaited !== id || exchange.theirs === undefined) return;
  const next = turn.id();
  turn.change({ exchange: { ...exchange, own: pair, awaited: next } });
  turn.emit({ kind: 'agree-dh', id: next, privateKey: pair.privateKey, peer: exchange.theirs });
}

/** i), e): the shared secret; the own public value follows only when the KSN's was accepted. */
export function valueAgreed(turn: DeviceTurn, { id, z }: Extract<NodeInput, { readonly kind: 'dh-agreed' }>): void {
  const { exchange, settings, address } = turn.state;
  if (exchange?.awaited !== id || exchange.own === undefined || exchange.theirs === undefined) return;
  if (z === undefined) {
    failExchange(turn, exchange);
    return;
  }
  const { peer, own, theirs } = exchange;
  const ends = { settings, ksn: peer, device: address, ksnValue: theirs, deviceValue: own.publicValue };
  const shared = sharedKey(turn.primitives, exchange, z, ends);
  turn.updatePeer(peer, { keys: [shared] });
  turn.change({ exchange: { ...exchange, shared, awaited: undefined } });
  askValue(turn, exchange, own.publicValue);
}

function failExchange(turn: DeviceTurn, { peer, preMaster }: Exchange): void {
  turn.emit({ kind: 'trouble', code: 'exchange_failed', peer, keyIndex: preMaster.keyIndex });
  dropExchange(turn);
}

/** h): whether the KSN has taken the device's public value. */
export function valueAnswered(
  turn: DeviceTurn,
  { exchangeId }: { readonly exchangeId: number },
  end: RequestEnd,
): void {
  if (turn.state.exchange?.run.exchangeId !== exchangeId) return;
  if (end.kind !== 'answered' || end.status !== 'ok') dropExchange(turn);
}

/** The run is over: its secret is gone, with the line that it protected. */
export function dropExchange(turn: DeviceTurn): void {
  const { exchange } = turn.state;
  if (exchange === undefined) return;
  turn.change({ exchange: undefined });
  turn.dropShared(exchange.peer);
}

/** A run that was not finished in time is forgotten. */
export function expireExchange(turn: DeviceTurn): void {
  const { exchange } = turn.state;
  if (exchange !== undefined && turn.nowMs >= exchange.endsAtMs) dropExchange(turn);
}
