import type { LockEvent } from '@cardea/wire-profile';
import { chainNext, chainSigned, chainStart, encodeChainParts } from '../chain.ts';
import { encodeEvent } from '../event.ts';
import { encodeFrameMessage } from '../lock-message.ts';
import { COUNTER_MAX, sealFrame } from '../sealed-frame.ts';
import { lockTimeS } from './clock.ts';
import { liveSession, updateSession } from './session.ts';
import type { ChainState, Target } from './state.ts';
import type { Work } from './work.ts';

const DAY_S = 86_400;

/** Takes an event into the chain: h after it. */
export function extendChain(work: Work, event: LockEvent): Uint8Array {
  const { primitives } = work.context;
  const before = work.state.chain.hash ?? chainStart(primitives, work.state.identity.identifier);
  const hash = chainNext(primitives, before, encodeEvent(event));
  patch(work, { hash });
  return hash;
}

/** h of this sequence is in flash: writes are done in order, so everything before it is as well. */
export function chainDurable(work: Work, sequence: number, hash: Uint8Array): void {
  patch(work, { durable: { sequence, hash } });
}

/**
 * CHAIN_HEAD: has the head signed over what is in flash, so that no power cut can make the lock take it back. False when
 * another head is being signed.
 */
export function signHead(work: Work, target: Target): boolean {
  const { chain, identity } = work.state;
  if (chain.signing !== undefined) return false;
  const { sequence, hash } = chain.durable;
  const head = {
    day: Math.floor(lockTimeS(work) / DAY_S),
    sequence,
    hash: hash ?? chainStart(work.context.primitives, identity.identifier),
  };
  const id = work.id();
  patch(work, { signing: { id, target, head } });
  work.emit({ kind: 'sign', id, message: chainSigned(identity.identifier, head) });
  return true;
}

/**
 * The head is signed, or cannot be: whose command it answers, and whether its parts have left. They go under the event
 * key with counters in a row, so that nobody can put parts of two heads together.
 */
export function headSigned(
  work: Work,
  id: number,
  signature: Uint8Array | undefined,
): { readonly target: Target; readonly done: boolean } | undefined {
  const { signing } = work.state.chain;
  if (signing === undefined || signing.id !== id) return undefined;
  patch(work, { signing: undefined });
  const { target, head } = signing;
  const session = liveSession(work);
  if (session?.keys.kind !== 'hardened' || session.number !== target.session) return undefined;
  const parts = signature === undefined ? [] : encodeChainParts({ ...head, signature });
  const room = session.eventCounter + parts.length <= COUNTER_MAX;
  if (parts.length === 0 || !room) return { target, done: false };
  let counter = session.eventCounter;
  for (const part of parts) {
    const frame = sealFrame(session.keys.frames.event, ++counter, part);
    work.send(target.link, target.channel, encodeFrameMessage('event', frame));
  }
  updateSession(work, { eventCounter: counter });
  return { target, done: true };
}

function patch(work: Work, change: Partial<ChainState>): void {
  work.update({ chain: { ...work.state.chain, ...change } });
}
