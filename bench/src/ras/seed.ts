import { pbkdf2Sync } from 'node:crypto';
import { nodePrimitives } from '@cardea/kit-node';
import type { Store } from '@cardea/server-core';
import { cardeaProfile } from '@cardea/wire-lock';
import { scramVerifier } from '@cardea/wire-xmpp';
import { type FleetGateway, type FleetSize, GATEWAY_PASSWORD, KEY_VERSION } from '../fleet/plan.ts';

const ITERATIONS = 4096;
const AT_ONCE = 100;
const AT_REST = {
  bolt: 'locked',
  door: 'closed',
  batteryPercent: 90,
  tamper: false,
  privacy: false,
  clock: 'valid',
} as const;

/** Puts a fleet into the record of a founded server, as if each had been enrolled and bound long ago. */
export async function seedFleet(
  store: Store,
  plan: readonly FleetGateway[],
  nowMs: number,
  { proved = false }: Pick<FleetSize, 'proved'> = {},
): Promise<void> {
  const [organization] = await store.read((tx) => tx.organizations.list());
  if (organization === undefined) throw new Error('the record has no organization');
  const common = { organizationId: organization.id, createdAt: nowMs };
  const salt = new Uint8Array(16).fill(7);
  const salted = pbkdf2Sync(GATEWAY_PASSWORD.reveal(), salt, ITERATIONS, 32, 'sha256');
  const verifier = scramVerifier(nodePrimitives, salted, salt, ITERATIONS);
  for (let at = 0; at < plan.length; at += AT_ONCE) {
    await store.unit(async (tx) => {
      for (const { id, propertyId, locks } of plan.slice(at, at + AT_ONCE)) {
        const times = { checkInTime: '15:00', checkOutTime: '11:00', offlineLeaseS: null, visitors: 'on' } as const;
        const place = { timeZone: 'Europe/Berlin', region: 'eu', geofence: null, ...times };
        await tx.properties.insert({ ...common, ...place, id: propertyId, name: propertyId });
        await tx.gateways.insert({ ...common, id, propertyId, name: id, state: 'enrolled', lastSeenAt: null });
        await tx.gateways.setVerifier(id, verifier);
        for (const lock of locks) {
          const { maker } = cardeaProfile;
          const { id: lockId, identifier } = lock;
          await tx.locks.insert({
            ...common,
            id: lockId,
            identifier,
            maker,
            model: 'bench',
            bluetooth: '5.0',
            state: 'bound',
          });
          await tx.locks.setFactoryKey(lockId, lock.key);
          const record = { keyVersion: KEY_VERSION, resetCount: 0, active: lock.key, pending: undefined };
          await tx.locks.setBinding(lockId, record);
          if (proved) {
            const clockOf = { clockOffsetS: 0, clockErrorS: 0 };
            await tx.locks.setReport({ ...clockOf, lockId, attributes: AT_REST, provedAt: nowMs });
          }
          await tx.doors.insert({
            ...common,
            id: lock.doorId,
            propertyId,
            floorId: null,
            name: identifier,
            lockId,
            kind: 'guest',
            position: null,
          });
        }
      }
    });
  }
}
