import type { Attempt, AttemptReason, Receipt } from '@cardea/wire-api';
import type { Colors } from './io.ts';
import { plain } from './output/table.ts';

/** What a reason means for the person at the desk, and what to do next. */
const REASONS: { readonly [Reason in AttemptReason]: readonly [meaning: string, next: string] } = {
  jammed: ['the bolt is jammed', 'free the bolt, then try again'],
  battery_empty: [
    'the battery is too empty to move the bolt',
    'change the battery; the mechanical key works meanwhile',
  ],
  privacy: ['privacy is set from inside', 'it ends when the guest ends it'],
  not_permitted: ['the lock does not permit it', 'check the role of who asks'],
  clock_drift: ["the lock's clock is off", ''],
  clock_uncertain: ['the lock does not trust its own clock', 'set it: cardea lock set-time DOOR'],
  late: ['the command reached the lock too late, and the lock did not act', 'try again'],
  busy: ['the lock is busy with another command', 'try again'],
  not_bound: ['the lock is not bound', 'enrol it: cardea lock enrol DOOR --lock IDENTIFIER'],
  key_mismatch: ['the lock does not accept our key', 'it may have been reset: enrol it again'],
  refused: ['the lock refused', 'look at cardea events'],
  out_of_range: ['the lock is out of radio range of its gateway', 'check the lock and the gateway'],
  gateway_offline: ['no gateway that reaches the lock is online', 'check the gateway: cardea gateway list'],
  no_answer: ['the lock did not answer', 'check the lock, then try again'],
  superseded: ['a later command took its place', ''],
  unsupported: ['the lock cannot do this', ''],
  full: ['the lock has no room for more of these', 'remove some, or raise the generation'],
  lockdown: ['the lock is in lockdown', 'only an override opens it'],
  internal: ['the server made a mistake', "look at the server's log"],
  outcome_unknown: [
    'outcome unknown: it was sent and no receipt came in time. The lock may or may not have acted',
    'ask the lock: cardea status DOOR',
  ],
  not_sent: ['it was never sent, and never will be', 'try again'],
};

/** How an attempt at `door` ended, for a person. A success is told in the words of the lock's receipt, never without one. */
export function describeOutcome(attempt: Attempt, door: string, colors: Colors): string {
  const name = plain(door);
  if (attempt.state === 'succeeded' && attempt.receipt !== null) {
    return `${colors.green('✓')} ${name}: ${done(attempt, attempt.receipt)}\n  ${receiptLine(attempt.receipt)}\n`;
  }
  const [meaning, next] = attempt.reason === null ? ['no reason was given', ''] : REASONS[attempt.reason];
  const verb = attempt.state === 'expired' ? 'expired' : 'failed';
  const lines = [`${colors.red('✗')} ${name}: ${attempt.operation} ${verb}: ${meaning}`];
  if (attempt.reason === 'clock_drift') lines.push(`  ${clockLine(attempt.clock_offset_s, name)}`);
  else if (next !== '') lines.push(`  ${next.replaceAll('DOOR', name)}`);
  if (attempt.receipt !== null) lines.push(`  ${receiptLine(attempt.receipt)}`);
  if (attempt.late_receipt !== null) lines.push(`  too late came: ${receiptLine(attempt.late_receipt)}`);
  return `${lines.join('\n')}\n`;
}

/** A step back of more seconds than this waits for an operator. */
const STEP_BACK_LIMIT_S = 60;

function clockLine(offsetS: number | null, door: string): string {
  if (offsetS === null) return 'by how much is unknown; nothing is retried by itself';
  const off = `it is ${seconds(Math.abs(offsetS))} ${offsetS > 0 ? 'ahead' : 'behind'}`;
  return offsetS > STEP_BACK_LIMIT_S
    ? `${off}; to set it back so far wants your word: cardea lock set-time ${door} --step-back. Then try again: nothing is retried by itself`
    : `${off}; the server sets it now. Try again then: nothing is retried by itself`;
}

function done(attempt: Attempt, receipt: Receipt): string {
  switch (attempt.operation) {
    case 'unlock':
    case 'lock':
    case 'status':
    case 'override':
      return `the bolt is ${receipt.bolt}`;
    case 'bind':
      return 'the lock is bound to this door';
    case 'unbind':
      return 'the lock is back in its factory state';
    case 'set_normal':
    case 'set_passage':
    case 'set_lockdown':
      return `the lock is in ${attempt.operation.slice('set_'.length)} mode`;
    case 'set_time':
      return "the lock's clock is set";
  }
}

function receiptLine(receipt: Receipt): string {
  const clock = receipt.clock_offset_s === null ? '' : `, its clock is off by ${seconds(receipt.clock_offset_s)}`;
  return (
    `the lock says: bolt ${receipt.bolt}, door ${receipt.door}, battery ${receipt.battery_percent} %${clock} ` +
    `(receipt after event ${receipt.lock_sequence})`
  );
}

const seconds = (value: number): string => `${Math.round(value * 10) / 10} s`;
