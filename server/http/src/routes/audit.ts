import type { Core } from '@cardea/server-core';
import { pageOf } from '../page.ts';
import { auditConsistency, auditHead, auditInclusion, auditKey, auditLeaf } from '../represent/audit.ts';
import { ownRoute, type Route, route } from '../route.ts';

const DEFAULT_LEAVES = 100;

/** The audit log; the export, which is a stream, is in the door. */
export function auditRoutes({ audit }: Core): readonly Route[] {
  return [
    route('GET /v1/audit/key', async (actor) => auditKey(await audit.key(actor))),
    route('GET /v1/audit/head', async (actor) => auditHead(await audit.head(actor))),
    route('GET /v1/audit/heads', (actor, { query }) => pageOf(query, (page) => audit.heads(actor, page), auditHead)),
    route('GET /v1/audit/leaves', async (actor, { query }) => {
      const limit = query.limit ?? DEFAULT_LEAVES;
      const leaves = await audit.leaves(actor, { from: query.from ?? 0, limit });
      const last = leaves.at(-1);
      return {
        items: leaves.map(auditLeaf),
        next: last === undefined || leaves.length < limit ? null : last.number + 1,
      };
    }),
    route('GET /v1/audit/proof/inclusion', async (actor, { query }) =>
      auditInclusion(await audit.inclusion(actor, query.event)),
    ),
    route('GET /v1/audit/proof/consistency', async (actor, { query }) =>
      auditConsistency(await audit.consistency(actor, query)),
    ),
    ownRoute('GET /v1/audit/export'),
  ];
}
