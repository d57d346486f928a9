import { encodeDurable, INSTRUCTIONS, type InstructionName, type RequestBody } from '@cardea/wire-lock';
import type { CommandClass, Operation } from '@cardea/wire-profile';
import type { Trial } from '../attack.ts';
import { type BenchLock, boundLock } from '../bench-lock.ts';

const CLASSES = ['operate', 'manage', 'own'] as const satisfies readonly CommandClass[];
const OPERATIONS = ['unlock', 'lock', 'status', 'override'] as const satisfies readonly Operation[];
const RANK: Readonly<Record<CommandClass, number>> = { operate: 1, manage: 2, own: 3 };

/**
 * Every class x every instruction (lock control with every operation), honestly sealed and fresh, at a lock of its own:
 * what the class does not cover is answered `not_permitted` and changes nothing; what it covers is not so answered.
 * `weak`: the RAS sends everything in the highest class and leaves the limit to its own table, as if the lock did not look.
 */
export function everyClass(seed: number, weak: boolean): readonly Trial[] {
  return CLASSES.flatMap((held) =>
    INSTRUCTIONS.flatMap((row) => {
      const operations = row.name.endsWith('lock_control') ? OPERATIONS : [undefined];
      return operations.map((operation) => one(seed, held, row.name, row.class, operation, weak));
    }),
  );
}

function one(
  seed: number,
  held: CommandClass,
  name: InstructionName,
  rowClass: CommandClass,
  operation: Operation | undefined,
  weak: boolean,
): Trial {
  const lock = boundLock(seed);
  const before = stateOf(lock);
  const body = bodyOf(lock, name, operation);
  const answer = lock.ask(lock.command(body, weak ? 'own' : held));
  const refused = answer?.kind === 'receipt' && answer.result === 'not_permitted';
  const needed = operation === 'override' ? 'manage' : rowClass;
  const covered = RANK[held] >= RANK[needed];
  const what = `class ${held}: ${name}${operation === undefined ? '' : ` ${operation}`}`;
  if (covered) return { name: `${what}, which it covers, is refused`, through: answer === undefined || refused };
  return { name: what, through: !refused || stateOf(lock) !== before };
}

/** What a command can change: the bolt, and everything in flash but the ring, where the refusal itself is told. */
function stateOf({ bolt, durable }: BenchLock): string {
  const record = encodeDurable({ ...durable, events: [], eventSequence: 0, chain: undefined });
  return JSON.stringify([bolt, [...record]]);
}

/** The instruction as its owner would send it. */
function bodyOf(lock: BenchLock, name: InstructionName, operation: Operation = 'status'): RequestBody {
  const stampS = lock.nowS;
  switch (name) {
    case 'lock_control':
      return { name, operation, timeToLiveS: 10, stampS };
    case 'nonce_fresh_lock_control':
      return { name, operation, nonce: lock.nonce(), timeToLiveS: 10 };
    case 'get_nonce':
    case 'chain_head':
      return { name };
    case 'set_time':
      return { name, nonce: lock.nonce(), stepBack: false, timeS: stampS + 30 };
    case 'event_ack':
      return { name, sequence: 1, stampS };
    case 'configure':
      return { name, autoRelockS: 1, heldOpenS: 1, stampS };
    case 'reset':
      return { name, stampS };
    case 'apply':
      return { name, digest: lock.offerChange(), stampS };
  }
}
