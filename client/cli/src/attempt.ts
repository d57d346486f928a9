import type { Client } from '@cardea/client-sdk';
import { type Attempt, isOver } from '@cardea/wire-api';
import type { Context } from './context.ts';
import { CliError, EXIT } from './errors.ts';
import { progressLine } from './output/progress-line.ts';

/** How long past its expiry an attempt may still be open before the server is at fault. */
const GRACE_MS = 30_000;

/**
 * Follows an attempt to its end, with a progress line for a person. @throws CliError `failed` when it is interrupted or
 * the server never ends it, `unexpected` when the server calls it succeeded without the lock's receipt
 */
export async function followAttempt(
  context: Context,
  api: Client,
  started: Attempt,
  describe: (attempt: Attempt) => string,
): Promise<Attempt> {
  const line = progressLine(context.io);
  const limitMs = Math.max(0, Date.parse(started.expires_at) - Date.parse(started.created_at)) + GRACE_MS;
  const beganMs = performance.now();
  let attempt = started;
  try {
    while (!isOver(attempt)) {
      line.show(describe(attempt));
      if (performance.now() - beganMs > limitMs) {
        throw new CliError('failed', `the server never ended ${attempt.id}`, {
          remedy: 'look at it with `cardea events`',
        });
      }
      // A person sees each change; a program is woken only by the end.
      const waitS = context.io.interactive ? 1 : 20;
      attempt = await api.attempts.get(attempt.id, waitS, { signal: context.io.interrupted });
    }
  } finally {
    line.clear();
  }
  if (attempt.state === 'succeeded' && attempt.receipt === null) {
    throw new CliError(
      'unexpected',
      `${attempt.id} is called succeeded without a receipt of the lock: not taken for true`,
    );
  }
  return attempt;
}

/** The exit code that an attempt's end calls for. */
export function exitCodeOf(attempt: Attempt): number {
  if (attempt.state === 'succeeded') return EXIT.succeeded;
  return attempt.state === 'expired' ? EXIT.expired : EXIT.failed;
}
