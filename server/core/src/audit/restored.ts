import { toBase64 } from '@cardea/kit-octets';
import { decodeHead, decodeNote, RESTORED } from '@cardea/wire-audit';
import type { Note } from '../context.ts';
import type { Transaction } from '../ports.ts';

/** What is known of a restore when it is recorded. */
export interface AuditRestored {
  readonly restoreId: string;
  readonly backupMadeAt: number;
  /** The newest signed head of the former log that is known; what it covers beyond the backup is gone. */
  readonly formerHead?: string | undefined;
}

/**
 * The log's own word that it came back from a backup: with how many leaves, and how far the former log is known to have
 * gone. It must be the first that is noted after the restore. By it whoever has seen later heads knows why they are gone.
 */
export async function noteAuditRestored(
  tx: Transaction,
  note: Note,
  organizationId: string,
  { restoreId, backupMadeAt, formerHead }: AuditRestored,
): Promise<void> {
  const size = ((await tx.audit.newestLeaf(organizationId))?.number ?? -1) + 1;
  const former = formerHead === undefined ? undefined : decodeHead(decodeNote(formerHead).text);
  await note({
    organizationId,
    type: RESTORED,
    detail: {
      restore_id: restoreId,
      backup_made_at: backupMadeAt,
      size,
      ...(former && { former_size: former.size, former_root: toBase64(former.root) }),
    },
  });
}
