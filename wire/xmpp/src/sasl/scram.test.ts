import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import type { Primitives } from '@cardea/kit-crypto';
import { fromAscii, fromBase64 } from '@cardea/kit-octets';
import { describe, expect, it } from 'vitest';
import type { BindingFlag, ChannelBindingType } from './channel-binding.ts';
import { offerHash } from './downgrade.ts';
import { type ScramHash, scramVerifier, sha256Of } from './scram.ts';
import { finishScram, readServerFirst, type ScramStart, startScram, verifyServerFinal } from './scram-client.ts';
import {
  type ClientFirst,
  decoyVerifier,
  readClientFirst,
  verifyClientFinal,
  writeServerFirst,
} from './scram-server.ts';

const primitives: Pick<Primitives, 'sha256' | 'hmacSha256'> = {
  sha256: (...parts) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest()),
  hmacSha256: (key, ...parts) => new Uint8Array(createHmac('sha256', key).update(Buffer.concat(parts)).digest()),
};
const given = primitives as Primitives;
const hash = sha256Of(given);
const UNBOUND = { plus: false, bindings: [] } as const;
const salted = (password: string, salt: Uint8Array, iterations: number) =>
  new Uint8Array(pbkdf2Sync(password, salt, iterations, 32, 'sha256'));

// RFC 7677 clause 3.
const VECTOR = {
  clientNonce: 'rOprNGfwEbeRWgbNEkqO',
  clientFirst: 'n,,n=user,r=rOprNGfwEbeRWgbNEkqO',
  serverFirst: 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096',
  clientFinal:
    'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=',
  serverFinal: 'v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=',
};
const salt = fromBase64('W22ZaJ0SNY7soEsUEjb6gQ==');
const verifier = scramVerifier(given, salted('pencil', salt, 4096), salt, 4096);
const start: ScramStart = {
  message: VECTOR.clientFirst,
  gs2Header: 'n,,',
  bare: VECTOR.clientFirst.slice(3),
  nonce: VECTOR.clientNonce,
};
const first = () => readClientFirst(VECTOR.clientFirst, UNBOUND) as ClientFirst;

describe('RFC 7677 clause 3', () => {
  it('the client says what the example says', () => {
    const serverFirst = readServerFirst(start, VECTOR.serverFirst);
    const final = finishScram(
      hash,
      start,
      serverFirst,
      salted('pencil', serverFirst.salt, serverFirst.iterations),
      undefined,
    );
    expect(final.message).toBe(VECTOR.clientFinal);
    expect(verifyServerFinal(hash, final.serverSignature, VECTOR.serverFinal)).toBe(true);
    const forged = `v=${'A'.repeat(43)}=`;
    expect(verifyServerFinal(hash, final.serverSignature, forged)).toBe(false);
  });

  it('the server takes it and proves itself', () => {
    expect(first()).toMatchObject({ username: 'user', nonce: VECTOR.clientNonce });
    expect(verifyClientFinal(hash, first(), VECTOR.serverFirst, verifier, undefined, VECTOR.clientFinal)).toBe(
      VECTOR.serverFinal,
    );
  });
});

describe('attack 32', () => {
  it('a proof with any bit changed is refused', () => {
    const at = VECTOR.clientFinal.indexOf(',p=') + 3;
    const proof = fromBase64(VECTOR.clientFinal.slice(at));
    for (let bit = 0; bit < proof.length * 8; bit++) {
      const changed = Uint8Array.from(proof);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      const message = VECTOR.clientFinal.slice(0, at) + Buffer.from(changed).toString('base64');
      expect(verifyClientFinal(hash, first(), VECTOR.serverFirst, verifier, undefined, message)).toBeUndefined();
    }
  });

  it('a final message of another exchange or with another binding is refused', () => {
    const other = VECTOR.serverFirst.replace('hvYD', 'hvYE');
    expect(verifyClientFinal(hash, first(), other, verifier, undefined, VECTOR.clientFinal)).toBeUndefined();
    const bound = VECTOR.clientFinal.replace('c=biws', 'c=eSws');
    expect(verifyClientFinal(hash, first(), VECTOR.serverFirst, verifier, undefined, bound)).toBeUndefined();
  });

  it('RFC 5802 clause 6: n is taken, y is refused when -PLUS was offered, p only with -PLUS and a kind that was offered', () => {
    const say = (flag: string, plus: boolean, ...bindings: ChannelBindingType[]) =>
      readClientFirst(`${flag},,n=user,r=abc`, { plus, bindings });
    expect(say('n', false)).toMatchObject({ gs2Header: 'n,,', binding: undefined });
    expect(say('n', false, 'tls-exporter')).toMatchObject({ gs2Header: 'n,,' });
    expect(say('y', false)).toMatchObject({ gs2Header: 'y,,' });
    expect(say('y', false, 'tls-exporter')).toBe('not-authorized');
    expect(say('p=tls-exporter', false)).toBe('malformed-request');
    expect(say('p=tls-exporter', false, 'tls-exporter')).toBe('malformed-request');
    expect(say('n', true, 'tls-exporter')).toBe('malformed-request');
    expect(say('y', true, 'tls-exporter')).toBe('malformed-request');
    expect(say('p=tls-unique', true, 'tls-exporter')).toBe('not-authorized');
    expect(say('p=tls-exporter', true, 'tls-exporter')).toMatchObject({ binding: 'tls-exporter' });
  });

  it.each([
    'n,,n=user',
    'n,,r=abc,n=user',
    'n,,m=1,n=user,r=abc',
    'n,,n=us=er,r=abc',
    'n,,n=,r=abc',
    'n,,n=user,r=',
    'n,,n=üser,r=abc',
    'x,,n=user,r=abc',
    'n=user,r=abc',
    '',
  ])('a first message that is malformed: %s', (message) => {
    expect(() => readClientFirst(message, UNBOUND)).toThrow('sasl');
  });

  it('another authorization identity is refused', () => {
    expect(readClientFirst('n,a=other,n=user,r=abc', UNBOUND)).toBe('invalid-authzid');
  });

  it.each([
    ['iteration bomb', VECTOR.serverFirst.replace('i=4096', 'i=100001')],
    ['iteration bomb past all numbers', VECTOR.serverFirst.replace('i=4096', 'i=99999999999999999999')],
    ['too few iterations', VECTOR.serverFirst.replace('i=4096', 'i=4095')],
    ['iterations that are no number', VECTOR.serverFirst.replace('i=4096', 'i=0x1000')],
    ['a nonce that is not ours', VECTOR.serverFirst.replace('r=r', 'r=s')],
    ['a nonce with nothing added', VECTOR.serverFirst.replace('%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0', '')],
    ['an empty salt', VECTOR.serverFirst.replace('W22ZaJ0SNY7soEsUEjb6gQ==', '')],
    ['a mandatory extension', `m=x,${VECTOR.serverFirst}`],
  ])('the client refuses %s', (_name, message) => {
    expect(() => readServerFirst(start, message)).toThrow('sasl');
  });

  it('a name without an account looks like one: the same salt every time, another for each name', () => {
    const key = new Uint8Array(32).fill(7);
    const decoy = (username: string) => decoyVerifier(given, key, username, 4096);
    expect(decoy('gw_a')).toEqual(decoy('gw_a'));
    expect(decoy('gw_a').salt).not.toEqual(decoy('gw_b').salt);
    expect(decoy('gw_a').salt).toHaveLength(16);
  });
});

it('RFC 5802 5.1: commas and equals signs in names are escaped, and read back', () => {
  const { message } = startScram('a=b,c', fromAscii('0123456789abcdef'), { kind: 'n' });
  expect(message).toMatch(/^n,,n=a=3Db=2Cc,r=/);
  expect(readClientFirst(message, UNBOUND)).toMatchObject({ username: 'a=b,c' });
});

const bindings: readonly [string, BindingFlag, Uint8Array | undefined][] = [
  ['no channel', { kind: 'n' }, undefined],
  ['a channel that the server cannot bind', { kind: 'y' }, undefined],
  ['the channel', { kind: 'p', type: 'tls-exporter' }, Uint8Array.of(1, 2, 3)],
];

describe.each(bindings)('both roles, binding %s', (_name, flag, binding) => {
  const plus = flag.kind === 'p';
  const begin = startScram('gw_1', fromAscii('0123456789abcdef'), flag);
  const theirs = readClientFirst(begin.message, { plus, bindings: plus ? ['tls-exporter'] : [] }) as ClientFirst;
  const kept = scramVerifier(given, salted('p w', salt, 4096), salt, 4096);
  const offer = writeServerFirst(theirs, fromAscii('fedcba9876543210'), kept, 'aGFzaA==');
  const finish = (password: string, of = binding) =>
    finishScram(hash, begin, readServerFirst(begin, offer), salted(password, salt, 4096), of);

  it('agree on the password', () => {
    expect(readServerFirst(begin, offer)).toMatchObject({ offer: 'aGFzaA==' });
    const answer = verifyClientFinal(hash, theirs, offer, kept, binding, finish('p w').message);
    expect(answer !== undefined && verifyServerFinal(hash, finish('p w').serverSignature, answer)).toBe(true);
    expect(verifyClientFinal(hash, theirs, offer, kept, binding, finish('pw').message)).toBeUndefined();
  });

  it('attack 32: the right password bound to another connection is refused', () => {
    const other = Uint8Array.of(1, 2, 4);
    expect(verifyClientFinal(hash, theirs, offer, kept, other, finish('p w').message)).toBeUndefined();
    expect(verifyClientFinal(hash, theirs, offer, kept, binding, finish('p w', other).message)).toBeUndefined();
    const missing = plus ? undefined : other;
    expect(verifyClientFinal(hash, theirs, offer, kept, missing, finish('p w', missing).message)).toBeUndefined();
  });
});

it('XEP-0474 0.5.0: its example', () => {
  const sha1: ScramHash = {
    sizeOctets: 20,
    digest: (...parts) => new Uint8Array(createHash('sha1').update(Buffer.concat(parts)).digest()),
    hmac: (key, ...parts) => new Uint8Array(createHmac('sha1', key).update(Buffer.concat(parts)).digest()),
  };
  const offered = offerHash(sha1, ['SCRAM-SHA-1', 'SCRAM-SHA-1-PLUS'], ['tls-server-end-point', 'tls-exporter']);
  expect(offered).toBe('G6k/rBLDqgOhRRaCuuatSDFkJ08=');
});

it('XEP-0474: the hash of an offer does not depend on its order, and changes with each member', () => {
  const of = (mechanisms: string[], kinds: string[]) => offerHash(hash, mechanisms, kinds);
  const all = of(['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256'], ['tls-exporter']);
  const said = 'SCRAM-SHA-256\x1eSCRAM-SHA-256-PLUS\x1ftls-exporter';
  expect(all).toBe(createHash('sha256').update(said).digest('base64'));
  expect(of(['SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'], ['tls-exporter'])).toBe(all);
  expect(of(['SCRAM-SHA-256'], ['tls-exporter'])).not.toBe(all);
  expect(of(['SCRAM-SHA-256-PLUS', 'SCRAM-SHA-256'], [])).not.toBe(all);
});
