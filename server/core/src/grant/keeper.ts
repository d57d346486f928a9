import type { Actor } from '../actor.ts';
import { found } from '../checks.ts';
import type { Context, Note } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Door, Event, Grant } from '../model.ts';
import type { Transaction } from '../ports.ts';
import {
  checkConditions,
  checkEnd,
  checkMethods,
  checkOperations,
  checkScope,
  checkSeries,
  checkUses,
  checkWindow,
  GRANTS_OF_PERSON_MOST,
  NO_CONDITIONS,
  seriesFor,
} from './checks.ts';
import { checkDrops, type GrantConstraint, type GrantTerms } from './constraints.ts';
import type { GrantDraft } from './draft.ts';
import { heldWithin } from './given-on.ts';
import type { MethodPlanner } from './planner.ts';
import { doorsOf, propertyOf } from './reach.ts';

/** Grants that one fetch takes of all that are planned again. */
const GRANTS_A_PAGE = 200;

/** All grants of one door or source: more than there can be. */
const EVERY_GRANT = 1_000_000;

/** Who changes a grant; what he may grant is what his role may do. */
export type GrantGiver = Pick<Actor, 'organizationId' | 'personId' | 'role'>;

/** A grant after a change, with the locks where something follows from it: they are kicked once the unit is durable. */
export interface GrantChanged {
  readonly grant: Grant;
  readonly lockIds: readonly string[];
}

/** Changes of grants, each in the unit at hand: checked, recorded, told, and planned for the locks. Scopes are the caller's. */
export interface GrantKeeper {
  /** @throws CoreError `invalid`, `not_permitted`, `not_found`, `too_many` */
  issue(tx: Transaction, note: Note, by: GrantGiver, draft: GrantDraft): Promise<GrantChanged>;
  /** @throws CoreError `invalid`, `not_permitted`, `precondition_failed` when it is over, `conflict` for a silent drop */
  alter(
    tx: Transaction,
    note: Note,
    by: GrantGiver,
    grant: Grant,
    change: Partial<GrantTerms>,
    drop?: readonly GrantConstraint[],
  ): Promise<GrantChanged>;
  /** Ends an active grant; one that is over stays as it is. `by` undefined: its time or its uses. */
  end(tx: Transaction, note: Note, by: Pick<Actor, 'personId'> | undefined, grant: Grant): Promise<GrantChanged>;
  /** Takes one of the grant's uses, before the bolt moves. @throws CoreError `not_permitted` when none is left */
  spend(tx: Transaction, grant: Grant): Promise<void>;
  /** Gives back a use that came to nothing. */
  giveBack(tx: Transaction, grant: Grant): Promise<void>;
  /**
   * The door was opened by the grant: one with `firstUse` begins, one that is used up ends. An opening from afar was
   * counted by {@link spend}; one at the door is counted here.
   */
  opened(tx: Transaction, note: Note, grant: Grant, at: number, where: 'afar' | 'door'): Promise<GrantChanged>;
  /** Plans again what an active grant needs at its locks: something that it is read by has changed. */
  replan(tx: Transaction, note: Note, grant: Grant): Promise<readonly string[]>;
  /** A door is on another floor than before: grants of either floor are planned again, and its lock is told its place. */
  moved(tx: Transaction, note: Note, before: Door, after: Door): Promise<readonly string[]>;
  /** After the unit: sets about what is planned. */
  kick(lockIds: readonly string[]): void;
}

/** A keeper whose changes `planner` follows up at the locks. */
export function createGrantKeeper(context: Context, planner: MethodPlanner): GrantKeeper {
  const { newId, now } = context;

  const record = async (tx: Transaction, note: Note, before: Grant, change: Partial<Grant>): Promise<GrantChanged> => {
    const grant: Grant = { ...before, ...change };
    await tx.grants.update(grant.organizationId, grant.id, change);
    return { grant, lockIds: await planner.plan(tx, note, before, grant) };
  };

  const end: GrantKeeper['end'] = async (tx, note, by, grant) => {
    if (grant.state !== 'active') return { grant, lockIds: [] };
    const state = by === undefined ? 'ended' : 'revoked';
    const changed = await record(tx, note, grant, { state, revokedAt: now(), version: grant.version + 1 });
    await note(factOf(changed.grant, `grant.${state}`, by?.personId ?? null));
    return followed(tx, note, by, changed);
  };

  /** What the holder has given on of a grant that has changed is held within it; `lockIds` with those of what follows. */
  const followed = async (
    tx: Transaction,
    note: Note,
    by: Pick<Actor, 'personId'> | undefined,
    { grant: source, lockIds }: GrantChanged,
  ): Promise<GrantChanged> => {
    const all = new Set(lockIds);
    for (const given of await givenOn(tx, source)) {
      const within = heldWithin(source, given, await doorsOf(tx, given));
      if (within === undefined) continue;
      const changed =
        within === 'over'
          ? await end(tx, note, by, given)
          : await record(tx, note, given, { ...within, version: given.version + 1 });
      if (within !== 'over') await note(factOf(changed.grant, 'grant.changed', by?.personId ?? null));
      for (const lockId of changed.lockIds) all.add(lockId);
    }
    return { grant: source, lockIds: [...all] };
  };

  return {
    async issue(tx, note, by, draft) {
      const { organizationId } = by;
      const person = found('person', await tx.persons.get(organizationId, draft.personId));
      const scope = checkScope(draft.scope);
      const window = { notBefore: draft.notBefore, notAfter: draft.notAfter };
      checkWindow(window, now());
      checkEnd(scope, window.notAfter);
      const propertyId = await propertyOf(tx, organizationId, scope);
      const scheduleId = draft.scheduleId ?? null;
      await checkSchedule(tx, organizationId, propertyId, scheduleId);
      await checkRoom(tx, organizationId, person.id);
      const operations = checkOperations(by.role, draft.operations ?? ['unlock', 'lock']);
      const grant: Grant = {
        id: newId('grant'),
        organizationId,
        personId: person.id,
        propertyId,
        scope,
        ...window,
        scheduleId,
        conditions: checkConditions(draft.conditions ?? NO_CONDITIONS),
        operations,
        methods: checkMethods(draft.methods ?? ['mobile_key'], operations),
        uses: checkUses(draft.uses ?? null),
        used: 0,
        firstUsedAt: null,
        series: checkSeries(draft.series ?? seriesFor(scope, person.role)),
        stayId: draft.stayId ?? null,
        sourceGrantId: draft.sourceGrantId ?? null,
        visitorId: draft.visitorId ?? null,
        state: 'active',
        revokedAt: null,
        createdBy: by.personId,
        createdAt: now(),
        version: 1,
      };
      await tx.grants.insert(grant);
      const lockIds = await planner.plan(tx, note, undefined, grant);
      await note(factOf(grant, 'grant.created', by.personId));
      return { grant, lockIds };
    },

    async alter(tx, note, by, grant, change, drop = []) {
      if (grant.state !== 'active') {
        throw new CoreError('precondition_failed', `the grant is ${grant.state}: give a new one`);
      }
      const asked: GrantTerms = { ...termsOf(grant), ...change };
      const operations = checkOperations(by.role, asked.operations);
      const terms: GrantTerms = {
        ...asked,
        scope: checkScope(asked.scope),
        conditions: checkConditions(asked.conditions),
        operations,
        methods: checkMethods(asked.methods, operations),
        uses: checkUses(asked.uses),
      };
      checkDrops(grant, terms, drop);
      checkWindow(terms, now());
      checkEnd(terms.scope, terms.notAfter);
      const propertyId = await propertyOf(tx, grant.organizationId, terms.scope);
      if (propertyId !== grant.propertyId) {
        throw new CoreError('invalid', 'a grant stays in its property: give a new one', { field: 'scope' });
      }
      await checkSchedule(tx, grant.organizationId, propertyId, terms.scheduleId);
      if (terms.uses !== null && terms.uses <= grant.used) {
        throw new CoreError('invalid', `the grant was used ${grant.used} times already`, { field: 'uses' });
      }
      const changed = await record(tx, note, grant, { ...terms, version: grant.version + 1 });
      const what = factOf(changed.grant, 'grant.changed', by.personId);
      await note({ ...what, detail: { ...what.detail, dropped: drop.join(' ') || null } });
      return followed(tx, note, by, changed);
    },

    end,

    async spend(tx, grant) {
      if (grant.uses !== null && grant.used >= grant.uses) {
        throw new CoreError('not_permitted', `the grant's ${grant.uses} uses are used up`);
      }
      await tx.grants.update(grant.organizationId, grant.id, { used: grant.used + 1 });
    },

    async giveBack(tx, grant) {
      await tx.grants.update(grant.organizationId, grant.id, { used: Math.max(0, grant.used - 1) });
    },

    async opened(tx, note, grant, at, where) {
      const used = where === 'door' ? grant.used + 1 : grant.used;
      if (used !== grant.used) await tx.grants.update(grant.organizationId, grant.id, { used });
      const counted: Grant = { ...grant, used };
      if (counted.uses !== null && used >= counted.uses) return end(tx, note, undefined, counted);
      const { firstUse } = counted.conditions;
      if (firstUse === null || counted.firstUsedAt !== null) return { grant: counted, lockIds: [] };
      const until = Math.ceil(at / 1000) * 1000 + firstUse.validForS * 1000;
      const notAfter = counted.notAfter === null ? until : Math.min(counted.notAfter, until);
      const begun = await record(tx, note, counted, { firstUsedAt: at, notAfter, version: counted.version + 1 });
      await note(factOf(begun.grant, 'grant.begun', grant.personId));
      return begun;
    },

    replan: (tx, note, grant) => planner.plan(tx, note, grant, grant),

    async moved(tx, note, before, after) {
      const { organizationId, lockId } = after;
      if (lockId === null) return [];
      const lockIds = new Set(await planner.moved(tx, { organizationId, lockId }));
      // Whoever gave it on by a grant of the former floor does not reach it any more.
      const reached = await tx.grants.reaching(organizationId, [after.id], { after: undefined, limit: EVERY_GRANT });
      for (const given of reached) {
        const source = given.sourceGrantId && (await tx.grants.get(organizationId, given.sourceGrantId));
        if (!source) continue;
        for (const id of (await followed(tx, note, undefined, { grant: source, lockIds: [] })).lockIds) lockIds.add(id);
      }
      const floors = [before.floorId, after.floorId].filter((id) => id !== null);
      for (let last: string | undefined; floors.length > 0; ) {
        const grants = await tx.grants.reaching(organizationId, floors, { after: last, limit: GRANTS_A_PAGE });
        for (const grant of grants) for (const id of await planner.plan(tx, note, grant, grant)) lockIds.add(id);
        last = grants.at(-1)?.id;
        if (grants.length < GRANTS_A_PAGE) break;
      }
      return [...lockIds];
    },

    kick: (lockIds) => planner.kick(lockIds),
  };
}

/** Plans again every active grant that these fields pick out; answers the locks where something follows from it. */
export async function replanAll(
  tx: Transaction,
  note: Note,
  keeper: Pick<GrantKeeper, 'replan'>,
  organizationId: string,
  picked: Pick<Partial<Grant>, 'propertyId' | 'scheduleId'>,
): Promise<readonly string[]> {
  const lockIds = new Set<string>();
  for (let after: string | undefined; ; ) {
    const page = { after, limit: GRANTS_A_PAGE };
    const grants = await tx.grants.list(organizationId, { ...picked, state: 'active' }, page);
    for (const grant of grants) for (const lockId of await keeper.replan(tx, note, grant)) lockIds.add(lockId);
    after = grants.at(-1)?.id;
    if (grants.length < GRANTS_A_PAGE) return [...lockIds];
  }
}

/** What of a grant may change, as it is. */
export function termsOf(grant: Grant): GrantTerms {
  const { scope, notBefore, notAfter, scheduleId, conditions, operations, methods, uses } = grant;
  return { scope, notBefore, notAfter, scheduleId, conditions, operations, methods, uses };
}

/** The fact about a grant: ids only, the person who did it and the one who holds it. */
export function factOf(grant: Grant, type: Event['type'], personId: string | null) {
  const { scope } = grant;
  return {
    organizationId: grant.organizationId,
    propertyId: grant.propertyId,
    doorId: scope.kind === 'doors' && scope.doorIds.length === 1 ? (scope.doorIds[0] ?? null) : null,
    personId,
    type,
    detail: { grant_id: grant.id, holder_id: grant.personId } as Event['detail'],
  };
}

async function checkSchedule(
  tx: Transaction,
  organizationId: string,
  propertyId: string,
  scheduleId: string | null,
): Promise<void> {
  if (scheduleId === null) return;
  const schedule = found('schedule', await tx.schedules.get(organizationId, scheduleId));
  if (schedule.propertyId === propertyId) return;
  throw new CoreError('invalid', 'the schedule is of another property than the doors', { field: 'schedule_id' });
}

async function checkRoom(tx: Transaction, organizationId: string, personId: string): Promise<void> {
  const held = { after: undefined, limit: GRANTS_OF_PERSON_MOST };
  const grants = await tx.grants.list(organizationId, { personId, state: 'active' }, held);
  if (grants.length < GRANTS_OF_PERSON_MOST) return;
  throw new CoreError('too_many', `a person has at most ${GRANTS_OF_PERSON_MOST} active grants: revoke one first`);
}

/** The active grants that the holder of this one has given on. */
export function givenOn(tx: Transaction, { organizationId, id }: Grant): Promise<readonly Grant[]> {
  const page = { after: undefined, limit: EVERY_GRANT };
  return tx.grants.list(organizationId, { sourceGrantId: id, state: 'active' }, page);
}

/** The active or former grant. @throws CoreError `not_found` */
export async function grantOf(tx: Transaction, organizationId: string, id: string): Promise<Grant> {
  return found('grant', await tx.grants.get(organizationId, id));
}
