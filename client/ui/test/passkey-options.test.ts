import { expect, it } from 'vitest';
import { areCreationOptions, areRequestOptions, type WebAuthnJson } from '../src/passkey-options.ts';

const CREATION: WebAuthnJson = {
  challenge: 'Y2hhbGxlbmdl',
  rp: { name: 'Cardea', id: 'localhost' },
  user: { id: 'cGVyc29u', name: 'resident@example.org', displayName: 'Guest 1' },
  pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
  excludeCredentials: [{ id: 'a2V5', type: 'public-key' }],
};
const REQUEST: WebAuthnJson = { challenge: 'Y2hhbGxlbmdl', allowCredentials: [{ id: 'a2V5', type: 'public-key' }] };

it('takes options that have all that WebAuthn requires', () => {
  expect(areCreationOptions(CREATION)).toBe(true);
  expect(areRequestOptions(REQUEST)).toBe(true);
  expect(areRequestOptions({ challenge: REQUEST.challenge })).toBe(true);
});

it.each([
  ['no challenge', { challenge: undefined }],
  ['an empty challenge', { challenge: '' }],
  ['a challenge that is octets', { challenge: new Uint8Array(4) }],
  ['no relying party', { rp: null }],
  ['a relying party without a name', { rp: { id: 'localhost' } }],
  ['a user without an id', { user: { name: 'a', displayName: 'a' } }],
  ['parameters that are no list', { pubKeyCredParams: {} }],
  ['an algorithm in words', { pubKeyCredParams: [{ type: 'public-key', alg: 'ES256' }] }],
  ['a credential without an id', { excludeCredentials: [{ type: 'public-key' }] }],
])('refuses options to make a passkey with %s', (_, change) => {
  expect(areCreationOptions({ ...CREATION, ...change })).toBe(false);
});

it.each([
  ['no challenge', { challenge: 7 }],
  ['a list of credentials that is none', { allowCredentials: 'all' }],
  ['a credential that is none', { allowCredentials: [null] }],
])('refuses a request for a passkey with %s', (_, change) => {
  expect(areRequestOptions({ ...REQUEST, ...change })).toBe(false);
});
