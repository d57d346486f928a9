import type { Opening } from '@cardea/client-key';
import type { ResultCode } from '@cardea/wire-lock';
import type { OfflineOperation } from '@cardea/wire-profile';
import type { Colors } from '../io.ts';
import { plain } from '../output/table.ts';

/** What a lock's word means for whoever stands before the door. */
const RESULTS: { readonly [Result in Exclude<ResultCode, 'done'>]: string } = {
  jammed: 'the bolt is jammed',
  battery_empty: 'the battery is too empty to move the bolt',
  privacy: 'privacy is set from inside',
  not_permitted: 'the key does not permit it',
  busy: 'the lock is busy with something else',
  unsupported: 'the lock cannot do this',
  step_back: 'the lock would have to set its clock back',
  below_floor: 'the time is older than the lock knows',
  failed: 'the lock has failed',
  full: 'the lock has no room left for this',
  superseded: 'the lock has newer orders',
  expired: 'the key is over: fetch it anew, if it is still yours',
  revoked: 'the key was taken back',
  outside_schedule: 'not at this time of the day',
  spent: 'the key was used as often as it may',
  clock: 'the lock does not trust its clock: the server has to set it, or a staff key that asks no clock opens',
  lockdown: 'the lock is in lockdown',
};

/** The same for what came without the lock's word. */
const WITHOUT_WORD = {
  no_answer: 'the lock did not answer; nothing was presented',
  other_lock: 'whoever answered is not this lock; nothing was presented',
  refused: 'the lock does not know this key',
  malformed: 'whoever answered does not speak our protocol',
  unknown_outcome: 'outcome unknown: the key was presented and no receipt came. The door may be open',
} as const;

/** What came of a tap, for a person. */
export function describeOpening(door: string, operation: OfflineOperation, opening: Opening, colors: Colors): string {
  const name = plain(door);
  if (opening.kind === 'answered' && opening.receipt.result === 'done') {
    const { bits, batteryPercent, eventSequence } = opening.receipt;
    const bolt = bits.jammed ? 'jammed' : bits.boltOut ? 'locked' : 'unlocked';
    const leaf = bits.doorOpen ? 'open' : 'closed';
    return (
      `${colors.green('✓')} ${name}: the bolt is ${bolt}\n` +
      `  the lock says: bolt ${bolt}, door ${leaf}, battery ${batteryPercent} % (receipt after event ${eventSequence})\n`
    );
  }
  return `${colors.red('✗')} ${name}: ${operation} by phone failed: ${reasonOf(opening)}\n`;
}

function reasonOf(opening: Opening): string {
  switch (opening.kind) {
    case 'answered':
      return opening.receipt.result === 'done' ? 'done' : RESULTS[opening.receipt.result];
    case 'refused':
      return WITHOUT_WORD[opening.reason];
    case 'no_key':
      return 'the phone has no key for this; fetch it with `cardea phone keys`';
    case 'not_heard':
      return 'its lock is not heard from here';
    case 'not_connected':
      return `its lock could not be connected to (${opening.code})`;
  }
}

/** The same for programs. */
export function openingDocument(
  door: string,
  operation: OfflineOperation,
  opening: Opening,
): Readonly<Record<string, unknown>> {
  const receipt =
    opening.kind === 'answered'
      ? {
          bolt: opening.receipt.bits.jammed ? 'jammed' : opening.receipt.bits.boltOut ? 'locked' : 'unlocked',
          door: opening.receipt.bits.doorOpen ? 'open' : 'closed',
          battery_percent: opening.receipt.batteryPercent,
          lock_sequence: opening.receipt.eventSequence,
          clock: opening.receipt.clock,
        }
      : null;
  const reason =
    opening.kind === 'answered'
      ? opening.receipt.result === 'done'
        ? null
        : opening.receipt.result
      : opening.kind === 'refused'
        ? opening.reason
        : opening.kind;
  return { door, operation, state: stateOf(opening), reason, receipt };
}

function stateOf(opening: Opening): 'succeeded' | 'failed' | 'unknown' {
  if (opening.kind === 'answered') return opening.receipt.result === 'done' ? 'succeeded' : 'failed';
  return opening.kind === 'refused' && opening.reason === 'unknown_outcome' ? 'unknown' : 'failed';
}
