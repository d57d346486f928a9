import { flushCompileCache } from 'node:module';
import type { Io } from '@cardea/client-cli';

/**
 * Resolves when this process is asked to end: Ctrl-C, SIGTERM, SIGHUP, or its supervisor is gone. With `reload`, SIGHUP asks
 * for that instead, as of any service; but whoever was started by hand ends with its terminal.
 */
export function untilAskedToEnd(io: Io, reload?: () => void): Promise<string> {
  return new Promise((resolve) => {
    if (io.interrupted.aborted) resolve('SIGINT');
    io.interrupted.addEventListener('abort', () => resolve('SIGINT'), { once: true });
    process.once('SIGTERM', () => resolve('SIGTERM'));
    if (reload === undefined || io.typed) process.once('SIGHUP', () => resolve('SIGHUP'));
    else process.on('SIGHUP', reload);
    process.once('disconnect', () => resolve('the supervisor is gone'));
  });
}

/** Whether a supervisor started this process and listens to it. */
export const isSupervised = (): boolean => process.send !== undefined;

/** Tells the supervisor; without one nothing. What was compiled is kept once an actor is ready: it may be killed. */
export function tellSupervisor(message: FromActor): void {
  if (message.kind === 'ready') flushCompileCache();
  process.send?.(message);
}

/** What an actor's process tells its supervisor. */
export type FromActor =
  /** It does its work now. `detail` differs by actor. */
  | { readonly kind: 'ready'; readonly detail: Readonly<Record<string, unknown>> }
  /** A fault that only the supervisor can make: a gateway's process is stopped, started or killed. */
  | { readonly kind: 'sim'; readonly fault: 'gateway'; readonly value: 'on' | 'off' | 'kill' };
