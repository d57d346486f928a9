import { equal } from '@cardea/kit-octets';
import type { Cancel } from '@cardea/kit-runtime';
import {
  decodeHead,
  decodeNote,
  type HashSource,
  originOf,
  rootOf,
  signHead,
  type TreeHash,
  treeHash,
} from '@cardea/wire-audit';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Transaction } from '../ports.ts';
import { signerOf } from './signer.ts';
import { hashSource } from './source.ts';
import type { StoredHead } from './tables.ts';

/** How often a log that has grown gets a head. */
const HEAD_EVERY_MS = 600_000;

/** The signed heads of all logs. */
export interface Heads {
  /** The head over all that is in the log now: the newest one, or one signed for it. @throws CoreError `conflict` */
  sign(organizationId: string): Promise<StoredHead>;
  /** Signs from now on every ten minutes what has grown, and tells of each head. */
  start(): void;
  /** Signs a last time what has grown. */
  stop(): Promise<void>;
}

/** Heads over this context; `signed` is told of each new one. */
export function createHeads(context: Context, signed: (head: StoredHead) => void): Heads {
  const { primitives, keys, clock, log } = context.ports;
  const tree = treeHash(primitives);
  const alarmed = new Set<string>();
  let cancel: Cancel = () => {};

  const sign = async (organizationId: string): Promise<StoredHead> => {
    const signer = await signerOf(context);
    const now = await context.read((tx) => presentOf(tree, tx, organizationId));
    if (now.newest !== undefined && now.newest.size === now.size) return now.newest;
    const head = { origin: originOf(organizationId), size: now.size, root: now.root, time: context.now() };
    const { note } = await signHead(
      primitives,
      { publicKey: signer.publicKey, sign: (message) => keys.signBy(signer.scalar, message) },
      head,
    );
    const stored: StoredHead = { organizationId, size: head.size, time: head.time, note };
    const [kept, fresh] = await context.write(async (tx) => {
      const meanwhile = await tx.audit.newestHead(organizationId, stored.size);
      if (meanwhile?.size === stored.size) return [meanwhile, false] as const;
      await tx.audit.insertHead(stored);
      return [stored, true] as const;
    });
    if (fresh) signed(kept);
    return kept;
  };

  const alarm = async (organizationId: string): Promise<void> => {
    if (alarmed.has(organizationId)) return;
    try {
      await context.write((_, note) => note({ organizationId, type: 'alarm.audit_log_altered' }));
      alarmed.add(organizationId);
    } catch (error) {
      // Told with the next try: the other logs are signed all the same.
      log.error('an altered audit log could not be told', { organization: organizationId, error: String(error) });
    }
  };

  const signGrown = async (): Promise<void> => {
    for (const { id } of await context.read((tx) => tx.organizations.list())) {
      try {
        await sign(id);
      } catch (error) {
        log.error('the audit log was not signed', { organization: id, error: String(error) });
        if (error instanceof CoreError && error.code === 'conflict') await alarm(id);
      }
    }
  };

  const wait = (): void => {
    cancel = clock.after(HEAD_EVERY_MS, () => {
      wait();
      signGrown().catch((error: unknown) => log.error('the audit logs were not signed', { error: String(error) }));
    });
  };

  return {
    sign,
    start: wait,
    async stop() {
      cancel();
      await signGrown().catch((error: unknown) =>
        log.error('the audit logs were not signed at the stop', { error: String(error) }),
      );
    },
  };
}

/**
 * What the log is now, once it was seen to hold all that its newest head says. A log whose past was changed is not signed:
 * two heads that contradict each other would be worth nothing. @throws CoreError `conflict`
 */
async function presentOf(
  tree: TreeHash,
  tx: Transaction,
  organizationId: string,
): Promise<{ readonly size: number; readonly root: Uint8Array; readonly newest: StoredHead | undefined }> {
  const source: HashSource = hashSource(tree, tx.audit, organizationId);
  const size = ((await tx.audit.newestLeaf(organizationId))?.number ?? -1) + 1;
  const newest = await tx.audit.newestHead(organizationId);
  if (newest !== undefined) {
    const said = decodeHead(decodeNote(newest.note).text);
    if (said.size > size || !equal(said.root, await rootOf(tree, source, said.size))) {
      throw new CoreError('conflict', 'the audit log is not what its newest head says: run `cardea audit verify`');
    }
  }
  return { size, root: await rootOf(tree, source, size), newest };
}
