import { all } from '../all.ts';
import type { Context } from '../context.ts';
import { EXIT } from '../errors.ts';
import { plain, table } from '../output/table.ts';
import { trustedLog } from './trusted-log.ts';

/** Shows the signed heads and where they were witnessed. */
export async function showHeads(context: Context): Promise<number> {
  const api = context.api();
  await trustedLog(context, api);
  const items = await all(api.audit.heads.list());
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
