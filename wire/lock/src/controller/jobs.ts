import type { Goal, Job } from './state.ts';
import { JOBS_MAX } from './state.ts';
import { failed, type Turn } from './turn.ts';

/** A job that has not begun. */
export function newJob(turn: Turn, goal: Goal, attempt: string | undefined, expiresAtMs: number): Job {
  return {
    number: turn.id(),
    goal,
    attempt,
    expiresAtMs,
    runs: 0,
    candidate: 0,
    hint: undefined,
    agreed: false,
    commands: 0,
    sessionsLost: 0,
  };
}

/** What people wait for goes before what is only asked, and that before the machine's own. */
function rank(job: Job): number {
  if (job.attempt === undefined || job.goal.kind === 'chain-head') return 2;
  if (job.goal.kind === 'access-change') return 1;
  return job.goal.kind === 'operate' && job.goal.operation === 'status' ? 1 : 0;
}

/**
 * Queues an attempt. One of a higher rank does not wait for an answer that may never come: the command under way is set
 * aside, and its receipt is told when it comes.
 */
export function enqueue(turn: Turn, goal: Goal, attempt: string, expiresAtMs: number): void {
  const job = newJob(turn, goal, attempt, expiresAtMs);
  const { jobs, flight, run } = turn.state;
  if (jobs.length >= JOBS_MAX) {
    turn.emit({ kind: 'outcome', attempt, outcome: failed('busy') });
    return;
  }
  const at = jobs.findIndex((each) => rank(each) > rank(job));
  const place = at < 0 ? jobs.length : at;
  turn.update({ jobs: [...jobs.slice(0, place), job, ...jobs.slice(place)] });
  if (place !== 0 || jobs.length === 0) return;
  if (run !== undefined && goal.kind === 'bind') turn.update({ run: undefined });
  if (flight !== undefined) displace(turn);
}

/** The attempt is over for the core. */
export function abandon(turn: Turn, attempt: string): void {
  const { jobs, flight } = turn.state;
  const job = jobs.find((each) => each.attempt === attempt);
  if (job === undefined) return;
  if (flight?.job.number === job.number) turn.setAside(flight);
  if (jobs[0] === job) turn.update({ run: undefined });
  turn.update({ jobs: turn.state.jobs.filter((each) => each.number !== job.number) });
}

function displace(turn: Turn): void {
  const { flight } = turn.state;
  if (flight === undefined) return;
  turn.setAside(flight);
  // Its answer is still looked for, so its own command is not sent a second time.
  if (flight.final) turn.update({ jobs: turn.state.jobs.filter((job) => job.number !== flight.job.number) });
}
