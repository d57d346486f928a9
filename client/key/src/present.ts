import { RadioError } from '@cardea/kit-radio';
import { type Cancel, type Clock, instant } from '@cardea/kit-runtime';
import {
  type ExchangeRefusal,
  IDLE_PHONE,
  type KeyBundle,
  type PhoneContext,
  type PhoneEffect,
  type PhoneInput,
  type PhoneState,
  stepPhone,
} from '@cardea/wire-access';
import { CHANNEL, openKeyReceipt, type ReceiptAnswer } from '@cardea/wire-lock';
import type { OfflineOperation } from '@cardea/wire-profile';
import { handWork } from './hand-work.ts';
import type { PhoneHands, PhoneKey } from './hands.ts';
import type { Way } from './way/way.ts';

/** What came of presenting a key. */
export type Presented =
  /** The lock's own word: whether it did it, or why not; `carried` is for the RAS. */
  | { readonly kind: 'answered'; readonly receipt: ReceiptAnswer; readonly carried: Uint8Array | undefined }
  /** Without the lock's word. After `unknown_outcome` the door may have opened. */
  | { readonly kind: 'refused'; readonly reason: ExchangeRefusal };

/** What presenting a key takes. */
export interface Presenting {
  readonly hands: PhoneHands;
  readonly key: PhoneKey;
  readonly way: Way;
  readonly clock: Clock;
}

/** One exchange at one lock. */
export interface Tap {
  /** Where the lock can be connected to now. */
  readonly place: string;
  readonly timeoutMs: number;
  readonly bundle: KeyBundle;
  readonly operation: OfflineOperation;
  /** Message 24, brought once the lock has answered. */
  readonly order: Uint8Array | undefined;
}

/**
 * Connects to the lock, performs the effects of the phone's machine until it is over, brings the order, and hangs up.
 * @throws RadioError when there was no connection: nothing has been said then
 */
export async function presentKey(parts: Presenting, tap: Tap): Promise<Presented> {
  const { hands, key, clock, way } = parts;
  const context = (): PhoneContext<ReceiptAnswer> => ({
    primitives: hands.primitives,
    now: instant(clock),
    openReceipt: openKeyReceipt,
  });
  let state: PhoneState = IDLE_PHONE;
  let timer: Cancel | undefined;
  let over: (result: Presented) => void = () => {};
  let fail: (error: unknown) => void = () => {};
  const ended = new Promise<Presented>((resolve, reject) => {
    over = resolve;
    fail = reject;
  });
  const inputs: PhoneInput[] = [];
  let running = false;

  const input = (next: PhoneInput): void => {
    inputs.push(next);
    if (running) return;
    running = true;
    for (let one = inputs.shift(); one !== undefined; one = inputs.shift()) {
      const step = stepPhone(context(), state, one);
      state = step.state;
      for (const effect of step.effects) perform(effect);
    }
    running = false;
  };
  const link = await way.connect(tap.place, tap.timeoutMs, {
    message: (channel, octets) => {
      if (channel === CHANNEL.mobileKey) input({ kind: 'message', octets });
    },
    ended: () => input({ kind: 'disconnected' }),
  });
  /** Feeds a promised result to the machine; what a chip or radio throws beyond its words is a fault of ours. */
  const later = (result: Promise<PhoneInput>): void => {
    result.then(input).catch(fail);
  };
  const send = (octets: Uint8Array): Promise<void> =>
    link.send(CHANNEL.mobileKey, octets).catch((error: unknown) => {
      // The link's end is told by the link.
      if (!(error instanceof RadioError)) throw error;
    });
  const perform = (effect: PhoneEffect<ReceiptAnswer>): void => {
    switch (effect.kind) {
      case 'send':
        send(effect.octets).catch(fail);
        return;
      case 'make-ephemeral':
      case 'sign':
      case 'agree':
        later(handWork(hands, key, effect));
        return;
      case 'wake':
        timer?.();
        timer = clock.after(effect.atMonotonicMs - clock.monotonic(), () => input({ kind: 'wake' }));
        return;
      case 'done':
        over({ kind: 'answered', receipt: effect.receipt, carried: effect.carried });
        return;
      case 'refused':
        over({ kind: 'refused', reason: effect.reason });
    }
  };
  try {
    input({ kind: 'start', bundle: tap.bundle, operation: tap.operation });
    const result = await ended;
    // After the bolt, so that nobody waits at the door for somebody else's order.
    if (result.kind === 'answered' && tap.order !== undefined) await send(tap.order);
    return result;
  } finally {
    timer?.();
    link.close();
  }
}
