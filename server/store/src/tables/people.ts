import type {
  Contact,
  NoticeMark,
  Passkey,
  PeopleTables,
  RecoveryCode,
  SessionUse,
  SignInPolicy,
  SignInStep,
  Totp,
  Verification,
} from '@cardea/server-core';
import type { Connection } from '../connection.ts';
import type { Envelope } from '../envelope.ts';
import { keyedTable } from '../keyed-table.ts';
import { nounTable, one } from '../noun-table.ts';
import { slot, sql, statement } from '../statement.ts';

interface SealedTotp extends Totp {
  readonly secret: Uint8Array;
}

interface SealedSecret {
  readonly name: string;
  readonly secret: Uint8Array;
}

/** How people are reached and prove who they are. TOTP secrets and the server's own are sealed. */
export function peopleTables(connection: Connection, envelope: Envelope): PeopleTables {
  const contacts = nounTable<Contact>(connection, 'person_contact', {
    id: 'text',
    organizationId: 'text',
    personId: 'text',
    channel: 'text',
    address: 'text',
    verifiedAt: 'integer',
    createdAt: 'integer',
  });
  const verifications = nounTable<Verification>(connection, 'verification', {
    id: 'text',
    organizationId: 'text',
    purpose: 'text',
    channel: 'text',
    address: 'text',
    personId: 'text',
    name: 'text',
    codeHash: 'octets',
    triesLeft: 'integer',
    createdAt: 'integer',
    expiresAt: 'integer',
  });
  const totps = keyedTable<SealedTotp>(connection, 'person_totp', 'personId', {
    personId: 'text',
    secret: 'octets',
    usedStep: 'integer',
    confirmedAt: 'integer',
    createdAt: 'integer',
  });
  const recoveryCodes = nounTable<RecoveryCode>(connection, 'recovery_code', {
    id: 'text',
    organizationId: 'text',
    personId: 'text',
    hash: 'text',
    usedAt: 'integer',
    createdAt: 'integer',
  });
  const passkeys = nounTable<Passkey>(connection, 'passkey', {
    id: 'text',
    organizationId: 'text',
    personId: 'text',
    name: 'text',
    credentialId: 'text',
    publicKey: 'octets',
    counter: 'integer',
    transports: 'json',
    lastUsedAt: 'integer',
    createdAt: 'integer',
  });
  const signInSteps = nounTable<SignInStep>(connection, 'sign_in_step', {
    id: 'text',
    organizationId: 'text',
    personId: 'text',
    purpose: 'text',
    hash: 'text',
    challenge: 'text',
    account: 'text',
    device: 'text',
    triesLeft: 'integer',
    expiresAt: 'integer',
    createdAt: 'integer',
  });
  const sessionUses = keyedTable<SessionUse>(connection, 'session_use', 'tokenId', {
    tokenId: 'text',
    device: 'text',
    address: 'text',
    factor: 'text',
    lastUsedAt: 'integer',
  });
  const noticeMarks = keyedTable<NoticeMark>(connection, 'notice_mark', 'personId', {
    personId: 'text',
    readUntil: 'integer',
  });
  const policies = keyedTable<SignInPolicy>(connection, 'sign_in_policy', 'organizationId', {
    organizationId: 'text',
    secondFactor: 'text',
    registration: 'text',
  });
  const secrets = keyedTable<SealedSecret>(connection, 'server_secret', 'name', { name: 'text', secret: 'octets' });
  const removeBelow = (table: string, column: string) =>
    statement(sql.deleteFrom(table).where(column, '<', slot('time')));
  const removeOldVerifications = removeBelow('verification', 'expires_at');
  const removeOldSteps = removeBelow('sign_in_step', 'expires_at');
  const removeOfAddress = statement(
    sql
      .deleteFrom('verification')
      .where('organization_id', '=', slot('organization_id'))
      .where('address', '=', slot('address')),
  );
  const asked = statement(
    sql
      .selectFrom('verification')
      .select('created_at')
      .where('organization_id', '=', slot('organization_id'))
      .where('address', '=', slot('address'))
      .where('created_at', '>=', slot('since'))
      .orderBy('created_at'),
  );

  return {
    contacts: {
      ...contacts,
      byAddress: async (organizationId, address) => (await contacts.list(organizationId, { address }, one))[0],
    },
    verifications: {
      ...verifications,
      byId: async (id) => (await verifications.anywhere({ id }))[0],
      async askedSince(organizationId, address, since) {
        const rows = await asked.all(connection, { organization_id: organizationId, address, since });
        return rows.map((row) => Number(row.created_at));
      },
      async removeOfAddress(organizationId, address) {
        await removeOfAddress.run(connection, { organization_id: organizationId, address });
      },
      async removeExpired(time) {
        await removeOldVerifications.run(connection, { time });
      },
    },
    totps: {
      async get(personId) {
        const row = await totps.get(personId);
        if (row === undefined) return undefined;
        const { secret: _, ...totp } = row;
        return totp;
      },
      async secret(personId) {
        const row = await totps.get(personId);
        return row && envelope.open(row.secret, `person_totp.secret/${personId}`);
      },
      insert: (totp, secret) =>
        totps.set({ ...totp, secret: envelope.seal(secret, `person_totp.secret/${totp.personId}`) }),
      async update(personId, change) {
        const row = await totps.get(personId);
        if (row !== undefined) await totps.set({ ...row, ...change });
      },
      remove: totps.remove,
    },
    recoveryCodes,
    passkeys: {
      ...passkeys,
      byCredential: async (credentialId) => (await passkeys.anywhere({ credentialId }))[0],
    },
    signInSteps: {
      ...signInSteps,
      byHash: async (hash) => (await signInSteps.anywhere({ hash }))[0],
      async removeExpired(time) {
        await removeOldSteps.run(connection, { time });
      },
    },
    sessionUses: { get: sessionUses.get, set: sessionUses.set },
    noticeMarks: { get: noticeMarks.get, set: noticeMarks.set },
    policies: { get: policies.get, set: policies.set },
    secrets: {
      async get(name) {
        const row = await secrets.get(name);
        return row && envelope.open(row.secret, `server_secret.secret/${name}`);
      },
      set: (name, secret) => secrets.set({ name, secret: envelope.seal(secret, `server_secret.secret/${name}`) }),
    },
  };
}
