import type { Context } from '../context.ts';
import type { Attempt, Grant, GrantUse } from '../model.ts';
import type { Transaction } from '../ports.ts';
import type { GrantKeeper } from './keeper.ts';

/** The uses of grants that attempts have taken and that are not settled yet. */
export interface GrantUses {
  /** Takes a use for an attempt, in the unit that records it. @throws CoreError `not_permitted` when none is left */
  take(tx: Transaction, grant: Grant, attempt: Pick<Attempt, 'id' | 'organizationId' | 'operation'>): Promise<void>;
  /** Settles what the former process left, and from now on each attempt at its end. */
  start(): Promise<void>;
  stop(): void;
}

/**
 * A use is taken before the command leaves. It is given back when it is certain that nothing came of it; an outcome that
 * nobody knows counts as an opening (docs/grants.md, 9).
 */
export function createGrantUses(context: Context, keeper: GrantKeeper): GrantUses {
  let unfollow = (): void => {};

  const settle = async (use: Pick<GrantUse, 'id' | 'organizationId'>): Promise<void> => {
    const lockIds = await context.write(async (tx, note) => {
      const taken = await tx.grantUses.get(use.organizationId, use.id);
      if (taken === undefined) return [];
      await tx.grantUses.remove(taken.organizationId, taken.id);
      const grant = await tx.grants.get(taken.organizationId, taken.grantId);
      if (grant === undefined) return [];
      const attempt = await tx.attempts.get(taken.organizationId, taken.id);
      if (attempt === undefined || cameToNothing(attempt)) {
        await keeper.giveBack(tx, grant);
        return [];
      }
      return (await keeper.opened(tx, note, grant, attempt.endedAt ?? context.now(), 'afar')).lockIds;
    });
    keeper.kick(lockIds);
  };

  return {
    async take(tx, grant, { id, organizationId, operation }) {
      if (operation !== 'unlock' && operation !== 'override') return;
      if (grant.uses === null && grant.conditions.firstUse === null) return;
      await keeper.spend(tx, grant);
      await tx.grantUses.insert({ id, organizationId, grantId: grant.id });
    },
    async start() {
      for (const use of await context.read((tx) => tx.grantUses.all())) await settle(use);
      unfollow = context.bus.followAll(({ type, attemptId, organizationId }) => {
        if (attemptId === null) return;
        if (type !== 'attempt.succeeded' && type !== 'attempt.failed' && type !== 'attempt.expired') return;
        settle({ id: attemptId, organizationId }).catch((error: unknown) => {
          context.ports.log.error('the use of a grant could not be settled', { error: String(error) });
        });
      });
    },
    stop: () => unfollow(),
  };
}

function cameToNothing({ state, reason }: Attempt): boolean {
  return state === 'failed' || (state === 'expired' && reason === 'not_sent');
}
