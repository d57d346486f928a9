import { createHash, hkdfSync } from 'node:crypto';
import { nodeDh, nodePrimitives } from '@cardea/kit-node';
import { concat, fromAscii, fromHex } from '@cardea/kit-octets';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  assemble,
  DH_GROUPS,
  type DhAssembly,
  type DhGroup,
  type DhOutcome,
  type DhValue,
  decodePadata,
  dhGroupOf,
  dhSecretKey,
  encodePadata,
  fragmentsOf,
  publicValueFault,
  ScpmError,
} from '../src/index.ts';

const GROUPS: readonly DhGroup[] = Object.values(DH_GROUPS);
const run = (group: DhGroup) => ({ exchangeId: 7, group, keyIndex: 1, version: 9 });

test('the groups are those of the resolutions, and the smallest is of the profile standard alone', () => {
  for (const id of [1, 2]) {
    expect(dhGroupOf(id, 'hardened')?.id).toBe(id);
    expect(dhGroupOf(id, 'standard')?.id).toBe(id);
  }
  expect(dhGroupOf(3, 'standard')?.name).toBe('modp1536');
  expect(dhGroupOf(3, 'hardened')).toBeUndefined();
  for (const octet of [0, 4, 255]) expect(dhGroupOf(octet, 'standard')).toBeUndefined();
});

describe.each(GROUPS)('group $id, $name', (group) => {
  const { publicValue } = nodeDh.generate(group.name);
  const values = fragmentsOf(run(group), publicValue);

  test('a public value fits its requests and comes back from them', () => {
    expect(publicValueFault(group, publicValue)).toBeUndefined();
    expect(values).toHaveLength(group.fragments);
    let assembly: DhAssembly | undefined;
    for (const [at, value] of values.entries()) {
      const octets = encodePadata(value);
      expect(octets.length).toBeLessThanOrEqual(255);
      const came = decodePadata(octets) as DhValue;
      const next = assemble(assembly, group, came);
      expect(next.kind).toBe(at === values.length - 1 ? 'whole' : 'more');
      if (next.kind === 'more') assembly = next.assembly;
      if (next.kind === 'whole') expect(next).toEqual({ kind: 'whole', run: run(group), value: publicValue });
    }
  });

  test('a part of another size or total, or one that follows nothing, does not fit', () => {
    const [first] = values;
    if (first === undefined) throw new Error('no parts');
    const misfits: readonly DhValue[] = [
      { ...first, part: first.part.subarray(1) },
      { ...first, part: concat(first.part, Uint8Array.of(0)) },
      { ...first, total: group.fragments + 1 },
      { ...first, fragment: 1, total: 2 },
    ];
    for (const value of misfits) expect(assemble(undefined, group, value)).toEqual({ kind: 'misfit' });
  });

  test('a value of another length is not sent', () => {
    expect(() => fragmentsOf(run(group), publicValue.subarray(1))).toThrow(ScpmError);
  });

  test('11: values that are none of the group are named by their fault', () => {
    expect(publicValueFault(group, new Uint8Array(group.valueOctets))).toBe(
      group.name === 'p256' ? 'off_curve' : 'range',
    );
    expect(publicValueFault(group, publicValue.subarray(1))).toBe(group.name === 'p256' ? 'off_curve' : 'size');
  });
});

describe('two parts', () => {
  const group = DH_GROUPS[1];
  const { publicValue } = nodeDh.generate(group.name);
  const [first, second] = fragmentsOf(run(group), publicValue) as [DhValue, DhValue];
  const begun = assemble(undefined, group, first);
  if (begun.kind !== 'more') throw new Error('one part is not the whole');

  test('of two runs make no value', () => {
    for (const change of [{ exchangeId: 8 }, { keyIndex: 3 }, { version: 10 }]) {
      expect(assemble(begun.assembly, group, { ...second, ...change })).toEqual({ kind: 'misfit' });
    }
  });

  test('a first part begins anew, so that a run that was given up holds up no other', () => {
    const other = assemble(begun.assembly, group, { ...first, exchangeId: 8 });
    expect(other.kind).toBe('more');
    if (other.kind !== 'more') return;
    expect(assemble(other.assembly, group, second)).toEqual({ kind: 'misfit' });
    expect(assemble(other.assembly, group, { ...second, exchangeId: 8 }).kind).toBe('whole');
  });

  test('in whatever order parts come, a whole is the first followed by the second of one run', () => {
    const parts = [first, second, { ...first, exchangeId: 8 }, { ...second, exchangeId: 8 }];
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 }), (order) => {
        let assembly: DhAssembly | undefined;
        for (const [at, index] of order.entries()) {
          const next = assemble(assembly, group, parts[index]!);
          const expected = index % 2 === 0 ? 'more' : lastFirst(order.slice(0, at)) === index - 1 ? 'whole' : 'misfit';
          expect(next.kind).toBe(expected);
          if (next.kind === 'misfit') continue;
          assembly = next.kind === 'more' ? next.assembly : undefined;
        }
      }),
    );
    /** The first part that is held: the last that came, unless a whole has been made of it. */
    function lastFirst(before: readonly number[]): number | undefined {
      let held: number | undefined;
      for (const index of before) {
        if (index % 2 === 0) held = index;
        else if (held === index - 1) held = undefined;
      }
      return held;
    }
  });
});

describe('the key of a run', () => {
  const outcomeOf = (group: DhGroup): DhOutcome => ({
    ...run(group),
    preMasterKey: new Uint8Array(16).fill(0x50),
    secret: new Uint8Array(group.secretOctets).fill(0x5a),
    ksn: fromHex('02000000000a'),
    device: fromHex('02000000000b'),
    ksnValue: new Uint8Array(group.valueOctets).fill(1),
    deviceValue: new Uint8Array(group.valueOctets).fill(2),
  });
  const keyOf = (outcome: DhOutcome) => dhSecretKey(nodePrimitives, 'hardened', outcome);

  test.each([DH_GROUPS[1], DH_GROUPS[2]])('hardened, group $id: HKDF over everything that was agreed on', (group) => {
    const outcome = outcomeOf(group);
    const hash = createHash('sha256').update(outcome.ksnValue).update(outcome.deviceValue).digest();
    const info = concat(
      fromAscii('SCPM DH', 'info'),
      fromHex(`00000007${group.id.toString(16).padStart(2, '0')}0100000009`),
      outcome.ksn,
      outcome.device,
      hash,
    );
    const key = new Uint8Array(hkdfSync('sha256', outcome.secret, outcome.preMasterKey, info, 16));
    expect(keyOf(outcome)).toEqual(key);
  });

  test('hardened: another key whenever one thing differs, or the ends change places', () => {
    const outcome = outcomeOf(DH_GROUPS[2]);
    const other: readonly Partial<DhOutcome>[] = [
      { exchangeId: 8 },
      { keyIndex: 3 },
      { version: 10 },
      { preMasterKey: new Uint8Array(16) },
      { secret: new Uint8Array(32) },
      { ksn: outcome.device, device: outcome.ksn },
      { ksnValue: outcome.deviceValue, deviceValue: outcome.ksnValue },
    ];
    const keys = [outcome, ...other.map((change) => ({ ...outcome, ...change }))].map((one) => keyOf(one).join());
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('standard: the first half of SHA-256(Z), whoever agreed', () => {
    for (const group of GROUPS) {
      const outcome = outcomeOf(group);
      const half = createHash('sha256').update(outcome.secret).digest().subarray(0, 16);
      const key = dhSecretKey(nodePrimitives, 'standard', { ...outcome, exchangeId: 99 });
      expect(key).toEqual(new Uint8Array(half));
    }
  });

  test('a secret, key, address or value of another length is refused by its name', () => {
    const outcome = outcomeOf(DH_GROUPS[1]);
    const wrong: readonly [keyof DhOutcome, string][] = [
      ['secret', 'secret'],
      ['preMasterKey', 'preMasterKey'],
      ['ksn', 'sa'],
      ['ksnValue', 'ksnValue'],
      ['deviceValue', 'deviceValue'],
    ];
    for (const [member, field] of wrong) {
      const octets = outcome[member] as Uint8Array;
      expect(() => keyOf({ ...outcome, [member]: octets.subarray(1) })).toThrow(
        expect.objectContaining({ name: 'ScpmError', code: 'length', field }),
      );
    }
  });
});

test.each([DH_GROUPS[1], DH_GROUPS[2]])('two ends that exchange requests have one key (group $id)', (group) => {
  const [ksn, device] = [nodeDh.generate(group.name), nodeDh.generate(group.name)];
  const shared = {
    ...run(group),
    preMasterKey: new Uint8Array(16).fill(3),
    ksn: fromHex('02000000000a'),
    device: fromHex('02000000000b'),
    ksnValue: ksn.publicValue,
    deviceValue: device.publicValue,
  };
  const atKsn = nodeDh.agree(ksn.privateKey, device.publicValue);
  const atDevice = nodeDh.agree(device.privateKey, ksn.publicValue);
  if (atKsn === undefined || atDevice === undefined) throw new Error('no agreement');
  expect(dhSecretKey(nodePrimitives, 'hardened', { ...shared, secret: atKsn })).toEqual(
    dhSecretKey(nodePrimitives, 'hardened', { ...shared, secret: atDevice }),
  );
});
