import type { AuditTables, Event, LeafSalt, StoredHead, Transaction, Witnessing } from '@cardea/server-core';
import { rowCodec } from '../columns.ts';
import type { Connection, Row } from '../connection.ts';
import type { Envelope } from '../envelope.ts';
import { slot, sql, statement } from '../statement.ts';
import { eventColumns } from './record.ts';

/** The name of the one signing key. */
const SIGNER = 'log';

/**
 * The audit log: its tree, what opens its commitments, its heads. Person keys and the signing key are sealed. `takenBack`
 * counts what the group commit took back.
 */
export function auditTables(
  connection: Connection,
  envelope: Envelope,
  takenBack: () => number,
): Pick<Transaction, 'audit'> {
  let added = 0;
  const limit = slot('limit') as number;
  const inserting = (table: string, names: readonly string[]) =>
    statement(sql.insertInto(table).values(Object.fromEntries(names.map((name) => [name, slot(name)]))));
  const ofLog = (table: string) => sql.selectFrom(table).where('organization_id', '=', slot('organization_id'));

  const salts = rowCodec<LeafSalt>({ eventId: 'text', organizationId: 'text', number: 'integer', salt: 'octets' });
  const heads = rowCodec<StoredHead>({ organizationId: 'text', size: 'integer', time: 'integer', note: 'text' });
  const events = rowCodec<Event>(eventColumns);
  const witnessed = rowCodec<Witnessing>({
    organizationId: 'text',
    size: 'integer',
    witness: 'text',
    witnessedAt: 'integer',
    receipt: 'text',
  });

  const newestLeaf = statement(ofLog('audit_leaf').select(['number', 'hash']).orderBy('number', 'desc').limit(limit));
  const insertLeaf = inserting('audit_leaf', ['organization_id', 'number', 'leaf', 'hash']);
  const leaves = statement(
    ofLog('audit_leaf')
      .select(['number', 'leaf', 'hash'])
      .where('number', '>=', slot('from'))
      .orderBy('number')
      .limit(limit),
  );
  const leafHashes = statement(
    ofLog('audit_leaf').select('hash').where('number', '>=', slot('from')).orderBy('number').limit(limit),
  );
  const insertNode = inserting('audit_node', ['organization_id', 'level', 'number', 'hash']);
  const nodeHashes = statement(
    ofLog('audit_node')
      .select('hash')
      .where('level', '=', slot('level'))
      .where('number', '>=', slot('from'))
      .orderBy('number')
      .limit(limit),
  );
  const insertSalt = inserting('audit_salt', salts.names);
  const salt = statement(ofLog('audit_salt').selectAll().where('event_id', '=', slot('event_id')));
  const eraseSalt = statement(
    sql
      .updateTable('audit_salt')
      .set({ salt: slot('salt') })
      .where('organization_id', '=', slot('organization_id'))
      .where('event_id', '=', slot('event_id')),
  );
  const personKey = statement(
    sql.selectFrom('audit_person_key').select('key').where('person_id', '=', slot('person_id')),
  );
  const setPersonKey = inserting('audit_person_key', ['person_id', 'key']);
  const erasePersonKey = statement(sql.deleteFrom('audit_person_key').where('person_id', '=', slot('person_id')));
  const event = statement(ofLog('event').selectAll().where('id', '=', slot('id')));
  const unlogged = statement(
    sql
      .selectFrom('event')
      .leftJoin('audit_salt', 'audit_salt.event_id', 'event.id')
      .selectAll('event')
      .where('event.organization_id', '=', slot('organization_id'))
      .where('audit_salt.event_id', 'is', null)
      .orderBy('event.id')
      .limit(limit),
  );
  const missing = statement(
    sql
      .selectFrom('audit_salt')
      .leftJoin('event', 'event.id', 'audit_salt.event_id')
      .selectAll('audit_salt')
      .where('audit_salt.organization_id', '=', slot('organization_id'))
      .where('audit_salt.salt', 'is not', null)
      .where('event.id', 'is', null)
      .limit(limit),
  );
  const insertHead = inserting('audit_head', heads.names);
  const newestHead = statement(
    ofLog('audit_head').selectAll().where('size', '<=', slot('size')).orderBy('size', 'desc').limit(limit),
  );
  const listHeads = statement(
    ofLog('audit_head').selectAll().where('size', '>', slot('after')).orderBy('size').limit(limit),
  );
  const listHeadsBefore = statement(
    ofLog('audit_head').selectAll().where('size', '<', slot('before')).orderBy('size', 'desc').limit(limit),
  );
  const signer = statement(sql.selectFrom('audit_signer').selectAll().where('name', '=', slot('name')));
  const setSigner = inserting('audit_signer', ['name', 'public_key', 'scalar', 'made_at']);
  const insertWitnessing = inserting('audit_witnessing', witnessed.names);
  const witnessings = statement(
    ofLog('audit_witnessing')
      .selectAll()
      .where('size', '>=', slot('from'))
      .orderBy('size')
      .orderBy('witness')
      .limit(limit),
  );
  const newestWitnessing = statement(
    ofLog('audit_witnessing').selectAll().where('witness', '=', slot('witness')).orderBy('size', 'desc').limit(limit),
  );

  const audit: AuditTables = {
    get version() {
      return added + takenBack();
    },
    async newestLeaf(organizationId) {
      const [row] = await newestLeaf.all(connection, { organization_id: organizationId, limit: 1 });
      return row && { number: Number(row.number), hash: octetsOf(row.hash) };
    },
    async insertLeaf(organizationId, { number, leaf, hash }) {
      added++;
      await insertLeaf.run(connection, { organization_id: organizationId, number, leaf, hash });
    },
    async leaves(organizationId, from, limit) {
      const rows = await leaves.all(connection, { organization_id: organizationId, from, limit });
      return rows.map((row) => ({ number: Number(row.number), leaf: String(row.leaf), hash: octetsOf(row.hash) }));
    },
    async leafHashes(organizationId, from, limit) {
      const rows = await leafHashes.all(connection, { organization_id: organizationId, from, limit });
      return rows.map((row) => octetsOf(row.hash));
    },
    async insertNode(organizationId, level, number, hash) {
      await insertNode.run(connection, { organization_id: organizationId, level, number, hash });
    },
    async nodeHashes(organizationId, level, from, limit) {
      const rows = await nodeHashes.all(connection, { organization_id: organizationId, level, from, limit });
      return rows.map((row) => octetsOf(row.hash));
    },
    async insertSalt(row) {
      await insertSalt.run(connection, salts.encode(row));
    },
    async salt(organizationId, eventId) {
      const [row] = await salt.all(connection, { organization_id: organizationId, event_id: eventId });
      return row && salts.decode(row);
    },
    async eraseSalt(organizationId, eventId) {
      await eraseSalt.run(connection, { salt: null, organization_id: organizationId, event_id: eventId });
    },
    async personKey(personId) {
      const [row] = await personKey.all(connection, { person_id: personId });
      return row && envelope.open(octetsOf(row.key), `audit_person_key.key/${personId}`);
    },
    async setPersonKey(personId, key) {
      const sealed = envelope.seal(key, `audit_person_key.key/${personId}`);
      await setPersonKey.run(connection, { person_id: personId, key: sealed });
    },
    async erasePersonKey(personId) {
      await erasePersonKey.run(connection, { person_id: personId });
    },
    async event(organizationId, id) {
      const [row] = await event.all(connection, { organization_id: organizationId, id });
      return row && events.decode(row);
    },
    async unlogged(organizationId, limit) {
      return (await unlogged.all(connection, { organization_id: organizationId, limit })).map(events.decode);
    },
    async missing(organizationId, limit) {
      return (await missing.all(connection, { organization_id: organizationId, limit })).map(salts.decode);
    },
    async insertHead(head) {
      await insertHead.run(connection, heads.encode(head));
    },
    async newestHead(organizationId, size = Number.MAX_SAFE_INTEGER) {
      const [row] = await newestHead.all(connection, { organization_id: organizationId, size, limit: 1 });
      return row && heads.decode(row);
    },
    async heads(organizationId, after, limit) {
      return (await listHeads.all(connection, { organization_id: organizationId, after, limit })).map(heads.decode);
    },
    async headsBefore(organizationId, before, limit) {
      const rows = await listHeadsBefore.all(connection, { organization_id: organizationId, before, limit });
      return rows.map(heads.decode);
    },
    async signer() {
      const [row] = await signer.all(connection, { name: SIGNER });
      if (row === undefined) return undefined;
      const scalar = envelope.open(octetsOf(row.scalar), `audit_signer.scalar/${SIGNER}`);
      return { publicKey: octetsOf(row.public_key), scalar, madeAt: Number(row.made_at) };
    },
    async setSigner({ publicKey, scalar, madeAt }) {
      const sealed = envelope.seal(scalar, `audit_signer.scalar/${SIGNER}`);
      await setSigner.run(connection, { name: SIGNER, public_key: publicKey, scalar: sealed, made_at: madeAt });
    },
    async insertWitnessing(row) {
      await insertWitnessing.run(connection, witnessed.encode(row));
    },
    async witnessings(organizationId, from, limit) {
      const rows = await witnessings.all(connection, { organization_id: organizationId, from, limit });
      return rows.map(witnessed.decode);
    },
    async newestWitnessing(organizationId, witness) {
      const [row] = await newestWitnessing.all(connection, { organization_id: organizationId, witness, limit: 1 });
      return row && witnessed.decode(row);
    },
  };
  return { audit };
}

function octetsOf(value: Row[string] | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('not octets');
  return new Uint8Array(value);
}
