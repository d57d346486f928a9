import { createPublicKey, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServerError } from '../../errors.ts';
import { retryAfterMs } from './client.ts';
import { keyAuthorization, newAccountKey, signRequest } from './jws.ts';
import { readAuthorization, readDirectory, readOrder, readProblem } from './messages.ts';
import type { AcmeAnswer } from './transport.ts';

const answer = (text: string): AcmeAnswer => ({ status: 200, headers: {}, text });
const order = {
  status: 'valid',
  authorizations: ['https://acme.example/authz/1'],
  finalize: 'https://acme.example/order/1/finalize',
  certificate: 'https://acme.example/cert/1',
};
const authorization = {
  status: 'pending',
  identifier: { type: 'dns', value: 'door.example.org' },
  challenges: [{ type: 'tls-alpn-01', status: 'pending', url: 'https://acme.example/chall/1', token: 'a'.repeat(43) }],
};
const directory = {
  newNonce: 'https://acme.example/nonce',
  newAccount: 'https://acme.example/account',
  newOrder: 'https://acme.example/order',
};

describe('RFC 8555, 7.1: what an ACME server answers', () => {
  it('is taken when it is whole', () => {
    expect(readOrder(answer(JSON.stringify(order)))).toMatchObject(order);
    expect(readAuthorization(answer(JSON.stringify(authorization)))).toMatchObject({ name: 'door.example.org' });
    expect(readDirectory(answer(JSON.stringify(directory)))).toMatchObject(directory);
  });

  it.each([readOrder, readAuthorization, readDirectory])(
    '%o takes anything else as malformed and nothing worse',
    (read) => {
      const whole = JSON.stringify({ ...order, ...authorization, ...directory });
      const cut = fc.integer({ min: 0, max: whole.length }).map((at) => whole.slice(0, at));
      fc.assert(
        fc.property(fc.oneof(fc.json(), fc.string(), cut), (text) => {
          try {
            read(answer(text));
          } catch (error) {
            expect(error).toBeInstanceOf(ServerError);
            expect(error).toMatchObject({ code: 'acme' });
          }
        }),
      );
    },
  );

  it.each([
    ['a resource that is not https', { ...order, finalize: 'http://acme.example/x' }],
    ['a resource that is no URL', { ...order, authorizations: ['file:///etc/passwd'] }],
    ['a state that there is not', { ...order, status: 'done' }],
    ['more authorizations than names', { ...order, authorizations: Array(101).fill(order.finalize) }],
  ])('%s is refused', (_what, body) => {
    expect(() => readOrder(answer(JSON.stringify(body)))).toThrow(ServerError);
  });

  it('8.3: a token that is more than base64url, such as a path, is refused', () => {
    const [challenge] = authorization.challenges;
    const body = { ...authorization, challenges: [{ ...challenge, token: '../../../../etc/passwd' }] };
    expect(() => readAuthorization(answer(JSON.stringify(body)))).toThrow(/challenge.token/);
  });

  it('6.7: a problem becomes one line without control characters', () => {
    const body = {
      type: 'urn:ietf:params:acme:error:rateLimited',
      detail: `slow\u001b[31m\r\ndown${'x'.repeat(1000)}`,
    };
    const { type, detail } = readProblem({ ...answer(JSON.stringify(body)), status: 429 });
    expect(type).toBe('rateLimited');
    expect(detail).toMatch(/^slow \[31m downx+$/);
    expect(detail.length).toBeLessThanOrEqual(400);
    expect(readProblem({ ...answer('<html>'), status: 503 })).toEqual({ type: 'unknown', detail: 'status 503' });
  });

  it.each([
    ['120', 120_000],
    ['Fri, 31 Dec 1999 23:59:59 GMT', 59_000],
    ['Fri, 31 Dec 1999 23:00:00 GMT', 0],
    ['soon', undefined],
  ])('Retry-After %s', (value, expected) => {
    expect(retryAfterMs({ headers: { 'retry-after': value } }, Date.UTC(1999, 11, 31, 23, 59, 0))).toBe(expected);
  });
});

describe('RFC 8555, 6.2: a request is signed', () => {
  const key = newAccountKey();
  const decode = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());

  it('by the key itself while there is no account, by its name afterwards; over header and payload', () => {
    for (const account of [undefined, 'https://acme.example/account/1']) {
      const jws = signRequest(key, { url: 'https://acme.example/x', nonce: 'n', account }, { a: 1 });
      const head = decode(jws.protected);
      expect(head).toMatchObject({ alg: 'ES256', nonce: 'n', url: 'https://acme.example/x' });
      expect(head).toHaveProperty(account === undefined ? 'jwk' : 'kid');
      expect(head).not.toHaveProperty(account === undefined ? 'kid' : 'jwk');
      expect(head).not.toHaveProperty('jwk.d');
      const signed = Buffer.from(`${jws.protected}.${jws.payload}`);
      const publicKey = { key: createPublicKey(key), dsaEncoding: 'ieee-p1363' } as const;
      expect(verify('sha256', signed, publicKey, Buffer.from(jws.signature, 'base64url'))).toBe(true);
      expect(
        verify('sha256', Buffer.from(`${jws.protected}.e30`), publicKey, Buffer.from(jws.signature, 'base64url')),
      ).toBe(false);
    }
  });

  it('6.3: a POST-as-GET has an empty payload, which is not an empty object', () => {
    const header = { url: 'https://acme.example/x', nonce: 'n', account: 'a' };
    expect(signRequest(key, header, undefined).payload).toBe('');
    expect(signRequest(key, header, {}).payload).toBe('e30');
  });

  it('8.1: a challenge is answered by token and thumbprint, 43 characters of base64url', () => {
    expect(keyAuthorization('token', key)).toMatch(/^token\.[A-Za-z0-9_-]{43}$/);
    expect(keyAuthorization('token', key)).not.toBe(keyAuthorization('token', newAccountKey()));
  });
});
