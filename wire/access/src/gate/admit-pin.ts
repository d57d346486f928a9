import type { Primitives } from '@cardea/kit-crypto';
import { equalSecret } from '@cardea/kit-octets';
import { type Keypad, keypadAt, keypadOpen, wrongEntry } from '../pin/keypad.ts';
import { isOfflineEntry, offlinePinGeneration } from '../pin/offline-pin.ts';
import { isOnlineEntry, onlinePinVerifier } from '../pin/online-pin.ts';
import type { Admission, GateRefusal } from './admit-key.ts';
import { type GateClock, modeAt, scheduleIsOpen, windowIsOpen } from './clock.ts';
import { type AccessDelta, applyDelta } from './delta.ts';
import { type AccessRecord, generationOf, type KeptPin, SERIES_KEPT_MAX } from './record.ts';

/** The series of offline PINs. */
export const PIN_SERIES = 0;

/** What the keypad of a lock works with. */
export interface PinContext {
  readonly primitives: Primitives;
  /** The lock's active binding key, 16 octets. */
  readonly bindingKey: Uint8Array;
  readonly lockId: Uint8Array;
  /** Monotonic milliseconds. */
  readonly nowMs: number;
  readonly clock: GateClock;
  /** Privacy is on at the lock. */
  readonly privacy: boolean;
}

/** What the lock decides over an entry. What the keypad shows is the same for every one that does not open. */
export type PinAdmission =
  | (Extract<Admission, { kind: 'admitted' }> & { readonly method: 'online' | 'offline' })
  /** Nothing entered was looked at. */
  | { readonly kind: 'closed'; readonly untilMs: number }
  /** A PIN of this lock that does not open now, or a state of the lock in which no entry is looked at. Not counted. */
  | { readonly kind: 'refused'; readonly reason: GateRefusal; readonly actor: number }
  /** No PIN of this lock. `deltas` are in flash before the keypad shows anything; `waitS`: 0, or it closes so long. */
  | {
      readonly kind: 'wrong';
      readonly keypad: Keypad;
      readonly deltas: readonly AccessDelta[];
      readonly waitS: number;
    };

/**
 * Decides over an entry at the keypad. Phones, cards and the RAS ask nothing of the keypad's waits. A right PIN leaves
 * the count of wrong ones as it is, so that an honest guest's entries give no guesser fresh tries.
 */
export function admitPin(context: PinContext, record: AccessRecord, before: Keypad, entry: string): PinAdmission {
  const { clock, nowMs } = context;
  const keypad = keypadAt(before, nowMs);
  if (!keypadOpen(keypad, nowMs)) return { kind: 'closed', untilMs: keypad.closedUntilMs };
  const closed = shutToPins(record, context);
  if (closed !== undefined) return { kind: 'refused', reason: closed, actor: 0 };
  const found = isOfflineEntry(entry)
    ? offlineEntry(context, record, entry)
    : isOnlineEntry(entry)
      ? onlineEntry(context, record, clock, entry)
      : undefined;
  return found ?? wrong(keypad, nowMs);
}

/** States in which no entry is looked at: nobody learns whether it was right. All PINs are bound to time. */
function shutToPins(record: AccessRecord, { clock, privacy }: PinContext): GateRefusal | undefined {
  if (modeAt(record, clock) === 'lockdown') return 'lockdown';
  if (privacy) return 'privacy';
  return clock.state === 'valid' ? undefined : 'clock';
}

function offlineEntry(
  { primitives, bindingKey, lockId, clock }: PinContext,
  record: AccessRecord,
  entry: string,
): PinAdmission | undefined {
  const own = generationOf(record, PIN_SERIES);
  const generation = offlinePinGeneration(primitives, bindingKey, lockId, own, entry, clock.timeS);
  if (generation === undefined) return undefined;
  if (generation === own) return { kind: 'admitted', method: 'offline', actor: 0, deltas: [], raised: undefined };
  if (own === 0 && record.series.length >= SERIES_KEPT_MAX) return { kind: 'refused', reason: 'full', actor: 0 };
  const raised = { series: PIN_SERIES, generation };
  return { kind: 'admitted', method: 'offline', actor: 0, deltas: [{ kind: 'raised', ...raised }], raised };
}

function onlineEntry(
  { primitives, bindingKey }: PinContext,
  record: AccessRecord,
  clock: GateClock,
  entry: string,
): PinAdmission | undefined {
  const verifier = onlinePinVerifier(primitives, bindingKey, entry);
  // All are compared, so that the time it takes says nothing about where a PIN is.
  const same = record.pins.filter(({ pin }) => equalSecret(pin.verifier, verifier));
  const kept = same.find((each) => obstacleOf(record, clock, each) === undefined) ?? same[0];
  if (kept === undefined) return undefined;
  const { slot, uses } = kept.pin;
  const reason = obstacleOf(record, clock, kept);
  if (reason !== undefined) return { kind: 'refused', reason, actor: slot };
  const deltas: readonly AccessDelta[] = uses === 0 ? [] : [{ kind: 'pin-used', slot, used: kept.used + 1 }];
  return { kind: 'admitted', method: 'online', actor: slot, deltas, raised: undefined };
}

function obstacleOf(record: AccessRecord, clock: GateClock, { pin, used }: KeptPin): GateRefusal | undefined {
  if (!windowIsOpen(pin, clock)) return 'expired';
  if (!scheduleIsOpen(record, pin.scheduleNumber, clock)) return 'outside_schedule';
  return pin.uses !== 0 && used >= pin.uses ? 'spent' : undefined;
}

function wrong(keypad: Keypad, nowMs: number): PinAdmission {
  const after = wrongEntry(keypad, nowMs);
  return {
    kind: 'wrong',
    keypad: after,
    deltas: [{ kind: 'keypad', wrong: after.wrong }],
    waitS: (after.closedUntilMs - nowMs) / 1000,
  };
}

/** The keypad and what flash should say of it at `nowMs`, once a day without a wrong entry is over; see `keypadForgetsMs`. */
export function forgetWrongEntries(
  record: AccessRecord,
  keypad: Keypad,
  nowMs: number,
): { readonly keypad: Keypad; readonly record: AccessRecord; readonly deltas: readonly AccessDelta[] } {
  const after = keypadAt(keypad, nowMs);
  if (after.wrong === record.keypadWrong) return { keypad: after, record, deltas: [] };
  const delta = { kind: 'keypad', wrong: after.wrong } as const;
  return { keypad: after, record: applyDelta(record, delta), deltas: [delta] };
}
