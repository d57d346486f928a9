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
  const verifiers = keyedTable<ScramVerifier & { gatewayId: string }>(connection, 'gateway_verifier', 'gatewayId', {
    gatewayId: 'text',
    salt: 'octets',
    iterations: 'integer',
    storedKey: 'octets',
    serverKey: 'octets',
  });
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
      setVerifier: (gatewayId, verifier) => verifiers.set({ ...verifier, gatewayId }),
      async verifier(gatewayId) {
        const found = await verifiers.get(gatewayId);
        if (found === undefined) return undefined;
        const { salt, iterations, storedKey, serverKey } = found;
        return { salt, iterations, storedKey, serverKey };
      },
    },
  };
}
