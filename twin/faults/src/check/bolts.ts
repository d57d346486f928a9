import type { Truth } from '@cardea/twin-building';
import type { Attempt } from '@cardea/wire-api';
import type { Evidence } from '../evidence.ts';
import type { Finding } from './finding.ts';

/** No bolt moves by a command later than its expiry and this (lock-protocol.md, freshness). */
export const TOLERANCE_MS = 2_000;
/** How far apart two processes of one machine may read its clock around one message. */
const READING_MS = 50;

type Moving = Extract<Truth, { kind: 'moving' }>;
type Rest = Extract<Truth, { kind: 'rest' }>;

interface Command {
  readonly attempt: Attempt;
  readonly lock: string;
  readonly fromMs: number;
  readonly untilMs: number;
}

/** Every motion of a bolt was asked for and came in time; every receipt tells of a motion that was. */
export function checkBolts(evidence: Evidence): readonly Finding[] {
  const commands = commandsOf(evidence);
  return [...motions(evidence.truth, commands), ...receipts(evidence.truth, commands)];
}

function commandsOf({ recorded, lockOf }: Evidence): readonly Command[] {
  return recorded.attempts.flatMap((attempt): readonly Command[] => {
    if (attempt.operation !== 'unlock' && attempt.operation !== 'lock') return [];
    const lock = lockOf.get(attempt.door_id ?? '');
    if (lock === undefined) return [];
    const fromMs = Date.parse(attempt.sent_at ?? attempt.created_at) - READING_MS;
    return [{ attempt, lock, fromMs, untilMs: Date.parse(attempt.expires_at) + TOLERANCE_MS }];
  });
}

/** Each motion is given to the command with the earliest end that covers it: if any giving is right, this one is. */
function motions(truth: readonly Truth[], commands: readonly Command[]): readonly Finding[] {
  const found: Finding[] = [];
  const free = new Set([...commands].sort((a, b) => a.untilMs - b.untilMs));
  for (const motion of truth.filter((one): one is Moving => one.kind === 'moving' && one.cause === 'command')) {
    const ofLock = [...free].filter(
      ({ lock, attempt }) => lock === motion.lock && attempt.operation === motion.operation,
    );
    const covering = ofLock.filter(({ fromMs, untilMs }) => fromMs <= motion.atMs && motion.atMs <= untilMs);
    const sent = covering.find(({ attempt }) => attempt.sent_at !== null);
    const where = `${motion.lock} ${motion.operation} at ${new Date(motion.atMs).toISOString()}`;
    if (sent !== undefined) free.delete(sent);
    else if (covering[0] !== undefined) {
      free.delete(covering[0]);
      found.push({ rule: 'lie', detail: `${where}: the record says that ${covering[0].attempt.id} was never sent` });
    } else {
      const late = ofLock.filter(({ untilMs }) => untilMs < motion.atMs).at(-1);
      if (late !== undefined && motion.atMs - late.untilMs < 60_000) {
        free.delete(late);
        found.push({
          rule: 'late',
          detail: `${where}: ${motion.atMs - late.untilMs} ms after ${late.attempt.id} and its tolerance`,
        });
      } else found.push({ rule: 'unasked', detail: `${where}: nobody asked, or it was done already` });
    }
  }
  return found;
}

function receipts(truth: readonly Truth[], commands: readonly Command[]): readonly Finding[] {
  const found: Finding[] = [];
  const free = new Set(
    truth.filter((one): one is Rest => one.kind === 'rest' && one.cause === 'command' && !one.jammed),
  );
  const receipted = commands.flatMap(({ attempt, lock, fromMs }) => {
    if (attempt.state === 'succeeded') {
      return [{ attempt, lock, fromMs, untilMs: Date.parse(attempt.ended_at ?? '') + READING_MS }];
    }
    const done = attempt.late_receipt?.bolt === (attempt.operation === 'unlock' ? 'unlocked' : 'locked');
    return done ? [{ attempt, lock, fromMs, untilMs: Number.POSITIVE_INFINITY }] : [];
  });
  for (const { attempt, lock, fromMs, untilMs } of [...receipted].sort((a, b) => a.untilMs - b.untilMs)) {
    if (attempt.state === 'succeeded' && attempt.receipt === null) {
      found.push({ rule: 'lie', detail: `${attempt.id} succeeded without a receipt` });
    }
    const rest = [...free].find(
      (one) => one.lock === lock && one.operation === attempt.operation && fromMs <= one.atMs && one.atMs <= untilMs,
    );
    if (rest === undefined)
      found.push({ rule: 'lie', detail: `${attempt.id} has a receipt, and its bolt did not move` });
    else free.delete(rest);
  }
  return found;
}
