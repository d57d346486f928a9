import type { AlarmCode, ControllerContext, ControllerEffect, Outcome } from '@cardea/wire-profile';
import { ASIDE_MAX, type ControllerState, type Flight, type Job, type Session } from './state.ts';

/**
 * One step in the making: the state so far and the effects so far. States are replaced, never changed, so the machine
 * is pure from the outside; this only spares every function from handing both back.
 */
export class Turn {
  readonly context: ControllerContext;
  readonly effects: ControllerEffect[] = [];
  state: ControllerState;

  constructor(context: ControllerContext, state: ControllerState) {
    this.context = context;
    this.state = state;
  }

  /** Monotonic milliseconds. */
  get nowMs(): number {
    return this.context.now.monotonicMs;
  }

  /** Unix milliseconds. */
  get unixMs(): number {
    return this.context.now.unixMs;
  }

  /** Replaces fields of the state. */
  update(patch: Partial<ControllerState>): void {
    this.state = { ...this.state, ...patch };
  }

  /** Replaces fields of the session, if there is one. */
  updateSession(patch: Partial<Session>): void {
    if (this.state.session !== undefined) this.update({ session: { ...this.state.session, ...patch } });
  }

  /** Replaces fields of the job that is worked on. */
  updateHead(patch: Partial<Job>): void {
    const [head, ...rest] = this.state.jobs;
    if (head !== undefined) this.update({ jobs: [{ ...head, ...patch }, ...rest] });
  }

  emit(effect: ControllerEffect): void {
    this.effects.push(effect);
  }

  alarm(code: AlarmCode, detail: string): void {
    this.emit({ kind: 'alarm', code, detail });
  }

  /** A number that no effect and no job had before. */
  id(): number {
    const id = this.state.nextId;
    this.update({ nextId: id + 1 });
    return id;
  }

  /** Ends a job; its outcome is told if it is an attempt's. */
  finish(job: Job, outcome: Outcome): void {
    this.update({ jobs: this.state.jobs.filter((each) => each.number !== job.number) });
    if (job.attempt !== undefined) this.emit({ kind: 'outcome', attempt: job.attempt, outcome });
  }

  /** Nobody waits for this command any more; if it decides an attempt, its late receipt is still told. */
  setAside(flight: Flight): void {
    this.update({ flight: undefined, aside: [...this.state.aside, flight].slice(-ASIDE_MAX) });
  }
}

/** A failure without a receipt. */
export function failed(reason: Extract<Outcome, { kind: 'failed' }>['reason']): Outcome {
  return { kind: 'failed', reason, receipt: undefined, clockOffsetS: undefined };
}
