import fc from 'fast-check';
import type { Adata, Answer, Padata, SnfStanding, Status } from '../src/index.ts';
import { OPERATION, type Operation, STATUS } from '../src/index.ts';

const octets = (least: number, most = least): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: least, maxLength: most });
const uint = (sizeOctets: number): fc.Arbitrary<number> => fc.integer({ min: 0, max: 2 ** (8 * sizeOctets) - 1 });
const providerIndex = fc.integer({ min: 3, max: 15 });
const masterIndex = fc.oneof(fc.constant(1), providerIndex);
const algorithms = fc.array(uint(1), { minLength: 1, maxLength: 16 });
const keyOf = (keyIndex: fc.Arbitrary<number>) => ({
  keyIndex,
  version: uint(4),
  algorithm: uint(1),
  key: fc.constantFrom(16, 24, 32).chain((size) => octets(size)),
});
const place = (most: number) =>
  fc
    .integer({ min: 1, max: most })
    .chain((total) => fc.record({ fragment: fc.integer({ min: 0, max: total - 1 }), total: fc.constant(total) }));
const kind = <const K extends Operation>(name: K) => ({ kind: fc.constant(name) });

/** Any request of each operation. */
export const anyPadata: { readonly [K in Operation]: fc.Arbitrary<Extract<Padata, { kind: K }>> } = {
  'snf-inquiry': fc.record({ ...kind('snf-inquiry'), nonce: octets(16) }),
  'user-key': fc.record({ ...kind('user-key'), ...keyOf(fc.constant(1)), heard: algorithms }),
  'provider-key': fc.record({ ...kind('provider-key'), ...keyOf(providerIndex) }),
  'forget-key': fc.record({ ...kind('forget-key'), keyIndex: providerIndex }),
  'dh-value': fc
    .record({
      ...kind('dh-value'),
      exchangeId: uint(4),
      group: uint(1),
      keyIndex: fc.oneof(fc.constant(0), masterIndex),
      version: uint(4),
      place: place(2),
      part: octets(1, 242),
    })
    .map(({ place, ...rest }) => ({ ...rest, ...place })),
  'new-master-key': fc.record({ ...kind('new-master-key'), ...keyOf(masterIndex) }),
  commit: fc.record({ ...kind('commit'), keyIndex: masterIndex, version: uint(4) }),
  abort: fc.record({ ...kind('abort'), keyIndex: masterIndex, version: uint(4) }),
  'update-request': fc.record({ ...kind('update-request'), keyIndex: masterIndex }),
  'lock-message': fc
    .record({ ...kind('lock-message'), message: uint(2), place: place(5), part: octets(1, 240) })
    .map(({ place, ...rest }) => ({ ...rest, ...place })),
};

export const anyAdata: fc.Arbitrary<Adata> = fc.oneof(
  fc.record({ kind: fc.constant('algorithm-inquiry' as const), keyIndex: fc.integer({ min: 0, max: 15 }) }),
  fc.record({ kind: fc.constant('algorithms' as const), algorithms }),
);

/** What an inquiry hears. */
export const STANDING: SnfStanding = { nonce: new Uint8Array(16).fill(0x5a), next: 0x0102 };

/** Every answer that there is, of the inquiry's one. */
export const answers: readonly Answer[] = (Object.keys(OPERATION) as Operation[]).flatMap((to) =>
  (Object.keys(STATUS) as Status[])
    .filter((status) => to !== 'update-request' || ['ok', 'busy', 'denied'].includes(status))
    .map((status) => ({ to, status, ...(to === 'snf-inquiry' && status === 'ok' ? { standing: STANDING } : {}) })),
);
