import { nodePrimitives as primitives } from '@cardea/kit-node';
import { fromHex, toHex } from '@cardea/kit-octets';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeSecureHeader, encodeSecureHeader } from '../src/header.ts';
import {
  type AddressSize,
  ALGORITHM,
  addressSizeOf,
  decodePlainFrame,
  decodeSecureFrame,
  encodePlainFrame,
  type Failure,
  type FrameHead,
  fittingAddressSizes,
  IV_LAYOUTS,
  isGroupAddress,
  isSecure,
  openFrame,
  readableHead,
  ScpmError,
  type SecureHeader,
  type Services,
  SNF_MAX,
  type SuiteKey,
  sealFailure,
  sealFrame,
  suiteOf,
} from '../src/index.ts';
import { ivOf } from '../src/suite/iv.ts';
import { headOf, openUnder, suiteOfVector, VECTORS, vectorOf } from './vectors.ts';

const RUNS = { seed: 24_767, numRuns: 2_000 };

const SERVICES: readonly Services[] = ['auth', 'enc', 'auth+enc'];
const FAILURES: readonly (Failure | undefined)[] = [undefined, 'snf', 'auth', 'decrypt'];

const anyKey: fc.Arbitrary<SuiteKey> = fc
  .record({
    key: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    suite: fc.constantFrom(
      ...IV_LAYOUTS.map((ivLayout) => ({ profile: 'standard', algorithm: ALGORITHM.cbc, ivLayout }) as const),
      { profile: 'hardened', algorithm: ALGORITHM.cbc } as const,
      { profile: 'hardened', algorithm: ALGORITHM.ccm } as const,
    ),
  })
  .map(({ key, suite }) => ({ key, ...suite }));

const anyHeader: fc.Arbitrary<SecureHeader> = fc
  .record({
    keyIndex: fc.integer({ min: 0, max: 15 }),
    dh: fc.boolean(),
    services: fc.constantFrom(...SERVICES),
    response: fc.boolean(),
    failure: fc.constantFrom(...FAILURES),
  })
  .map((header) => (header.response ? header : { ...header, failure: undefined }));

const anySize = fc.constantFrom<AddressSize>(2, 6);
const anyAddress = (size: AddressSize) => fc.uint8Array({ minLength: size, maxLength: size });

const anyHead: fc.Arbitrary<FrameHead> = fc
  .tuple(anyHeader, anySize, fc.oneof(fc.constantFrom(0, 1, SNF_MAX), fc.integer({ min: 0, max: SNF_MAX })))
  .chain(([header, size, snf]) =>
    fc.record({ sa: anyAddress(size), da: anyAddress(size) }).map((addresses) => ({ ...header, ...addresses, snf })),
  );

const plain = vectorOf('standard, CBC, auth: request');

describe('7.1 General communication frame', () => {
  it('7.1.1-1 7.1.1-2 7.1.3-1 7.1.3-2 7.1.4-1 an ordinary frame is HD, SA, DA, BC, ADATA', () => {
    const frame = { sa: fromHex('020000000001'), da: fromHex('020000000102'), adata: fromHex('0100') };
    expect(toHex(encodePlainFrame(frame))).toBe('0002000000000102000000010200020100');
    const short = { sa: fromHex('0001'), da: fromHex('0102'), adata: new Uint8Array(0) };
    expect(toHex(encodePlainFrame(short))).toBe('00000101020000');
  });

  it('7.1.5-1 an ordinary frame comes back, whatever its ADATA; no truncation of it is one', () => {
    const any = anySize.chain((size) =>
      fc.record({ sa: anyAddress(size), da: anyAddress(size), adata: fc.uint8Array({ maxLength: 400 }) }),
    );
    fc.assert(
      fc.property(any, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (frame, part) => {
        const octets = encodePlainFrame(frame);
        expect(decodePlainFrame(octets, addressSizeOf(frame.sa, frame.da))).toEqual(frame);
        const cut = octets.subarray(0, Math.floor(part * octets.length));
        expect(() => decodePlainFrame(cut, addressSizeOf(frame.sa, frame.da))).toThrow(ScpmError);
      }),
      RUNS,
    );
  });

  it('7.1.2-1 7.1.2-2 HD says whether the frame is a secure one', () => {
    const octets = fromHex(plain.frame);
    expect(isSecure(octets)).toBe(true);
    expect(isSecure(encodePlainFrame({ sa: octets.slice(1, 7), da: octets.slice(7, 13), adata: octets }))).toBe(false);
    expect(isSecure(new Uint8Array(0))).toBe(false);
    for (let hd = 0; hd < 256; hd++) {
      octets[0] = hd;
      if (hd !== 0x80) expect(() => decodeSecureFrame(octets, 6)).toThrow(/^hd: /);
      if (hd !== 0x00) expect(() => decodePlainFrame(octets, 6)).toThrow(/^hd: /);
    }
  });

  it('7.1.3-3 SA and DA both have 6 octets, or both 2', () => {
    expect([
      addressSizeOf(new Uint8Array(6), new Uint8Array(6)),
      addressSizeOf(new Uint8Array(2), new Uint8Array(2)),
    ]).toEqual([6, 2]);
    for (const [sa, da] of [
      [6, 2],
      [2, 6],
      [0, 0],
      [1, 1],
      [3, 3],
      [7, 7],
      [8, 8],
    ] as const) {
      expect(() => addressSizeOf(new Uint8Array(sa), new Uint8Array(da))).toThrow(ScpmError);
    }
  });

  it('7.1.4-1 BC counts ADATA, which has at most 65535 octets', () => {
    const frame = (octets: number) => ({ sa: new Uint8Array(2), da: new Uint8Array(2), adata: new Uint8Array(octets) });
    expect(toHex(encodePlainFrame(frame(0xffff)).subarray(5, 7))).toBe('ffff');
    expect(() => encodePlainFrame(frame(0x10000))).toThrow(/^adata: /);
  });

  it('7.1.3-3 7.1.4-1 BC: the one address size that it fits is found by it', () => {
    for (const name of ['hardened, CBC, auth+enc: request', 'hardened, CBC, auth+enc: addresses of 2 octets']) {
      const vector = vectorOf(name);
      const octets = fromHex(vector.frame);
      expect(fittingAddressSizes(octets)).toEqual([vector.sa.length / 2]);
      for (let size = 0; size < octets.length; size++)
        expect(fittingAddressSizes(octets.subarray(0, size))).toEqual([]);
    }
    expect(
      fittingAddressSizes(encodePlainFrame({ sa: new Uint8Array(2), da: new Uint8Array(2), adata: new Uint8Array() })),
    ).toEqual([2]);
  });
});

describe('7.2.2 Secure header', () => {
  it('7.2.2-1 7.2.2-8 7.2.2-11 7.2.2-13 7.2.2-18 8.1.1-1 every SHD of the 65536 is read as the one that gives the same bits, or refused', () => {
    let read = 0;
    for (let bits = 0; bits <= 0xffff; bits++) {
      const allowed =
        (bits & 0x8e20) === 0 &&
        (bits & 0xc0) !== 0xc0 &&
        [0, 0x1000, 0x2000, 0x4000].includes(bits & 0x7000) &&
        ((bits & 0x7000) === 0 || (bits & 0x100) !== 0);
      if (!allowed) {
        expect(() => decodeSecureHeader(bits)).toThrow(ScpmError);
        continue;
      }
      read++;
      expect(encodeSecureHeader(decodeSecureHeader(bits))).toBe(bits);
    }
    // 16 key indexes, b4, three service combinations; a request, a success, three failures.
    expect(read).toBe(16 * 2 * 3 * 5);
  });

  it.each<readonly [string, Partial<SecureHeader>, number]>([
    ['7.2.2-2 b3 to b0 are 0:0:0:0 for the serial key', { keyIndex: 0 }, 0x0000],
    ['7.2.2-3 b3 to b0 are 0:0:0:1 for the user key', { keyIndex: 1 }, 0x0001],
    ['7.2.2-4 b3 to b0 are 0:0:1:0 for the maker key', { keyIndex: 2 }, 0x0002],
    ['7.2.2-5 b3 to b0 are 0:0:1:1 for the first service provider key', { keyIndex: 3 }, 0x0003],
    ['7.2.2-5 b3 to b0 are 1:1:1:1 for the last service provider key', { keyIndex: 15 }, 0x000f],
    ['7.2.2-6 b4 is 1 under the secret of a Diffie-Hellman run', { dh: true }, 0x0010],
    ['7.2.2-7 b4 is 0 under the key of the index', { dh: false }, 0x0000],
    ['7.2.2-9 7.2.2-10 b7:b6 are 1:0 for authentication only', { services: 'auth' }, 0x0080],
    ['7.2.2-9 7.2.2-10 b7:b6 are 0:1 for confidentiality only', { services: 'enc' }, 0x0040],
    ['7.2.2-9 7.2.2-10 b7:b6 are 0:0 for both', { services: 'auth+enc' }, 0x0000],
    ['7.2.2-12 b8 is 0 of a request', { response: false }, 0x0000],
    ['7.2.2-12 b8 is 1 of a response', { response: true }, 0x0100],
    ['7.2.2-14 b15 to b12 are 0:0:0:0 of a success', { response: true, failure: undefined }, 0x0100],
    ['7.2.2-15 b15 to b12 are 0:0:0:1 when the SNF did not verify', { response: true, failure: 'snf' }, 0x1100],
    [
      '7.2.2-16 b15 to b12 are 0:0:1:0 when the authentication did not verify',
      { response: true, failure: 'auth' },
      0x2100,
    ],
    ['7.2.2-17 b15 to b12 are 0:1:0:0 when decryption failed', { response: true, failure: 'decrypt' }, 0x4100],
  ])('%s', (_, change, bits) => {
    const header = { keyIndex: 0, dh: false, services: 'auth+enc', response: false, ...change } as const;
    expect(encodeSecureHeader(header)).toBe(bits);
    expect(decodeSecureHeader(bits)).toEqual({ failure: undefined, ...header });
  });

  it('7.2.2-1 SHD: b7 to b0 come first on the wire', () => {
    const vector = vectorOf('hardened, CBC, auth: response of failure (auth)');
    expect(vector.frame.slice(2 * 15, 2 * 17)).toBe('8121');
    expect(headOf(vector)).toMatchObject({ keyIndex: 1, services: 'auth', response: true, failure: 'auth' });
  });

  it('7.2.2-18 only a response tells a failure, and a key index has 4 bits', () => {
    const header = { keyIndex: 1, dh: false, services: 'auth', response: false } as const;
    expect(() => encodeSecureHeader({ ...header, failure: 'snf' })).toThrow(/^failure: /);
    for (const keyIndex of [-1, 16, 1.5, Number.NaN]) {
      expect(() => encodeSecureHeader({ ...header, keyIndex })).toThrow(/^keyIndex: /);
    }
  });
});

describe('7.2.3 to 7.2.8 The fields of a secure frame', () => {
  it('7.2.1-1 7.2.1-2 7.2.5-1 8.2.1-1 every frame of every suite comes back as it was sealed, field by field', () => {
    fc.assert(
      fc.property(anyKey, anyHead, fc.uint8Array({ maxLength: 255 }), (key, anyServices, padata) => {
        const ccm = key.algorithm === ALGORITHM.ccm;
        const head =
          ccm && anyServices.services === 'enc' ? { ...anyServices, services: 'auth' as const } : anyServices;
        const suite = suiteOf(primitives, key, head);
        const octets =
          head.failure === undefined
            ? sealFrame(suite, head, padata)
            : sealFailure(suite, head, Uint8Array.of(0, 0, ...padata));
        const { head: _, body: __, mdas: ___, ...fields } = decodeSecureFrame(octets, addressSizeOf(head.sa, head.da));
        expect(fields).toEqual(head);
        const opened = openFrame(suite, decodeSecureFrame(octets, addressSizeOf(head.sa, head.da)), head.snf);
        expect(opened).toEqual(
          head.failure === undefined
            ? { verdict: 'ok', padata }
            : { verdict: head.services === 'enc' ? 'decrypt' : 'ok', copied: Uint8Array.of(0, 0, ...padata) },
        );
        expect(readableHead(octets, addressSizeOf(head.sa, head.da))).toEqual(head);
      }),
      RUNS,
    );
  });

  it('7.2.3-1 7.2.3-3 SNF is there without replay protection too, and has 4 octets, big-endian', () => {
    for (const services of SERVICES) {
      const { frame } = vectorOf(`standard, CBC, ${services}: request`);
      expect(frame.slice(2 * 17, 2 * 21)).toBe('01020304');
    }
  });

  it('7.2.3-1 SNF: what is no whole number of 32 bits is refused', () => {
    const suite = suiteOfVector(plain);
    for (const snf of [-1, SNF_MAX + 1, 0.5, Number.NaN]) {
      expect(() => sealFrame(suite, { ...headOf(plain), snf }, new Uint8Array(0))).toThrow(/^snf: /);
    }
  });

  it('7.2.4-1 PBC counts PADATA', () => {
    const body = plain.parts.body;
    expect(Number.parseInt(body.slice(0, 2), 16)).toBe(plain.padata!.length / 2);
    expect(body.slice(2, -2)).toBe(plain.padata);
  });

  it('7.2.5-2 PADATA has at most 255 octets', () => {
    const suite = suiteOfVector(plain);
    expect(() => sealFrame(suite, headOf(plain), new Uint8Array(256))).toThrow(/^padata: has at most 255/);
    expect(sealFrame(suite, headOf(plain), new Uint8Array(255))).toHaveLength(1 + 12 + 2 + 6 + 257 + 16);
  });

  it('7.2.6-1 7.2.6-2 BCC is the XOR of SA, DA, BC, SHD, SNF, PBC and PADATA', () => {
    const octets = fromHex(plain.frame);
    const end = octets.length - 16;
    expect(octets.subarray(1, end).reduce((sum, octet) => sum ^ octet, 0)).toBe(0);
  });

  it('7.2.7-1 7.2.7-2 8.1.4-3 PDG fills the text to whole blocks with 0 to 15 zeros, and none when nothing is enciphered', () => {
    for (let size = 0; size <= 32; size++) {
      const body = (services: Services, algorithm: 1 | 2): Uint8Array => {
        const head = { ...headOf(plain), services };
        const suite = suiteOf(primitives, { profile: 'hardened', algorithm, key: fromHex(plain.key) }, head);
        return decodeSecureFrame(sealFrame(suite, head, new Uint8Array(size)), 6).body;
      };
      expect(body('auth', 1)).toHaveLength(size + 2);
      expect(body('auth+enc', 1)).toHaveLength(Math.ceil((size + 2) / 16) * 16);
      expect(body('enc', 1)).toHaveLength(Math.ceil((size + 2) / 16) * 16);
      expect(body('auth+enc', 2)).toHaveLength(size + 2);
    }
  });

  it('7.2.8-1 7.2.8-3 MDAS is there only when authentication is selected, and has 16 octets', () => {
    for (const services of SERVICES) {
      const frame = decodeSecureFrame(fromHex(vectorOf(`hardened, CBC, ${services}: request`).frame), 6);
      expect(frame.mdas?.length).toBe(services === 'enc' ? undefined : 16);
    }
  });
});

describe('8.1 Algorithms', () => {
  it('8.1.4-4 8.1.6-1 8.1.6-3 the IV is made of the SNF in the layout that is chosen', () => {
    const layouts = {
      repeat: '01020304010203040102030401020304',
      leftZero: '00000000000000000000000001020304',
      rightZero: '01020304000000000000000000000000',
    };
    for (const layout of IV_LAYOUTS) expect(toHex(ivOf(0x01020304, layout))).toBe(layouts[layout]);
  });

  it('8.1.6-3 IV: another layout gives another text', () => {
    for (const services of ['enc', 'auth+enc']) {
      const vector = vectorOf(`standard, CBC, ${services}: IV leftZero`);
      expect(openUnder({ ...vector, ivLayout: 'rightZero' }, fromHex(vector.frame)).verdict).not.toBe('ok');
    }
  });

  it('8.1.2 (ours): what a suite cannot do is refused by name', () => {
    const head = { ...headOf(plain), services: 'enc' } as const;
    const key = fromHex(plain.key);
    const ccm = suiteOf(primitives, { profile: 'hardened', algorithm: 2, key }, head);
    expect(() => sealFrame(ccm, head, new Uint8Array(1))).toThrow(/^services: AES-CCM always authenticates/);
    const secret = decodeSecureFrame(fromHex(vectorOf('hardened, CBC, enc: request').frame), 6);
    expect(() => openFrame(ccm, secret)).toThrow(/^services: AES-CCM always authenticates/);
    const of = (change: Partial<SuiteKey>) => () =>
      suiteOf(primitives, { profile: 'standard', algorithm: 1, key, ...change }, head);
    expect(of({ algorithm: 2 })).toThrow(/^algorithm: /);
    expect(of({ profile: 'hardened', ivLayout: 'leftZero' })).toThrow(/^ivLayout: /);
    for (const octets of [0, 15, 17, 24, 32])
      expect(of({ key: new Uint8Array(octets) })).toThrow(/^key: has 16 octets/);
  });
});

describe('8.2 The order of checks', () => {
  const spoilt = (name: string, ...ats: readonly number[]) => {
    const vector = vectorOf(name);
    const octets = fromHex(vector.frame);
    for (const at of ats) octets[at < 0 ? octets.length + at : at]! ^= 1;
    return { vector, octets };
  };
  const BCC_OF_AUTH = -17;
  const MDAS = -1;

  it.each([
    ['SNF, then BCC, then MDAS', 'snf', 9, [BCC_OF_AUTH, MDAS]],
    ['BCC before MDAS', 'bcc', 0x01020304, [BCC_OF_AUTH, MDAS]],
    ['MDAS at last', 'mdas', 0x01020304, [MDAS]],
    ['and nothing else', 'ok', 0x01020304, []],
  ] as const)('8.2.2-s1 8.2.2-s2 8.2.2-s3 authentication only: %s', (_, verdict, snf, ats) => {
    for (const suite of ['standard, CBC', 'hardened, CBC', 'hardened, CCM']) {
      const { vector, octets } = spoilt(`${suite}, auth: request`, ...ats);
      expect(openUnder(vector, octets, snf).verdict).toBe(verdict);
    }
  });

  it('8.2.3-b 8.2.3-rb confidentiality only: the SNF is arbitrary, and nothing is authenticated', () => {
    for (const suite of ['standard, CBC', 'hardened, CBC']) {
      const { vector, octets } = spoilt(`${suite}, enc: request`);
      expect(openUnder(vector, octets, 9).verdict).toBe('ok');
    }
  });

  it('8.2.3-s1 8.2.3-s2 confidentiality only: decryption, then BCC', () => {
    for (const suite of ['standard, CBC', 'hardened, CBC']) {
      // A bit of the first block makes noise of it, and of PBC with it.
      const { vector, octets } = spoilt(`${suite}, enc: request`, 21);
      expect(openUnder(vector, octets).verdict).toBe('decrypt');
      const otherBcc = VECTORS.refuse.find(({ name }) => name === `${suite}, enc: BCC of another text`);
      expect(openUnder(vector, fromHex(String(otherBcc?.frame))).verdict).toBe('bcc');
      const cut = octets.slice(0, -1);
      cut[14] = cut.length - 15;
      expect(openUnder(vector, cut).verdict).toBe('format');
    }
  });

  it.each([
    ['SNF before MDAS', 'snf', 9, [MDAS]],
    ['MDAS before decryption', 'mdas', 0x01020304, [21]],
    ['and nothing else', 'ok', 0x01020304, []],
  ] as const)('8.2.4-s1 8.2.4-s2 8.2.4-s3 both services: %s', (_, verdict, snf, ats) => {
    for (const suite of ['standard, CBC', 'hardened, CBC', 'hardened, CCM']) {
      const { vector, octets } = spoilt(`${suite}, auth+enc: request`, ...ats);
      expect(openUnder(vector, octets, snf).verdict).toBe(verdict);
    }
  });

  it('8.2.4-1 8.2.4-s2 8.2.4-s3 both services: nothing is deciphered before the MDAS verifies', () => {
    const { vector, octets } = spoilt('hardened, CBC, auth+enc: request', MDAS);
    const suite = suiteOfVector(vector);
    let deciphered = 0;
    const counting = {
      ...suite,
      decrypt: () => {
        deciphered++;
        return undefined;
      },
    };
    expect(openFrame(counting, decodeSecureFrame(octets, 6)).verdict).toBe('mdas');
    expect(deciphered).toBe(0);
  });
});

describe('8.2 Failure answers', () => {
  it.each(['auth', 'enc', 'auth+enc'] as const)(
    '8.2.2-g1 8.2.3-rc1 8.2.4-h1 %s: the data of a failure answer are those of the request',
    (services) => {
      for (const suite of ['standard, CBC', 'hardened, CBC']) {
        const request = vectorOf(`${suite}, ${services}: request`);
        const answer = vectorOf(`${suite}, ${services}: response of failure (decrypt)`);
        expect(answer.parts.body).toBe(request.parts.body);
        expect(answer.snf).toBe(request.snf);
        if (services !== 'enc') expect(answer.parts.mdas).not.toBe(request.parts.mdas);
      }
    },
  );

  it('8.2: a failure answer is made of a failure, and nothing else is', () => {
    const suite = suiteOfVector(plain);
    expect(() => sealFailure(suite, headOf(plain), new Uint8Array(2))).toThrow(/^failure: must be told/);
    const failed = { ...headOf(plain), response: true, failure: 'snf' } as const;
    expect(() => sealFrame(suite, failed, new Uint8Array(2))).toThrow(/^failure: a failure answer copies/);
  });
});

describe('8.2.1 Group addresses', () => {
  it('8.2.1-2 broadcast and multicast addresses are known as such', () => {
    for (const address of ['ffffffffffff', '01005e000001', '333300000001', '030000000000', 'ffff', 'ff00']) {
      expect([address, isGroupAddress(fromHex(address))]).toEqual([address, true]);
    }
  });

  it('8.2.1-2 an address of one node is none', () => {
    for (const address of ['020000000001', '00005e000001', 'fe0000000000', '0000', '0001', 'feff', '00ff']) {
      expect([address, isGroupAddress(fromHex(address))]).toEqual([address, false]);
    }
  });
});

describe('what can be read of a frame that is none', () => {
  it('is never more than is there, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), anySize, (octets, size) => {
        const head = readableHead(octets, size);
        for (const address of [head.sa, head.da]) if (address !== undefined) expect(address).toHaveLength(size);
        if (octets.length < 1 + size) expect(head).toEqual({});
        if (octets.length < 1 + 2 * size + 2 + 6) expect(head.snf).toBeUndefined();
      }),
      RUNS,
    );
  });

  it('of a header that contradicts itself are the fields that do not', () => {
    const octets = fromHex(plain.frame);
    octets[15]! |= 0xc0;
    const { services, failure, ...rest } = readableHead(octets, 6);
    expect([services, failure]).toEqual([undefined, undefined]);
    expect(rest).toMatchObject({ keyIndex: 1, dh: false, response: false, snf: 0x01020304 });
  });
});
