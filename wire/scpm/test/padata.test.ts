import { equal, fromHex, toHex } from '@cardea/kit-octets';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Adata,
  decodeAdata,
  decodeAnswer,
  decodePadata,
  encodeAdata,
  encodeAnswer,
  encodePadata,
  OPERATION,
  type Operation,
  type Padata,
  ScpmError,
  STATUS,
} from '../src/index.ts';
import { answers, anyAdata, anyPadata, STANDING } from './padata-samples.ts';

/** What a codec answers: a value, or the ScpmError that it threw; any other error fails the test. */
function tried<T>(work: () => T): T | ScpmError {
  try {
    return work();
  } catch (error) {
    if (error instanceof ScpmError) return error;
    throw error;
  }
}

const refused = (work: () => unknown) => {
  const error = tried(work);
  if (!(error instanceof ScpmError)) throw new Error('was not refused');
  return [error.code, error.field];
};

const key = new Uint8Array(16).fill(0xaa);

describe('PADATA, by its layout', () => {
  const layouts: readonly [string, Padata][] = [
    [`02${'11'.repeat(16)}`, { kind: 'snf-inquiry', nonce: new Uint8Array(16).fill(0x11) }],
    [
      `10 01 00000007 01 10 ${'aa'.repeat(16)} 02 01 02`,
      { kind: 'user-key', keyIndex: 1, version: 7, algorithm: 1, key, heard: [1, 2] },
    ],
    [
      `11 0f 00000100 02 10 ${'aa'.repeat(16)}`,
      { kind: 'provider-key', keyIndex: 15, version: 256, algorithm: 2, key },
    ],
    [
      '20 01020304 02 01 00000008 01 02 deadbe',
      {
        kind: 'dh-value',
        exchangeId: 0x01020304,
        group: 2,
        keyIndex: 1,
        version: 8,
        fragment: 1,
        total: 2,
        part: fromHex('deadbe'),
      },
    ],
    [`22 03 00000008 01 10 ${'aa'.repeat(16)}`, { kind: 'new-master-key', keyIndex: 3, version: 8, algorithm: 1, key }],
    ['12 0f', { kind: 'forget-key', keyIndex: 15 }],
    ['24 01 ffffffff', { kind: 'commit', keyIndex: 1, version: 0xffff_ffff }],
    ['25 01 00000000', { kind: 'abort', keyIndex: 1, version: 0 }],
    ['26 04', { kind: 'update-request', keyIndex: 4 }],
    ['30 1234 04 05 c0ffee', { kind: 'lock-message', message: 0x1234, fragment: 4, total: 5, part: fromHex('c0ffee') }],
  ];
  test.each(layouts)('%s', (hex, padata) => {
    const octets = fromHex(hex.replaceAll(' ', ''));
    expect(toHex(encodePadata(padata))).toBe(toHex(octets));
    expect(decodePadata(octets)).toEqual(padata);
  });

  test('every operation has a layout here', () => {
    expect(new Set(layouts.map(([, { kind }]) => kind))).toEqual(new Set(Object.keys(OPERATION)));
  });
});

/** Operations that end with a part of any length: one octet more or less is another part. */
const OPEN_ENDED: readonly Operation[] = ['dh-value', 'lock-message'];

describe.each(Object.keys(OPERATION) as Operation[])('PADATA %s', (kind) => {
  test('any request comes back', () => {
    fc.assert(
      fc.property(anyPadata[kind] as fc.Arbitrary<Padata>, (padata) => {
        const octets = encodePadata(padata);
        expect(octets.length).toBeLessThanOrEqual(255);
        expect(decodePadata(octets)).toEqual(padata);
      }),
    );
  });

  test('every truncation and a trailing octet are refused', () => {
    fc.assert(
      fc.property(anyPadata[kind] as fc.Arbitrary<Padata>, (padata) => {
        const octets = encodePadata(padata);
        const open = 'part' in padata ? padata.part.length : 0;
        expect(open > 0).toBe(OPEN_ENDED.includes(kind));
        const fixed = octets.length - open;
        for (let size = 0; size < fixed + (open > 0 ? 1 : 0); size++) {
          expect(tried(() => decodePadata(octets.subarray(0, size)))).toBeInstanceOf(ScpmError);
        }
        const most = open > 0 ? fixed + (kind === 'dh-value' ? 242 : 240) : fixed;
        const longer = new Uint8Array(most + 1);
        longer.set(octets);
        expect(refused(() => decodePadata(longer))[0]).toBe('length');
      }),
      { numRuns: 30 },
    );
  });

  test('every single-bit flip is refused or is another request that encodes to these octets', () => {
    fc.assert(
      fc.property(anyPadata[kind] as fc.Arbitrary<Padata>, (padata) => {
        const octets = encodePadata(padata);
        for (let bit = 0; bit < 8 * Math.min(octets.length, 40); bit++) {
          const flipped = octets.slice();
          flipped[bit >> 3]! ^= 1 << (bit & 7);
          const result = tried(() => decodePadata(flipped));
          if (!(result instanceof ScpmError)) expect(equal(encodePadata(result), flipped)).toBe(true);
        }
      }),
      { numRuns: 10 },
    );
  });
});

test('any octets are a request that encodes to them, or an ScpmError', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(OPERATION)), fc.uint8Array({ maxLength: 255 }), (op, rest) => {
      const octets = Uint8Array.of(op, ...rest);
      const result = tried(() => decodePadata(octets));
      if (!(result instanceof ScpmError)) expect(equal(encodePadata(result), octets)).toBe(true);
    }),
  );
});

test('an operation that there is not is refused, and so is an answer read as a request', () => {
  const known: readonly number[] = Object.values(OPERATION);
  for (let op = 0; op < 256; op++) {
    if (known.includes(op)) continue;
    expect(refused(() => decodePadata(Uint8Array.of(op, 0)))).toEqual(['unsupported', 'op']);
  }
});

describe('ranges, refused by the reader and the writer alike', () => {
  const base = { version: 1, algorithm: 1, key };
  const dh = { kind: 'dh-value', exchangeId: 1, group: 2, keyIndex: 1, version: 1 } as const;
  const cases: readonly [string, string | undefined, Padata, readonly [string, string]][] = [
    [
      'a user key has index 1',
      `1003000000010110${'aa'.repeat(16)}0101`,
      { kind: 'user-key', ...base, keyIndex: 3, heard: [1] },
      ['range', 'keyIndex'],
    ],
    [
      'a list that was heard is not empty',
      `1001000000010110${'aa'.repeat(16)}00`,
      { kind: 'user-key', ...base, keyIndex: 1, heard: [] },
      ['range', 'n'],
    ],
    [
      'a list that was heard has at most 16',
      `1001000000010110${'aa'.repeat(16)}11${'01'.repeat(17)}`,
      { kind: 'user-key', ...base, keyIndex: 1, heard: new Array(17).fill(1) },
      ['range', 'n'],
    ],
    [
      'a provider key is none of index 2',
      `1102000000010110${'aa'.repeat(16)}`,
      { kind: 'provider-key', ...base, keyIndex: 2 },
      ['range', 'keyIndex'],
    ],
    [
      'a key index ends at 15',
      `1110000000010110${'aa'.repeat(16)}`,
      { kind: 'provider-key', ...base, keyIndex: 16 },
      ['range', 'keyIndex'],
    ],
    [
      'a key has 16, 24 or 32 octets',
      `2201000000010111${'aa'.repeat(17)}`,
      { kind: 'new-master-key', ...base, keyIndex: 1, key: new Uint8Array(17).fill(0xaa) },
      ['range', 'keyLen'],
    ],
    [
      'the maker key is no master key',
      '2402 00000001'.replace(' ', ''),
      { kind: 'commit', keyIndex: 2, version: 1 },
      ['range', 'keyIndex'],
    ],
    ['nor is the serial key', '250000000001', { kind: 'abort', keyIndex: 0, version: 1 }, ['range', 'keyIndex']],
    ['nobody asks for a new serial key', '2600', { kind: 'update-request', keyIndex: 0 }, ['range', 'keyIndex']],
    [
      'no run stands under the maker key',
      '20000000010202000000010001aa',
      { ...dh, keyIndex: 2, fragment: 0, total: 1, part: Uint8Array.of(0xaa) },
      ['range', 'keyIndex'],
    ],
    [
      'a public value has at most two parts',
      '20000000010201000000010003aa',
      { ...dh, fragment: 0, total: 3, part: Uint8Array.of(0xaa) },
      ['range', 'total'],
    ],
    [
      'a part is below the total',
      '20000000010201000000010101aa',
      { ...dh, fragment: 1, total: 1, part: Uint8Array.of(0xaa) },
      ['range', 'fragment'],
    ],
    [
      'a part of a public value is not empty',
      '20000000010201000000010001',
      { ...dh, fragment: 0, total: 1, part: new Uint8Array(0) },
      ['length', 'part'],
    ],
    [
      'a message has at most five parts',
      '3000010006aa',
      { kind: 'lock-message', message: 1, fragment: 0, total: 6, part: Uint8Array.of(0xaa) },
      ['range', 'total'],
    ],
    [
      'a message has a part',
      '3000010000aa',
      { kind: 'lock-message', message: 1, fragment: 0, total: 0, part: Uint8Array.of(0xaa) },
      ['range', 'total'],
    ],
    [
      'a part of a message has at most 240 octets',
      `3000010001${'aa'.repeat(241)}`,
      { kind: 'lock-message', message: 1, fragment: 0, total: 1, part: new Uint8Array(241) },
      ['length', 'part'],
    ],
    // What the octets cannot even say.
    ['a nonce has 16 octets', undefined, { kind: 'snf-inquiry', nonce: new Uint8Array(15) }, ['length', 'nonce']],
    ['a version has 4 octets', undefined, { kind: 'commit', keyIndex: 1, version: 2 ** 32 }, ['range', 'version']],
    [
      'a message number has 2',
      undefined,
      { kind: 'lock-message', message: 65_536, fragment: 0, total: 1, part: Uint8Array.of(1) },
      ['range', 'message'],
    ],
  ];
  test.each(cases)('%s', (_, hex, padata, refusal) => {
    expect(refused(() => encodePadata(padata))).toEqual(refusal);
    if (hex !== undefined) expect(refused(() => decodePadata(fromHex(hex)))).toEqual(refusal);
  });

  test('keys of 24 and 32 octets are read, so that they can be refused by name', () => {
    for (const size of [24, 32]) {
      const padata = { kind: 'new-master-key', ...base, keyIndex: 1, key: new Uint8Array(size) } as const;
      expect(decodePadata(encodePadata(padata))).toEqual(padata);
    }
  });
});

describe('answers', () => {
  test('each is its operation with b7, then its status, and comes back', () => {
    for (const answer of answers) {
      const octets = encodeAnswer(answer);
      const { nonce, next } = answer.standing ?? { nonce: [], next: 0 };
      const tail = answer.standing === undefined ? [] : [...nonce, 0, 0, next >> 8, next & 0xff];
      expect([...octets]).toEqual([OPERATION[answer.to] + 0x80, STATUS[answer.status], ...tail]);
      expect(decodeAnswer(octets)).toEqual(answer);
    }
  });

  test('of all pairs of octets only these are answers, and no truncation or trailing octet', () => {
    const known = new Set(answers.map((answer) => toHex(encodeAnswer(answer).map((octet, i) => (i < 2 ? octet : 0)))));
    for (let op = 0; op < 256; op++) {
      for (let status = 0; status < 256; status++) {
        const octets = Uint8Array.of(op, status, ...(op === 0x82 && status === 0 ? new Uint8Array(20) : []));
        expect(tried(() => decodeAnswer(octets)) instanceof ScpmError).toBe(!known.has(toHex(octets)));
      }
    }
    expect(refused(() => decodeAnswer(new Uint8Array(0)))).toEqual(['truncated', 'op']);
    expect(refused(() => decodeAnswer(Uint8Array.of(0x82)))).toEqual(['truncated', 'status']);
    expect(refused(() => decodeAnswer(Uint8Array.of(0xa4, 0, 0)))).toEqual(['length', 'padata']);
  });

  test('an inquiry is answered with its nonce and a number, whole; nothing else is', () => {
    const whole = encodeAnswer({ to: 'snf-inquiry', status: 'ok', standing: STANDING });
    for (let size = 2; size < whole.length; size++) {
      expect(refused(() => decodeAnswer(whole.slice(0, size)))[0]).toBe('truncated');
    }
    expect(refused(() => decodeAnswer(Uint8Array.of(...whole, 0)))).toEqual(['length', 'padata']);
    expect(refused(() => encodeAnswer({ to: 'snf-inquiry', status: 'ok' }))).toEqual(['range', 'standing']);
    expect(refused(() => encodeAnswer({ to: 'commit', status: 'ok', standing: STANDING }))).toEqual([
      'range',
      'standing',
    ]);
  });

  test('an update request is accepted, put off or denied, and nothing else', () => {
    expect(refused(() => encodeAnswer({ to: 'update-request', status: 'full' }))).toEqual(['range', 'status']);
    expect(refused(() => decodeAnswer(Uint8Array.of(0xa6, STATUS.full)))).toEqual(['range', 'status']);
  });
});

describe('ADATA, the algorithm inquiry', () => {
  test('by its layout', () => {
    const inquiry: Adata = { kind: 'algorithm-inquiry', keyIndex: 0 };
    const answer: Adata = { kind: 'algorithms', algorithms: [1, 2] };
    expect(toHex(encodeAdata(inquiry))).toBe('0100');
    expect(toHex(encodeAdata(answer))).toBe('81020102');
  });

  test('any comes back; every truncation and a trailing octet are refused', () => {
    fc.assert(
      fc.property(anyAdata, (adata) => {
        const octets = encodeAdata(adata);
        expect(decodeAdata(octets)).toEqual(adata);
        for (let size = 0; size < octets.length; size++) {
          expect(refused(() => decodeAdata(octets.subarray(0, size)))[0]).toBe('truncated');
        }
        expect(refused(() => decodeAdata(Uint8Array.of(...octets, 0)))).toEqual(['length', 'adata']);
      }),
    );
  });

  test('nothing else is taken in plaintext', () => {
    for (let op = 0; op < 256; op++) {
      if (op === 0x01 || op === 0x81) continue;
      expect(refused(() => decodeAdata(Uint8Array.of(op, 1, 1)))).toEqual(['unsupported', 'op']);
    }
    expect(refused(() => decodeAdata(Uint8Array.of(0x01, 16)))).toEqual(['range', 'keyIndex']);
    expect(refused(() => decodeAdata(Uint8Array.of(0x81, 0)))).toEqual(['range', 'n']);
    expect(refused(() => decodeAdata(Uint8Array.of(0x81, 17, ...new Uint8Array(17))))).toEqual(['range', 'n']);
    expect(refused(() => encodeAdata({ kind: 'algorithms', algorithms: [256] }))).toEqual(['range', 'algorithms']);
  });
});
