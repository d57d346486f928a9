import type { Actor, Core } from '@cardea/server-core';
import type { FakeWorld } from './world.ts';

const HASH = new Uint8Array(32);

/** A log of three leaves, with a head after each. */
export function fakeAudit({ now, events }: FakeWorld): Pick<Core, 'audit'> {
  const headOf = ({ organizationId }: Actor, size: number) => ({
    organizationId,
    id: `head_${size}`,
    size,
    time: now(),
    note: 'a note',
    root: HASH,
    witnessed: [],
  });
  return {
    audit: {
      key: async ({ organizationId }) => ({
        origin: `cardea/audit/${organizationId}`,
        publicKey: new Uint8Array(65).fill(4),
        verifierKey: 'name+00000000+key',
      }),
      head: async (actor) => headOf(actor, 3),
      heads: async (actor, { after, limit }) =>
        [1, 2, 3]
          .filter((size) => after === undefined || size > Number(after.slice(5)))
          .slice(0, limit)
          .map((size) => headOf(actor, size)),
      leaves: async (_, { from, limit }) =>
        [0, 1, 2].slice(from, from + limit).map((number) => ({ number, hash: HASH, leaf: '{}' })),
      async inclusion(actor, eventId) {
        const { note, size } = headOf(actor, 3);
        const { organizationId } = events.get(actor, eventId);
        const proof = { number: 0, size, leaf: '{}', hash: HASH, proof: [HASH], note };
        return { organizationId, eventId, origin: `cardea/audit/${organizationId}`, ...proof, opening: null };
      },
      consistency: async (_, { from, to }) => ({ from, to, fromRoot: HASH, toRoot: HASH, proof: [HASH] }),
      async export({ organizationId }) {
        return (async function* () {
          yield `{"of":"${organizationId}"}`;
          yield '{"n":0}';
        })();
      },
    },
  };
}
