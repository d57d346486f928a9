import type { Gateway, ScramVerifier, Transaction } from '@cardea/server-core';
import type { Connection } from '../connection.ts';
import { keyedTable } from '../keyed-table.ts';
import { nounTable } from '../noun-table.ts';

interface Enrolment {
  readonly gatewayId: string;
  readonly tokenHash: string;
  readonly expiresAt: number;
}

/** Gateways with their one-time tokens and the verifiers of their accounts. */
export function gatewayTables(connection: Connection): Pick<Transaction, 'gateways'> {
  const gateways = nounTable<Gateway>(connection, 'gateway', {
    id: 'text',
    organizationId: 'text',
    propertyId: 'text',
    name: 'text',
    state: 'text',
    lastSeenAt: 'integer',
    createdAt: 'integer',
  });
  const enrolments = keyedTable<Enrolment>(connection, 'gateway_enrolment', 'gatewayId', {
    gatewayId: 'text',
    tokenHash: 'text',
    expiresAt: 'integer',
  });
  const verifiersOf = (name: 'gateway_verifier' | 'gateway_legacy_verifier') =>
    keyedTable<ScramVerifier & { gatewayId: string }>(connection, name, 'gatewayId', {
      gatewayId: 'text',
      salt: 'octets',
      iterations: 'integer',
      storedKey: 'octets',
      serverKey: 'octets',
    });
  const verifiers = { sha256: verifiersOf('gateway_verifier'), sha1: verifiersOf('gateway_legacy_verifier') };
  const byId = async (id: string): Promise<Gateway | undefined> => (await gateways.anywhere({ id }))[0];
  return {
    gateways: {
      ...gateways,
      byId,
      async takeEnrolment(tokenHash, now) {
        const found = await enrolments.find('tokenHash', tokenHash);
        if (found === undefined) return undefined;
        await enrolments.remove(found.gatewayId);
        return found.expiresAt > now ? byId(found.gatewayId) : undefined;
      },
      setEnrolment: (gatewayId, tokenHash, expiresAt) => enrolments.set({ gatewayId, tokenHash, expiresAt }),
      removeEnrolments: () => enrolments.removeAll(),
      setVerifier: (gatewayId, verifier, hash = 'sha256') => verifiers[hash].set({ ...verifier, gatewayId }),
      async verifier(gatewayId, hash = 'sha256') {
        const found = await verifiers[hash].get(gatewayId);
        if (found === undefined) return undefined;
        const { salt, iterations, storedKey, serverKey } = found;
        return { salt, iterations, storedKey, serverKey };
      },
    },
  };
}
