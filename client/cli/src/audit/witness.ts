import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AuditHead } from '@cardea/wire-api';
import { all } from '../all.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../errors.ts';
import { plain, table } from '../output/table.ts';
import { trustedLog } from './trusted-log.ts';

/** Shows the signed heads and where they were witnessed; into `out` go those that were time-stamped, with their stamps. */
export async function showHeads(context: Context, out: string | undefined): Promise<number> {
  const api = context.api();
  await trustedLog(context, api);
  const items = await all(api.audit.heads.list());
  if (out !== undefined) writeStamps(resolve(context.io.cwd, out), items);
  context.print({ items }, () =>
    table(
      ['LEAVES', 'SIGNED', 'ROOT', 'WITNESSED'],
      items.map(({ size, signed_at, root, witnessed }) => [
        String(size),
        signed_at,
        root,
        witnessed.map(({ witness, witnessed_at }) => `${plain(witness)} ${witnessed_at}`).join(', ') || '-',
      ]),
    ),
  );
  return EXIT.succeeded;
}

/** `head-N.txt`, the note of N leaves, and `head-N.tsr`, what the time-stamping authority (RFC 3161) gave for it. */
function writeStamps(folder: string, heads: readonly AuditHead[]): void {
  mkdirSync(folder, { recursive: true });
  for (const { size, note, witnessed } of heads) {
    const stamp = witnessed.find(({ witness }) => witness === 'rfc3161');
    if (stamp === undefined) continue;
    writeFileSync(join(folder, `head-${size}.txt`), note);
    writeFileSync(join(folder, `head-${size}.tsr`), Buffer.from(stamp.receipt, 'base64'));
  }
}
