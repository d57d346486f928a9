import type { Alert, Event, Person } from '../model.ts';
import type { PageRequest, Table, Transaction } from '../ports.ts';

/** Rows of one read: reads hold up writing, so each is short. */
const PAGE = 500;

/** What is held of a person beside the person: each kind with its rows, without secrets and what they are proved by. */
export type PersonData = Readonly<Record<string, readonly object[]>>;

/** Runs one short read. */
export type Read = <T>(work: (tx: Transaction) => Promise<T>) => Promise<T>;

/** Everything of a listing, a page a read. */
export async function everyRow<T extends { readonly id: string }>(
  read: Read,
  list: (tx: Transaction, page: PageRequest) => Promise<readonly T[]>,
): Promise<readonly T[]> {
  const rows: T[] = [];
  for (let after: string | undefined; ; ) {
    const from = after;
    const page = await read((tx) => list(tx, { after: from, limit: PAGE }));
    rows.push(...page);
    after = page.at(-1)?.id;
    if (page.length < PAGE) return rows;
  }
}

/** Gathers everything that is held of a person: one line a noun, so that a new noun is one line more. */
export async function personData(read: Read, { organizationId, id: personId }: Person): Promise<PersonData> {
  const of = <T extends { readonly id: string; readonly organizationId: string; readonly personId: string }>(
    table: (tx: Transaction) => Table<T>,
  ): Promise<readonly T[]> =>
    everyRow(read, (tx, page) => table(tx).list(organizationId, { personId } as Partial<T>, page));

  const tokens = await read((tx) => tx.tokens.list(organizationId, personId));
  const uses = new Map(
    (await read((tx) => Promise.all(tokens.map(({ id }) => tx.sessionUses.get(id))))).map((use) => [use?.tokenId, use]),
  );
  const totp = await read((tx) => tx.totps.get(personId));
  const attempts = await everyRow(read, (tx, page) => tx.attempts.list(organizationId, { actorId: personId }, page));
  const claims = await read((tx) => Promise.all(attempts.map(({ id }) => tx.positionClaims.get(id))));
  return {
    contacts: await of((tx) => tx.contacts),
    authenticators: totp === undefined ? [] : [{ confirmedAt: totp.confirmedAt, createdAt: totp.createdAt }],
    passkeys: (await of((tx) => tx.passkeys)).map(({ publicKey: _, ...passkey }) => passkey),
    recoveryCodes: (await of((tx) => tx.recoveryCodes)).map(({ hash: _, ...code }) => code),
    tokens: tokens.map(({ hash: _, ...token }) => ({ ...token, use: uses.get(token.id) ?? null })),
    grants: await of((tx) => tx.grants),
    methods: (await of((tx) => tx.access.methods)).map(({ verifier: _, ...method }) => method),
    phones: await of((tx) => tx.access.phones),
    keys: await of((tx) => tx.access.leases),
    offlinePins: await of((tx) => tx.access.pins),
    stays: await of((tx) => tx.stays),
    visits: (await of((tx) => tx.visitors)).map(({ name: _, ...visit }) => visit),
    visitors: await everyRow(read, (tx, page) => tx.visitors.list(organizationId, { hostId: personId }, page)),
    positions: claims.filter((claim) => claim !== undefined),
    attempts,
    alerts: await everyRow<Alert>(read, (tx, page) => tx.alerts.list(organizationId, { personId }, page)),
    events: await everyRow<Event>(read, (tx, page) => tx.events.list(organizationId, { personId }, page)),
  };
}
