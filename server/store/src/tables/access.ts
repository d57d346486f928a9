import type {
  GrantMethod,
  KeyLease,
  LockAccess,
  LockDenial,
  LockItem,
  LockSeries,
  OfflinePinGiven,
  Phone,
  PlaceNumber,
  PropertyAccess,
  Transaction,
} from '@cardea/server-core';
import type { Connection } from '../connection.ts';
import type { Envelope } from '../envelope.ts';
import { keyedTable } from '../keyed-table.ts';
import { nounTable } from '../noun-table.ts';
import { slot, sql, statement } from '../statement.ts';

const life = {
  state: 'text',
  reason: 'text',
  tries: 'integer',
  nextTryAt: 'integer',
  acknowledgedAt: 'integer',
} as const;

/** The two tables whose rows have a turn. */
const WITH_TURNS = ['grant_method', 'lock_item'] as const;

/** What is, and what should be, at the locks: methods of grants, orders, keys, PINs. */
export function accessTables(connection: Connection, envelope: Envelope): Pick<Transaction, 'access'> {
  const noun = { id: 'text', organizationId: 'text' } as const;
  const scalars = keyedTable<{ readonly propertyId: string; readonly scalar: Uint8Array }>(
    connection,
    'property_grant_key',
    'propertyId',
    { propertyId: 'text', scalar: 'octets' },
  );
  const methods = nounTable<GrantMethod>(connection, 'grant_method', {
    ...noun,
    ...life,
    grantId: 'text',
    personId: 'text',
    lockId: 'text',
    method: 'text',
    scheduleId: 'text',
    series: 'integer',
    generation: 'integer',
    slot: 'integer',
    verifier: 'octets',
    pinEndAt: 'integer',
    orderNo: 'integer',
    createdAt: 'integer',
  });
  // Without a range or an order, for which the engine would plan the query anew at every call.
  const methodsAt = statement(
    sql
      .selectFrom('grant_method')
      .selectAll()
      .where('organization_id', '=', slot('organization_id'))
      .where('grant_id', '=', slot('grant_id'))
      .where('lock_id', '=', slot('lock_id')),
  );
  const place = (propertyId: string): string => `property_grant_key.scalar/${propertyId}`;
  const limit = slot('limit') as number;
  const due = WITH_TURNS.map((name) =>
    statement(
      sql
        .selectFrom(name)
        .select(['organization_id', 'lock_id', 'next_try_at'])
        .where('next_try_at', '<=', slot('time'))
        .orderBy('next_try_at')
        .limit(limit),
    ),
  );
  const next = WITH_TURNS.map((name) =>
    statement(
      sql
        .selectFrom(name)
        .select('next_try_at')
        .where('next_try_at', 'is not', null)
        .orderBy('next_try_at')
        .limit(limit),
    ),
  );
  return {
    access: {
      methods: {
        ...methods,
        async at(organizationId, grantId, lockId) {
          const values = { organization_id: organizationId, grant_id: grantId, lock_id: lockId };
          return (await methodsAt.all(connection, values)).map(methods.codec.decode);
        },
      },
      items: nounTable<LockItem>(connection, 'lock_item', {
        ...noun,
        ...life,
        lockId: 'text',
        kind: 'text',
        scheduleId: 'text',
        number: 'integer',
        revision: 'integer',
      }),
      locks: nounTable<LockAccess>(connection, 'lock_access', {
        ...noun,
        propertyId: 'text',
        orderIssued: 'integer',
        orderAcknowledged: 'integer',
        haltedAt: 'integer',
      }),
      series: nounTable<LockSeries>(connection, 'lock_series', {
        ...noun,
        lockId: 'text',
        series: 'integer',
        generation: 'integer',
        acknowledged: 'integer',
        acknowledgedAt: 'integer',
        orderNo: 'integer',
      }),
      denials: nounTable<LockDenial>(connection, 'lock_denial', {
        ...noun,
        lockId: 'text',
        keyId: 'octets',
        series: 'integer',
        leaseEndAt: 'integer',
        orderNo: 'integer',
        acknowledgedAt: 'integer',
      }),
      phones: nounTable<Phone>(connection, 'phone', {
        ...noun,
        personId: 'text',
        kind: 'text',
        publicKey: 'octets',
        name: 'text',
        state: 'text',
        lostAt: 'integer',
        signsIn: 'flag',
        createdAt: 'integer',
      }),
      leases: nounTable<KeyLease>(connection, 'key_lease', {
        ...noun,
        personId: 'text',
        grantId: 'text',
        phoneId: 'text',
        lockId: 'text',
        propertyId: 'text',
        keyId: 'octets',
        keyPrefix: 'integer',
        series: 'integer',
        generation: 'integer',
        noClock: 'flag',
        issuedAt: 'integer',
        leaseEndAt: 'integer',
        state: 'text',
        revokedAt: 'integer',
      }),
      pins: nounTable<OfflinePinGiven>(connection, 'offline_pin', {
        ...noun,
        grantId: 'text',
        personId: 'text',
        lockId: 'text',
        kind: 'integer',
        startAt: 'integer',
        endAt: 'integer',
        generation: 'integer',
        createdAt: 'integer',
        voidedAt: 'integer',
      }),
      properties: {
        ...nounTable<PropertyAccess>(connection, 'property_access', {
          ...noun,
          hotelId: 'octets',
          grantKey: 'octets',
          levelGeneration: 'integer',
        }),
        async scalar(propertyId) {
          const found = await scalars.get(propertyId);
          return found && envelope.open(found.scalar, place(propertyId));
        },
        setScalar: (propertyId, scalar) =>
          scalars.set({ propertyId, scalar: envelope.seal(scalar, place(propertyId)) }),
      },
      places: nounTable<PlaceNumber>(connection, 'place_number', { ...noun, propertyId: 'text', number: 'integer' }),
      async due(time, most) {
        const rows = [];
        for (const query of due) rows.push(...(await query.all(connection, { time, limit: most })));
        rows.sort((a, b) => Number(a.next_try_at) - Number(b.next_try_at));
        const first = new Map<string, { readonly organizationId: string; readonly lockId: string }>();
        for (const row of rows) {
          const lockId = String(row.lock_id);
          if (!first.has(lockId)) first.set(lockId, { organizationId: String(row.organization_id), lockId });
        }
        return [...first.values()].slice(0, most);
      },
      async nextDue() {
        let least: number | undefined;
        for (const query of next) {
          const [row] = await query.all(connection, { limit: 1 });
          if (row !== undefined) least = Math.min(least ?? Number.POSITIVE_INFINITY, Number(row.next_try_at));
        }
        return least;
      },
    },
  };
}
