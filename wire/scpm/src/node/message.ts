import { concat } from '@cardea/kit-octets';
import { ScpmError } from '../errors.ts';
import { encodePadata, LOCK_FRAGMENTS_MAX, LOCK_PART_MAX_OCTETS, type LockMessagePart } from '../padata/padata.ts';
import type { Status } from '../padata/status.ts';
import { ask } from './ask.ts';
import { type HeldKey, type LineName, lineName, sameLine } from './keys.ts';
import type { RequestEnd } from './role.ts';
import type { Purpose } from './state.ts';
import type { Turn } from './turn.ts';

/** The longest lock message. */
export const LOCK_MESSAGE_MAX_OCTETS: number = LOCK_PART_MAX_OCTETS * LOCK_FRAGMENTS_MAX;

/** A lock message to be sent: opaque to SCPM. */
export interface OutboundMessage {
  /** 1 to {@link LOCK_MESSAGE_MAX_OCTETS}. */
  readonly octets: Uint8Array;
  /** Names it in `message-done`. */
  readonly token: number;
  /** Monotonic: no fragment is sent after it. */
  readonly expiresAtMs: number | undefined;
}

/** Lines a message up for a peer, a request for each fragment. False when too many requests wait. @throws ScpmError `length` */
export function askMessage(turn: Turn, to: Uint8Array, line: LineName, outbound: OutboundMessage): boolean {
  const { octets, token, expiresAtMs } = outbound;
  if (octets.length < 1 || octets.length > LOCK_MESSAGE_MAX_OCTETS) {
    throw new ScpmError('length', 'message', `has 1 to ${LOCK_MESSAGE_MAX_OCTETS} octets, not ${octets.length}`);
  }
  const message = turn.id() & 0xffff;
  const total = Math.ceil(octets.length / LOCK_PART_MAX_OCTETS);
  for (let fragment = 0; fragment < total; fragment++) {
    const part = octets.slice(fragment * LOCK_PART_MAX_OCTETS, (fragment + 1) * LOCK_PART_MAX_OCTETS);
    const padata = encodePadata({ kind: 'lock-message', message, fragment, total, part });
    const purpose: Purpose = { kind: 'message', token, last: fragment === total - 1 };
    if (!ask(turn, to, { purpose, line, services: 'auth+enc', padata, expiresAtMs })) {
      dropMessage(turn, to, token);
      return false;
    }
  }
  return true;
}

/** Takes a fragment and delivers the message that it completes. SNFs keep the fragments in their order. */
export function takeFragment(turn: Turn, from: Uint8Array, key: HeldKey, fragment: LockMessagePart): Status {
  const inbound = turn.peer(from)?.inbound;
  const line = lineName(key);
  const isNext =
    inbound !== undefined &&
    inbound.message === fragment.message &&
    inbound.total === fragment.total &&
    inbound.parts.length === fragment.fragment &&
    sameLine(inbound.line, line);
  if (fragment.fragment > 0 && !isNext) {
    turn.updatePeer(from, { inbound: undefined });
    return 'no_exchange';
  }
  const parts = fragment.fragment === 0 ? [fragment.part] : [...(inbound?.parts ?? []), fragment.part];
  const { message, total } = fragment;
  if (parts.length < total) {
    turn.updatePeer(from, { inbound: { line, message, total, parts } });
    return 'ok';
  }
  turn.updatePeer(from, { inbound: undefined });
  turn.after.push({ kind: 'deliver', from, keyIndex: key.keyIndex, octets: concat(...parts) });
  return 'ok';
}

/** Hears what became of a fragment: with the last one the message has arrived, with one that failed it is given up. */
export function fragmentEnded(
  turn: Turn,
  to: Uint8Array,
  { token, last }: Extract<Purpose, { readonly kind: 'message' }>,
  end: RequestEnd,
): void {
  const accepted = end.kind === 'answered' && end.status === 'ok';
  if (accepted && !last) return;
  if (!accepted) dropMessage(turn, to, token);
  turn.emit({ kind: 'message-done', to, token, arrived: accepted });
}

/** Gives up every lock message to a peer. Whether one whose last fragment is under way arrives is unknown. */
export function giveUpMessages(turn: Turn, to: Uint8Array): void {
  const peer = turn.peer(to);
  if (peer === undefined) return;
  const { queue, outstanding } = peer;
  const asked = [outstanding?.request, ...queue].filter((request) => request !== undefined);
  const tokens = new Set(asked.flatMap(({ purpose }) => (purpose.kind === 'message' ? [purpose.token] : [])));
  for (const token of tokens) dropMessage(turn, to, token);
  turn.updatePeer(to, { doubted: [] });
  // An inquiry for nothing any more; or a number that is not known to be unused now, so that the next request on this
  // line begins with an inquiry (isSettled).
  const isOver =
    outstanding?.request === undefined
      ? turn.peer(to)?.queue.length === 0
      : outstanding.request.purpose.kind === 'message';
  if (isOver) turn.updatePeer(to, { outstanding: undefined });
  for (const token of tokens) turn.emit({ kind: 'message-done', to, token, arrived: false });
}

function dropMessage(turn: Turn, to: Uint8Array, token: number): void {
  const queue = turn.peer(to)?.queue ?? [];
  const isOther = ({ purpose }: { readonly purpose: Purpose }) => purpose.kind !== 'message' || purpose.token !== token;
  turn.updatePeer(to, { queue: queue.filter(isOther) });
}
