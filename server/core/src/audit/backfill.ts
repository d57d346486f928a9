import type { Context } from '../context.ts';
import { createAppender } from './appender.ts';
import { signerOf } from './signer.ts';

/** Events of one unit while a log is begun. */
const UNIT = 500;

/**
 * Begins the log of a record that is older than it: the events that are there get their leaves, in their order. The signing
 * key is made last, and by it this is known to be done.
 */
export async function beginLogs(context: Context): Promise<void> {
  if ((await context.read((tx) => tx.audit.signer())) !== undefined) return;
  const appender = createAppender(context.ports);
  for (const { id } of await context.read((tx) => tx.organizations.list())) {
    for (let more = true; more; ) {
      more = await context.ports.store.unit(async (tx) => {
        const append = appender(tx);
        const events = await tx.audit.unlogged(id, UNIT);
        for (const event of events) await append(event);
        return events.length === UNIT;
      });
    }
  }
  await signerOf(context);
}
