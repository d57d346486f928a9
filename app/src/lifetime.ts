import type { Io } from '@cardea/client-cli';

/** Resolves when this process is asked to end: Ctrl-C, SIGTERM, SIGHUP, or its supervisor is gone. */
export function untilAskedToEnd(io: Io): Promise<string> {
  return new Promise((resolve) => {
    if (io.interrupted.aborted) resolve('SIGINT');
    io.interrupted.addEventListener('abort', () => resolve('SIGINT'), { once: true });
    for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve(signal));
    process.once('disconnect', () => resolve('the supervisor is gone'));
  });
}

/** Whether a supervisor started this process and listens to it. */
export const isSupervised = (): boolean => process.send !== undefined;

/** Tells the supervisor; without one nothing. */
export function tellSupervisor(message: FromActor): void {
  process.send?.(message);
}

/** What an actor's process tells its supervisor. */
export type FromActor =
  /** It does its work now. `detail` differs by actor. */
  | { readonly kind: 'ready'; readonly detail: Readonly<Record<string, unknown>> }
  /** A fault that only the supervisor can make: a gateway's process is stopped, started or killed. */
  | { readonly kind: 'sim'; readonly fault: 'gateway'; readonly value: 'on' | 'off' | 'kill' };
