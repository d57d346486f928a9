import {
  consistencyProof,
  decodeHead,
  decodeNote,
  encodeExportHeader,
  encodeExportLine,
  inclusionProof,
  originOf,
  rootOf,
  type StoredLeaf,
  treeHash,
  verifierKey,
} from '@cardea/wire-audit';
import { checkPage, checkWhole, found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Actor, Core } from '../core.ts';
import { CoreError } from '../errors.ts';
import { requireScope } from '../person/roles.ts';
import type { PageRequest } from '../ports.ts';
import type { Heads } from './heads.ts';
import { aboutOf } from './leaf-of.ts';
import { signerOf } from './signer.ts';
import { hashSource } from './source.ts';
import type { StoredHead } from './tables.ts';
import { entriesOf } from './verify-audit.ts';
import type { AuditKey, HeadView, InclusionView } from './views.ts';

/** Witnesses that a head may have had, those of former configurations included. */
const WITNESSES_MOST = 16;

/** The audit log of the actor's organization. */
export function auditUseCases(context: Context, heads: Heads): Core['audit'] {
  const tree = treeHash(context.ports.primitives);

  /** Heads that follow each other, with where each was witnessed. */
  const views = async (heads: readonly StoredHead[]): Promise<readonly HeadView[]> => {
    const [first] = heads;
    if (first === undefined) return [];
    const most = heads.length * WITNESSES_MOST;
    const smallest = Math.min(...heads.map(({ size }) => size));
    const all = await context.read((tx) => tx.audit.witnessings(first.organizationId, smallest, most));
    return heads.map((head) => ({
      ...head,
      id: `head_${head.size}`,
      root: decodeHead(decodeNote(head.note).text).root,
      witnessed: all.filter(({ size }) => size === head.size),
    }));
  };

  const sizeOf = async (organizationId: string): Promise<number> =>
    ((await context.read((tx) => tx.audit.newestLeaf(organizationId)))?.number ?? -1) + 1;

  const key = async (actor: Actor): Promise<AuditKey> => {
    requireScope(actor, 'audit:read');
    const { publicKey } = await signerOf(context);
    const origin = originOf(actor.organizationId);
    return { origin, publicKey, verifierKey: verifierKey(context.ports.primitives, origin, publicKey) };
  };

  /** The opening of an event's commitments, as far as it is there and the actor may see it. */
  const openingOf = async (actor: Actor, eventId: string): Promise<InclusionView['opening']> => {
    if (!actor.scopes.includes('events:read')) return null;
    const { organizationId } = actor;
    return context.read(async (tx) => {
      const salt = (await tx.audit.salt(organizationId, eventId))?.salt ?? null;
      const event = await tx.audit.event(organizationId, eventId);
      if (salt === null || event === undefined) return null;
      return { salt, about: aboutOf(event), detail: event.detail };
    });
  };

  async function* exported(actor: Actor, head: StoredHead): AsyncGenerator<string, void, void> {
    const { origin, publicKey } = await key(actor);
    yield encodeExportHeader({ origin, publicKey, size: head.size });
    for await (const entry of entriesOf(context.ports.store, actor.organizationId, head.size)) {
      yield encodeExportLine(entry);
    }
  }

  return {
    key,
    async head(actor) {
      requireScope(actor, 'audit:read');
      const [head] = await views([await heads.sign(actor.organizationId)]);
      return found('head', head);
    },
    async heads(actor, page) {
      requireScope(actor, 'audit:read');
      const { limit, newestFirst = false } = checkPage(page);
      const { organizationId } = actor;
      const from = sizeOfCursor(page);
      return views(
        await context.read((tx) =>
          newestFirst
            ? tx.audit.headsBefore(organizationId, from ?? Number.MAX_SAFE_INTEGER, limit)
            : tx.audit.heads(organizationId, from ?? -1, limit),
        ),
      );
    },
    async leaves(actor, { from, limit }): Promise<readonly StoredLeaf[]> {
      requireScope(actor, 'audit:read');
      checkWhole('from', from, 0, Number.MAX_SAFE_INTEGER);
      checkPage({ after: undefined, limit });
      return context.read((tx) => tx.audit.leaves(actor.organizationId, from, limit));
    },
    async inclusion(actor, eventId) {
      requireScope(actor, 'audit:read');
      const { organizationId } = actor;
      const { number } = found('event', await context.read((tx) => tx.audit.salt(organizationId, eventId)));
      const newest = await context.read((tx) => tx.audit.newestHead(organizationId));
      const head = newest !== undefined && newest.size > number ? newest : await heads.sign(organizationId);
      const opening = await openingOf(actor, eventId);
      return context.read(async (tx) => {
        const [leaf] = await tx.audit.leaves(organizationId, number, 1);
        if (leaf === undefined || leaf.number !== number) throw damaged();
        const source = hashSource(tree, tx.audit, organizationId);
        const proof = await inclusionProof(tree, source, number, head.size);
        const { size, note } = head;
        return {
          organizationId,
          eventId,
          origin: originOf(organizationId),
          number,
          size,
          leaf: leaf.leaf,
          hash: leaf.hash,
          proof,
          note,
          opening,
        };
      });
    },
    async consistency(actor, { from, to }) {
      requireScope(actor, 'audit:read');
      const { organizationId } = actor;
      checkWhole('to', to, 1, await sizeOf(organizationId));
      checkWhole('from', from, 1, to);
      return context.read(async (tx) => {
        const source = hashSource(tree, tx.audit, organizationId);
        return {
          from,
          to,
          fromRoot: await rootOf(tree, source, from),
          toRoot: await rootOf(tree, source, to),
          proof: await consistencyProof(tree, source, from, to),
        };
      });
    },
    async export(actor) {
      requireScope(actor, 'audit:read');
      return exported(actor, await heads.sign(actor.organizationId));
    },
  };
}

/** The size of the head after which a page goes on. @throws CoreError `invalid` */
function sizeOfCursor({ after }: PageRequest): number | undefined {
  if (after === undefined) return undefined;
  const size = Number(/^head_(\d{1,16})$/.exec(after)?.[1] ?? Number.NaN);
  if (!Number.isSafeInteger(size)) throw new CoreError('invalid', 'not a cursor of heads', { field: 'cursor' });
  return size;
}

function damaged(): CoreError {
  return new CoreError('conflict', 'the audit log has lost leaves: run `cardea audit verify`');
}
