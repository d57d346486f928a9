import { equal, Reader } from '@cardea/kit-octets';
import {
  ACCESS_MESSAGE,
  bootKeypad,
  CHANGE_DETAIL,
  changeDigest,
  decideChange,
  decideOrder,
  openChange,
  openOrder,
  orderKey,
  tableKey,
} from '@cardea/wire-access';
import type { AccessChange } from '@cardea/wire-profile';
import { saveAccess } from './access.ts';
import { answer } from './answer.ts';
import { recordEvent } from './events.ts';
import { liveSession, updateSession } from './session.ts';
import type { Target } from './state.ts';
import type { Work } from './work.ts';

/** Detail of `order_taken`: how the order came. */
const ORDER_BY = { gateway: 0, phone: 1 } as const;

/** Whether a message of channel 1 is a change of access. */
export function isAccessChange(octets: Uint8Array): boolean {
  return octets[0] === ACCESS_MESSAGE.order || octets[0] === ACCESS_MESSAGE.change;
}

/**
 * Message 24 or 25 on channel 1: held in memory for the APPLY that names it, the newest of a session only. One that does not
 * open displaces none. @throws AccessError when it is malformed
 */
export function holdChange(work: Work, link: number, channel: number, octets: Uint8Array): void {
  if (liveSession(work) === undefined) {
    work.refuse(link, channel, 'no_session');
    return;
  }
  const change = open(work, octets);
  if (change === undefined) work.forged(link);
  else updateSession(work, { held: { digest: changeDigest(work.context.primitives, octets), change } });
}

/** APPLY: what the session holds under this digest is decided, stored, and then answered. */
export function applyHeld(work: Work, target: Target, digest: Uint8Array): void {
  const held = work.state.session?.held;
  if (held === undefined || !equal(held.digest, digest)) {
    answer(work, target, { result: 'failed', detail: 0 });
    return;
  }
  const { change } = held;
  updateSession(work, { held: undefined });
  const { result, deltas } = decideChange(work.state.access, change, work.state.record.timeFloorS);
  if (result === 'done' && change.kind === 'keypad-reopened') work.update({ keypad: bootKeypad(0, work.nowMs) });
  const draft = { result, detail: 0 };
  if (deltas.length === 0) {
    answer(work, target, draft);
    return;
  }
  saveAccess(work, deltas, { kind: 'nothing' });
  const then = { kind: 'answer', to: { kind: 'command', target }, answer: draft } as const;
  if (change.kind === 'order') recordEvent(work, 'order_taken', change.order.orderNo, ORDER_BY.gateway, then);
  else {
    const actor = new Reader(digest).uint('actor', 4);
    recordEvent(work, 'access_changed', actor, CHANGE_DETAIL[change.kind], then);
  }
}

/**
 * Message 24 on channel 3: an order that a phone has carried. Taken when it opens and its number is higher; nobody is
 * answered, for the event tells the RAS. @throws AccessError when it is malformed
 */
export function receiveOrder(work: Work, link: number, octets: Uint8Array): void {
  const { active, timeFloorS } = work.state.record;
  if (active === undefined) return;
  const { primitives } = work.context;
  const order = openOrder(primitives, orderKey(primitives, active.key.reveal()), octets);
  if (order === undefined) {
    work.forged(link);
    return;
  }
  const { deltas } = decideOrder(work.state.access, order, timeFloorS);
  if (deltas.length === 0) return;
  saveAccess(work, deltas, { kind: 'nothing' });
  recordEvent(work, 'order_taken', order.orderNo, ORDER_BY.phone);
}

function open(work: Work, octets: Uint8Array): AccessChange | undefined {
  const { primitives } = work.context;
  const key = work.state.record.active?.key.reveal();
  if (key === undefined) return undefined;
  if (octets[0] === ACCESS_MESSAGE.change) return openChange(primitives, tableKey(primitives, key), octets);
  const order = openOrder(primitives, orderKey(primitives, key), octets);
  return order && { kind: 'order', order };
}
