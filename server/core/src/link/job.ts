import type { AccessChange, CommandClass, ControllerInput, Outcome } from '@cardea/wire-profile';
import type { Note } from '../context.ts';
import type { Attempt, AttemptOperation } from '../model.ts';
import type { Transaction } from '../ports.ts';
import type { Durable } from './durable.ts';

/** One command that waits for its lock or is under way: a person's attempt, or one of the server's own. */
export interface Job {
  /** The attempt's id, or one with the prefix `own`. */
  readonly id: string;
  /** The attempt as it is inserted; undefined for the server's own commands, which are no attempts. */
  readonly attempt: Attempt | undefined;
  readonly operation: AttemptOperation | 'chain_head' | 'access_change';
  /** What is asked of the lock in place of an operation: a change of what it enforces by itself. */
  readonly change?: AccessChange;
  readonly class: CommandClass;
  readonly expiresAtMs: number;
  readonly timeToLiveS: number;
  /** For `set_time`: an operator has confirmed a step of over 60 s back. */
  readonly stepBack: boolean;
  /** The property whose gateways may reach the lock. */
  readonly propertyId: string;
  /** Makes its attempt durable, with what belongs to it, and throws to refuse it; left out, the attempt is inserted. */
  readonly record?: Durable;
  /** Asked again when the job had to wait: whether its actor still may. */
  stillPermitted(): Promise<boolean>;
  /** What else becomes durable with what the machine says of its end: the lock's word, or a failure that is certain. */
  concluded?(tx: Transaction, note: Note, outcome: Ending): Promise<void>;
  /** The job is over, with or without `concluded`; a poll of the server's own when it is left out. */
  over?(succeeded: boolean): void;
}

/** An outcome that ends its command. */
export type Ending = Exclude<Outcome, { kind: 'waiting' }>;

/** The command that is under way. */
export interface Running {
  readonly job: Job;
  readonly gatewayId: string | undefined;
  frames: number;
  /** Frames that the gateway says it wrote to the lock: their outcome is open, whatever it says later. */
  readonly written: Set<string>;
}

/** What the controller is asked for. */
export function inputOf(job: Job): ControllerInput {
  const { id: attempt, operation, expiresAtMs, timeToLiveS, stepBack } = job;
  if (job.change !== undefined) {
    return { kind: 'access-change', attempt, expiresAtMs, class: job.class, change: job.change };
  }
  switch (operation) {
    case 'access_change':
    case 'set_normal':
    case 'set_passage':
    case 'set_lockdown':
      throw new Error('an access change says what it changes');
    case 'bind':
    case 'unbind':
      return { kind: operation, attempt, expiresAtMs };
    case 'chain_head':
      return { kind: 'chain-head', attempt, expiresAtMs };
    case 'set_time':
      return { kind: 'set-time', attempt, expiresAtMs, stepBack };
    case 'unlock':
    case 'lock':
    case 'status':
    case 'override':
      return { kind: 'operate', attempt, operation, class: job.class, timeToLiveS, expiresAtMs };
  }
}
