import { seededDh, seededRandom } from '@cardea/kit-node';
import { equal, fromHex } from '@cardea/kit-octets';
import {
  assemble,
  DH_GROUPS,
  type DhGroup,
  decodeAdata,
  decodeAnswer,
  decodePadata,
  dhGroupOf,
  encodeAdata,
  encodeAnswer,
  encodePadata,
  fragmentsOf,
  OPERATION,
  type Operation,
  publicValueFault,
  ScpmError,
} from '@cardea/wire-scpm';
import { foreseen, must, type Target } from '../target.ts';

/** PADATA of requests and answers, ADATA, and public values in parts, as a peer under a right key may send them. */
export async function scpmPadataTarget(): Promise<Target> {
  const dh = seededDh(seededRandom('fuzzing'));
  const values = Object.values(DH_GROUPS).map((group: DhGroup) => ({
    group,
    value: dh.generate(group.name).publicValue,
  }));
  const parts = values.flatMap(({ group, value }) =>
    fragmentsOf({ exchangeId: 1, group, keyIndex: 1, version: 2 }, value),
  );
  const key = '10'.concat('aa'.repeat(16));
  return {
    name: 'scpm-padata',
    covers: ['wire/scpm/src/padata/', 'wire/scpm/src/dh/fragments.ts', 'wire/scpm/src/dh/public-value.ts'],
    seeds: [
      ...parts.map(encodePadata),
      ...(Object.keys(OPERATION) as Operation[])
        .filter((to) => to !== 'snf-inquiry')
        .map((to) => encodeAnswer({ to, status: 'ok' })),
      encodeAnswer({ to: 'snf-inquiry', status: 'ok', standing: { nonce: new Uint8Array(16).fill(0x11), next: 258 } }),
      ...[
        `02${'11'.repeat(16)}`,
        `100100000007 01${key}020102`,
        `110f00000100 02${key}`,
        `220300000008 01${key}`,
        '120f',
        '2401ffffffff',
        '250100000000',
        '2604',
        '3012340405c0ffee',
        '0100',
        '81020102',
      ].map((hex) => fromHex(hex.replaceAll(' ', ''))),
    ],
    maxOctets: 255,
    run(input) {
      const answer = foreseen(ScpmError, () => decodeAnswer(input));
      if (answer !== undefined) must(equal(encodeAnswer(answer), input), 'an answer comes back');
      const adata = foreseen(ScpmError, () => decodeAdata(input));
      if (adata !== undefined) must(equal(encodeAdata(adata), input), 'ADATA comes back');
      const padata = foreseen(ScpmError, () => decodePadata(input));
      if (padata === undefined) return;
      must(equal(encodePadata(padata), input), 'PADATA comes back');
      must(answer === undefined && (input[0] ?? 0) < 0x80, 'a request is no answer');
      const group = padata.kind === 'dh-value' ? dhGroupOf(padata.group, 'standard') : undefined;
      if (padata.kind !== 'dh-value' || group === undefined) return;
      const [first] = parts.filter((part) => part.group === group.id);
      const begun = padata.fragment === 0 || first === undefined ? undefined : assemble(undefined, group, first);
      const next = assemble(begun?.kind === 'more' ? begun.assembly : undefined, group, padata);
      if (next.kind !== 'whole') return;
      must(next.value.length === group.valueOctets, 'a whole value has the size of its group');
      publicValueFault(group, next.value);
    },
  };
}
