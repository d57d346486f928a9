import type { Context } from '../context.ts';
import type { Presence } from '../gateway/presence.ts';
import { chainsEvents, hasClock } from '../link/controllers.ts';
import { knowLock, type LockViewer } from '../lock/view.ts';
import type { Person } from '../model.ts';
import { concernedBySecondFactor, hasSecondFactor, policyOf } from '../person/policy.ts';
import { requireScope } from '../person/roles.ts';
import type { PageRequest, Transaction } from '../ports.ts';
import { createSlices, type Slices } from '../slices.ts';
import type { CheckedLock, CheckFacts } from './facts.ts';
import type { CheckupUseCases } from './model.ts';
import { findingsOf } from './rules.ts';

/** Rows of one read, where each is looked up further. */
const ROWS_A_READ = 100;

/** What the check is given beside the context. */
export interface CheckupWorld {
  readonly presence: Presence;
  readonly view: LockViewer;
  readonly retentionDays: number | undefined;
}

/** The check of an organization's security settings. */
export function checkupUseCases(context: Context, world: CheckupWorld): CheckupUseCases {
  return {
    async run(actor) {
      requireScope(actor, 'estate:write');
      const facts = await gather(context, world, actor.organizationId);
      return { checkedAt: facts.now, findings: findingsOf(facts) };
    },
  };
}

async function gather(context: Context, world: CheckupWorld, organizationId: string): Promise<CheckFacts> {
  const slices = createSlices(context.ports.clock);
  /** Everything of a listing, a read at a time. */
  const every = <T extends { readonly id: string }, U>(
    list: (tx: Transaction, page: PageRequest) => Promise<readonly T[]>,
    look: (tx: Transaction, row: T) => Promise<U | undefined>,
  ): Promise<readonly U[]> => readAll(context, slices, list, look);
  const names = new Map<string, Person>();
  const tokens: CheckFacts['tokens'][number][] = [];
  const staff = await every(
    (tx, page) => tx.persons.list(organizationId, {}, page),
    async (tx, person) => {
      names.set(person.id, person);
      const own = await tx.tokens.list(organizationId, person.id);
      tokens.push(...own.filter(({ kind, expiresAt }) => kind === 'api' && expiresAt > context.now()));
      if (!concernedBySecondFactor(person.role)) return undefined;
      return { ...person, secondFactor: await hasSecondFactor(tx, person) };
    },
  );
  return {
    now: context.now(),
    policy: await context.read((tx) => policyOf(tx, organizationId)),
    staff,
    tokens,
    properties: await every(
      (tx, page) => tx.properties.list(organizationId, {}, page),
      async (_, property) => property,
    ),
    locks: await every(
      (tx, page) => tx.locks.list(organizationId, { state: 'bound' }, page),
      async (tx, lock): Promise<CheckedLock | undefined> => {
        const known = await knowLock(tx, lock);
        if (known.door === undefined) return undefined;
        const gaps = await tx.chains.gaps.list(organizationId, { lockId: lock.id, closedAt: null }, FIRST);
        return {
          ...world.view(known),
          doorId: known.door.id,
          doorName: known.door.name,
          hasClock: hasClock(lock.maker),
          chained: chainsEvents(lock.maker),
          chain: await tx.chains.get(lock.id),
          gaps,
        };
      },
    ),
    gateways: await every(
      (tx, page) => tx.gateways.list(organizationId, {}, page),
      async (_, gateway) => ({ ...gateway, online: world.presence.isOnline(gateway.id) }),
    ),
    openAlerts: (
      await every(
        (tx, page) => tx.alerts.list(organizationId, { state: 'open' }, page),
        async (_, { id }) => id,
      )
    ).length,
    witnesses: await context.read(async (tx) => {
      const all: CheckFacts['witnesses'][number][] = [];
      for (const { name } of context.ports.witnesses ?? []) {
        all.push({ name, newestAt: (await tx.audit.newestWitnessing(organizationId, name))?.witnessedAt });
      }
      return all;
    }),
    retentionDays: world.retentionDays,
    endless: await every(
      (tx, page) => tx.grants.list(organizationId, { state: 'active', notAfter: null }, page),
      async (_, { id, personId }) => {
        const person = names.get(personId);
        return person?.role === 'guest' ? { id, personName: person.name } : undefined;
      },
    ),
  };
}

const FIRST: PageRequest = { after: undefined, limit: ROWS_A_READ };

async function readAll<T extends { readonly id: string }, U>(
  context: Context,
  slices: Slices,
  list: (tx: Transaction, page: PageRequest) => Promise<readonly T[]>,
  look: (tx: Transaction, row: T) => Promise<U | undefined>,
): Promise<readonly U[]> {
  const all: U[] = [];
  for (let after: string | undefined; ; ) {
    const page = { after, limit: ROWS_A_READ };
    const rows = await context.read(async (tx) => {
      const listed = await list(tx, page);
      for (const row of listed) {
        const looked = await look(tx, row);
        if (looked !== undefined) all.push(looked);
      }
      return listed;
    });
    after = rows.at(-1)?.id;
    if (rows.length < ROWS_A_READ) return all;
    await slices.turn();
  }
}
