import type { Actor, Precondition } from '../actor.ts';
import { found } from '../checks.ts';
import type { Context, Note } from '../context.ts';
import { CoreError } from '../errors.ts';
import { EVERYTHING } from '../method/rights.ts';
import type { Event, Person, Visitor } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { checkAddress } from './addresses.ts';
import { endRights, type RightsParts } from './end-rights.ts';
import { accountOf, type OwnPassword } from './own-password.ts';
import type { PersonExport, PrivacyUseCases } from './people.ts';
import { personData } from './person-data.ts';
import { mayGive, requireOwnPassword, requireScope } from './roles.ts';

/** Events of one unit: it holds up what waits behind it for some milliseconds. */
const EVENTS_A_UNIT = 100;
/** What stands where something of the person stood. */
const ERASED = 'erased';
/** Details of others' events that say where somebody was or how he is reached. */
const PERSONAL_DETAILS = ['from', 'address', 'email', 'name', 'device'];

/** Export and erasure of everything that is held of a person (docs/people.md, "Erasure"). */
export function privacyUseCases(
  context: Context,
  parts: RightsParts & { readonly ownPassword: OwnPassword },
): PrivacyUseCases {
  const { read, write } = context;
  const { keeper, methods, ownPassword } = parts;
  let running: Promise<void> = Promise.resolve();
  let waiting: Promise<void> | undefined;

  /** The files are written anew once for all who wait: the next time that begins is after what each has removed. */
  const purge = (): Promise<void> => {
    waiting ??= running
      .catch(() => {})
      .then(() => {
        waiting = undefined;
        running = context.ports.store.purge();
        return running;
      });
    return waiting;
  };

  /** Ends the person's rights; whatever a lock keeps of somebody who is gone and needs no more, it gives up as well. */
  const endAndForget = async (
    tx: Transaction,
    note: Note,
    actor: Actor,
    person: Person,
  ): Promise<readonly string[]> => {
    const { organizationId, id: personId } = person;
    const concerned = new Set(await endRights(tx, note, parts, actor, person));
    const rows = await tx.access.methods.list(organizationId, { personId }, EVERYTHING);
    for (const { lockId } of rows) concerned.add(lockId);
    for (const lockId of concerned) {
      const [door] = await tx.doors.list(organizationId, { lockId }, { after: undefined, limit: 1 });
      if (door === undefined || (await tx.access.locks.get(organizationId, lockId)) === undefined) continue;
      await methods.rights.want(tx, { id: lockId, organizationId, propertyId: door.propertyId }, 'forget');
    }
    return [...concerned];
  };

  /** The ids by which the person's things are named in what others did. */
  const idsOf = async (tx: Transaction, person: Person): Promise<readonly string[]> => {
    const { organizationId, id: personId } = person;
    const rows = [
      await tx.grants.list(organizationId, { personId }, EVERYTHING),
      await tx.access.phones.list(organizationId, { personId }, EVERYTHING),
      await tx.access.leases.list(organizationId, { personId }, EVERYTHING),
      await tx.access.pins.list(organizationId, { personId }, EVERYTHING),
      await tx.stays.list(organizationId, { personId }, EVERYTHING),
      await tx.contacts.list(organizationId, { personId }, EVERYTHING),
      await tx.passkeys.list(organizationId, { personId }, EVERYTHING),
      ...(await visitsOf(tx, person)),
      await tx.tokens.list(organizationId, personId),
    ];
    return rows.flat().map(({ id }) => id);
  };

  /** Takes the person out of facts, and destroys what opens their leaves; the facts and the tree stay. */
  const scrub = async (
    tx: Transaction,
    events: readonly Event[],
    ids: readonly string[],
    own: boolean,
  ): Promise<void> => {
    for (const { id, organizationId, lockSequence, detail } of events) {
      await tx.audit.eraseSalt(organizationId, id);
      // What a lock has told stays as it told it: numbers, of which its chain is made.
      const kept = own && lockSequence === null ? { [ERASED]: true } : without(detail, ids);
      await tx.events.setDetail(organizationId, id, kept);
    }
  };

  /** Facts about others that name one of the person's things, a unit at a time. */
  const scrubMentions = async (organizationId: string, ids: readonly string[]): Promise<void> => {
    for (const id of ids) {
      for (let last = EVENTS_A_UNIT; last === EVENTS_A_UNIT; ) {
        last = await write(async (tx) => {
          const events = await tx.events.mentioning(organizationId, id, EVENTS_A_UNIT);
          await scrub(tx, events, ids, false);
          return events.length;
        });
      }
    }
  };

  /** The person's own facts, a unit at a time; those that are done are passed over. */
  const scrubOwn = async (person: Person, ids: readonly string[]): Promise<void> => {
    for (let after: string | undefined; ; ) {
      const from = after;
      const page = await write(async (tx) => {
        const { organizationId, id: personId } = person;
        const events = await tx.events.list(organizationId, { personId }, { after: from, limit: EVENTS_A_UNIT });
        await scrub(tx, events, ids, true);
        return events;
      });
      after = page.at(-1)?.id;
      if (page.length < EVENTS_A_UNIT) return;
    }
  };

  /** Every row of the person's, and the keys by which leaves of the log could be recognised as the person's. */
  const removeRows = async (
    tx: Transaction,
    person: Person,
    addresses: readonly string[],
    ids: readonly string[],
  ): Promise<void> => {
    const { organizationId, id: personId } = person;
    for (const method of await tx.access.methods.list(organizationId, { personId }, EVERYTHING)) {
      // What is still to be taken from a lock is taken without saying from whom.
      const { id, state } = method;
      const over = state === 'removed' || state === 'unset' || (state === 'failed' && method.slot === null);
      if (over) await tx.access.methods.remove(organizationId, id);
      else await tx.access.methods.update(organizationId, id, { personId: '', grantId: '', verifier: null });
    }
    for (const { id } of await tx.attempts.list(organizationId, { actorId: personId }, EVERYTHING)) {
      await tx.attempts.update(organizationId, id, { grantId: null });
    }
    const ofPerson = [tx.access.leases, tx.access.pins, tx.access.phones, tx.stays, tx.grants] as const;
    for (const table of ofPerson) {
      for (const { id } of await table.list(organizationId, { personId }, EVERYTHING)) {
        await table.remove(organizationId, id);
      }
    }
    for (const { id } of (await visitsOf(tx, person)).flat()) await tx.visitors.remove(organizationId, id);
    for (const address of addresses) {
      await tx.verifications.removeOfAddress(organizationId, address);
      await tx.persons.removeFailuresOf(accountOf(organizationId, address));
    }
    await tx.persons.removeFailuresOf(`factor ${personId}`);
    for (const id of ids) {
      await tx.persons.removeFailuresOf(`change of ${id}`);
      // The answer to who made the thing says where it is found.
      await tx.idempotency.removeNaming(id);
    }
    await tx.tokens.removeOfPerson(personId);
    // Password, addresses, second factors, steps and codes go with the person.
    await tx.persons.remove(organizationId, personId);
    await tx.audit.erasePersonKey(personId);
  };

  return {
    async export(actor, id): Promise<PersonExport> {
      if (id === actor.personId) requireOwnPassword(actor);
      else requireScope(actor, 'persons:write');
      const person = found('person', await read((tx) => tx.persons.get(actor.organizationId, id)));
      return { exportedAt: context.now(), person, data: await personData(read, person) };
    },

    async erase(actor, id, unchanged?: Precondition<Person>) {
      requireScope(actor, 'persons:write');
      await eraseWhole(actor, id, (person) => {
        unchanged?.(person);
        if (person.id === actor.personId) throw new CoreError('conflict', 'nobody erases himself as staff');
        if (!mayGive(actor.role, person.role)) {
          throw new CoreError('not_permitted', `the role ${actor.role} may not erase the role ${person.role}`);
        }
      });
    },

    async eraseOwn(actor, password) {
      requireOwnPassword(actor);
      if (actor.role !== 'resident' && actor.role !== 'guest') {
        throw new CoreError('conflict', 'the account of staff is erased by other staff');
      }
      await ownPassword(actor, password, 'current_password');
      await eraseWhole(actor, actor.personId, () => {});
    },
  };

  async function eraseWhole(actor: Actor, id: string, check: (person: Person) => void): Promise<void> {
    const { organizationId } = actor;
    const begun = await write(async (tx, note) => {
      const person = found('person', await tx.persons.get(organizationId, id));
      check(person);
      const ids = await idsOf(tx, person);
      const lockIds = await endAndForget(tx, note, actor, person);
      await tx.tokens.removeOfPerson(id);
      const contacts = await tx.contacts.list(organizationId, { personId: id }, EVERYTHING);
      return { person, lockIds, ids, addresses: [person.email, ...contacts.map(({ address }) => address)] };
    });
    const { person, lockIds, ids, addresses } = begun;
    keeper.kick(lockIds);
    // In small units, and before the person goes: what is cut short is done again by asking again.
    await scrubMentions(organizationId, ids);
    await scrubOwn(person, ids);
    const lateLockIds = await write(async (tx, note) => {
      // Whatever was granted or fetched while the facts were gone through.
      const lateLockIds = await endAndForget(tx, note, actor, person);
      const late = await tx.events.list(organizationId, { personId: id }, EVERYTHING);
      await scrub(
        tx,
        late.filter(({ detail }) => detail[ERASED] !== true),
        ids,
        true,
      );
      await removeRows(tx, person, addresses, ids);
      await note({
        organizationId,
        type: 'person.erased',
        personId: actor.personId,
        detail: { person_id: id },
      });
      return lateLockIds;
    });
    keeper.kick(lateLockIds);
    // What was asked of locks and told meanwhile may name what is gone.
    await scrubMentions(organizationId, ids);
    for (const address of addresses) await context.ports.notifier?.forget(checkAddress('address', address).address);
    await purge();
  }
}

/** Where the person is the visitor, and where the host. */
function visitsOf(tx: Transaction, { organizationId, id }: Person): Promise<readonly (readonly Visitor[])[]> {
  const visited = [{ personId: id }, { hostId: id }];
  return Promise.all(visited.map((filter) => tx.visitors.list(organizationId, filter, EVERYTHING)));
}

/** A detail without what names the person. */
function without(detail: Event['detail'], ids: readonly string[]): Event['detail'] {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => {
      const named = typeof value === 'string' && ids.some((id) => value.includes(id));
      return [name, named || (typeof value === 'string' && PERSONAL_DETAILS.includes(name)) ? ERASED : value];
    }),
  );
}
