import { Secret } from '@cardea/kit-runtime';
import { type Actor, type Core, CoreError, type MethodView } from '@cardea/server-core';
import type { FakeWorld } from './world.ts';

const HOUR_MS = 3_600_000;

/** Phones in a map, each with one key; one method and one PIN of every grant. */
export function fakeKeys({
  id,
  now,
  phones,
  grants,
  doors,
}: FakeWorld): Pick<Core, 'methods' | 'phones' | 'receipts' | 'pins'> {
  const viewOf = (actor: Actor, key: string, grantId = grants.get(actor, key).id): MethodView => ({
    method: {
      id: 'mth_1',
      organizationId: actor.organizationId,
      grantId,
      personId: actor.personId,
      lockId: 'lock_1',
      method: 'pin',
      scheduleId: null,
      series: 1,
      generation: 0,
      slot: 7,
      verifier: new Uint8Array(32).fill(0xee),
      pinEndAt: null,
      orderNo: null,
      createdAt: now(),
      state: 'setting',
      reason: null,
      tries: 0,
      nextTryAt: now(),
      acknowledgedAt: null,
    },
    doorId: 'door_1',
    leaseEndAt: null,
    ending: { at: now() + HOUR_MS, why: 'lease' },
  });
  const given = (actor: Actor, key: string) => ({
    id: 'pin_1',
    organizationId: actor.organizationId,
    grantId: grants.get(actor, key).id,
    personId: actor.personId,
    lockId: 'lock_1',
    kind: 0,
    startAt: now(),
    endAt: now() + 3 * HOUR_MS,
    generation: 2,
    createdAt: now(),
    voidedAt: null,
  });
  return {
    methods: { ofGrant: async (actor, grantId) => [viewOf(actor, grantId)] },
    phones: {
      challenge: async () => ({ challenge: new Uint8Array(32).fill(1), expiresAt: now() + HOUR_MS }),
      async enrol(actor, { challenge: _, signature: __, personId = actor.personId, ...input }) {
        return phones.add({
          ...input,
          id: id('phone'),
          organizationId: actor.organizationId,
          personId,
          state: 'active',
          lostAt: null,
          signsIn: false,
          createdAt: now(),
        });
      },
      list: async (actor, { personId }, page) =>
        phones.list(actor, page, (row) => personId === undefined || row.personId === personId),
      get: async (actor, key) => phones.get(actor, key),
      async lost(actor, key) {
        const phone = { ...phones.get(actor, key), state: 'lost' as const, lostAt: now() };
        const ending = { at: null, why: 'no_clock' } as const;
        return { phone, doors: [{ doorId: 'door_1', lockId: 'lock_1', grantId: 'grant_1', ending }] };
      },
      async keys(actor, key) {
        return {
          phoneId: phones.get(actor, key).id,
          issuedAt: now(),
          keys: [
            {
              grantId: 'grant_1',
              doorId: 'door_1',
              doorName: '101',
              lockId: 'lock_1',
              identifier: 'C0FFEE000001',
              keyId: new Uint8Array(16).fill(2),
              sealed: new Uint8Array(133).fill(3),
              level: 'lock',
              presentationKey: new Secret(new Uint8Array(32).fill(4)),
              advertisementKey: new Secret(new Uint8Array(16).fill(5)),
              operations: ['unlock', 'lock'],
              issuedAt: now(),
              notBefore: now(),
              notAfter: null,
              leaseEndAt: now() + HOUR_MS,
              scheduleId: null,
              uses: null,
              noClock: false,
              ready: true,
              cannotOpenAfter: now() + HOUR_MS,
              order: Uint8Array.of(0x24, 9),
            },
          ],
          without: [{ grantId: 'grant_2', doorId: 'door_1', reason: 'offline_off' }],
        };
      },
    },
    receipts: { hand: async (_, records) => records.map((__, n) => (n === 0 ? 'recorded' : 'known')) },
    pins: {
      async makeOnline(actor, grantId, chosen) {
        if (chosen?.reveal() === '777777') throw new CoreError('conflict', 'choose another PIN', { field: 'pin' });
        return { pin: chosen ?? new Secret('493817'), methods: [viewOf(actor, grantId)] };
      },
      makeOffline: async (actor, grantId) => [
        { given: given(actor, grantId), doorId: 'door_1', pin: new Secret('0421234567') },
      ],
      list: async (actor, grantId) => ({ online: [viewOf(actor, grantId)], offline: [given(actor, grantId)] }),
      remove: async (actor, grantId) => [viewOf(actor, grantId)],
      reopenKeypad: async (actor, key) => ({
        id: 'lock_1/keypad',
        organizationId: actor.organizationId,
        lockId: doors.get(actor, key).lockId ?? '',
        kind: 'keypad',
        scheduleId: null,
        number: 0,
        revision: 1,
        state: 'setting',
        reason: null,
        tries: 0,
        nextTryAt: now(),
        acknowledgedAt: null,
      }),
    },
  };
}
