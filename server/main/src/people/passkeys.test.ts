import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { WebAuthnJson } from '@cardea/server-core';
import { describe, expect, it } from 'vitest';
import { createPasskeys } from './passkeys.ts';

const ORIGIN = 'https://locks.test';
const CHALLENGE = Buffer.alloc(32, 7).toString('base64url');
const passkeys = createPasskeys({ id: 'locks.test', origins: () => [ORIGIN] });
const UP = 0x01;
const UV = 0x04;
const AT = 0x40;

/** A software authenticator (WebAuthn Level 3, 6.1 and 6.5): one ES256 credential, its answers as a browser hands them over. */
function authenticator() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = createHash('sha256').update('credential').digest();
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const [px, py] = [Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  // COSE_Key: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
  const key = Buffer.concat([Buffer.from('a5010203262001215820', 'hex'), px, Buffer.from('225820', 'hex'), py]);
  const rpHash = (rp: string): Buffer => createHash('sha256').update(rp).digest();
  const counted = (counter: number): Buffer => {
    const octets = Buffer.alloc(4);
    octets.writeUInt32BE(counter);
    return octets;
  };
  const clientData = (type: string, challenge: string, origin: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin, crossOrigin: false }));
  const envelope = (response: object): WebAuthnJson => ({
    id: id.toString('base64url'),
    rawId: id.toString('base64url'),
    type: 'public-key',
    clientExtensionResults: {},
    response,
  });
  return {
    id: id.toString('base64url'),
    create({ challenge = CHALLENGE, origin = ORIGIN, rp = 'locks.test', flags = UP | UV | AT } = {}): WebAuthnJson {
      const length = Buffer.from([0, id.length]);
      const data = Buffer.concat([rpHash(rp), Buffer.from([flags]), counted(0), Buffer.alloc(16), length, id, key]);
      // {"fmt": "none", "attStmt": {}, "authData": data}
      const head = Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex');
      const size = Buffer.from([data.length >> 8, data.length & 255]);
      return envelope({
        clientDataJSON: clientData('webauthn.create', challenge, origin).toString('base64url'),
        attestationObject: Buffer.concat([head, size, data]).toString('base64url'),
        transports: ['internal'],
      });
    },
    get(
      { challenge = CHALLENGE, origin = ORIGIN, rp = 'locks.test', flags = UP | UV, counter = 1 } = {},
      signer: KeyObject = privateKey,
    ): WebAuthnJson {
      const data = Buffer.concat([rpHash(rp), Buffer.from([flags]), counted(counter)]);
      const said = clientData('webauthn.get', challenge, origin);
      const signed = Buffer.concat([data, createHash('sha256').update(said).digest()]);
      return envelope({
        clientDataJSON: said.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, signer).toString('base64url'),
      });
    },
  };
}

describe('passkeys by a software authenticator', () => {
  it('a creation for this server, its challenge and its origin, with the user verified, is taken', async () => {
    const device = authenticator();
    const made = await passkeys.verifyCreation(device.create(), CHALLENGE);
    expect(made).toMatchObject({ credentialId: device.id, counter: 0, transports: ['internal'] });
    expect(made?.publicKey.length).toBe(77);
  });

  it.each([
    ['another challenge', { challenge: Buffer.alloc(32, 8).toString('base64url') }],
    ['another origin', { origin: 'https://evil.test' }],
    ['another server', { rp: 'evil.test' }],
    ['nobody present', { flags: UV | AT }],
    ['the user not verified', { flags: UP | AT }],
  ])('a creation with %s is not', async (_, change) => {
    expect(await passkeys.verifyCreation(authenticator().create(change), CHALLENGE)).toBeUndefined();
  });

  it('an assertion is taken by its signature alone, and says its counter', async () => {
    const device = authenticator();
    const made = await passkeys.verifyCreation(device.create(), CHALLENGE);
    if (made === undefined) throw new Error('not created');
    const verify = (response: WebAuthnJson) => passkeys.verifyAssertion(response, CHALLENGE, made);
    expect(await verify(device.get({ counter: 9 }))).toEqual({ counter: 9 });
    expect(await verify(device.get({ counter: 0 }))).toEqual({ counter: 0 });
    const refused = [
      device.get({ challenge: Buffer.alloc(32, 8).toString('base64url') }),
      device.get({ origin: 'https://evil.test' }),
      device.get({ rp: 'evil.test' }),
      device.get({ flags: UP }),
      device.get({}, generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey),
    ];
    for (const response of refused) expect(await verify(response)).toBeUndefined();
  });

  it.each([
    {},
    { id: 'x' },
    { id: 'x', rawId: 'x', type: 'public-key', response: null },
    { id: 'x', rawId: 'x', type: 'public-key', response: { clientDataJSON: {} } },
    { id: 'x', rawId: 'x', type: 'public-key', response: { clientDataJSON: '', attestationObject: '' } },
  ])('%j proves nothing, and breaks nothing', async (response) => {
    expect(await passkeys.verifyCreation(response, CHALLENGE)).toBeUndefined();
    const known = { credentialId: 'x', publicKey: new Uint8Array(77) };
    expect(await passkeys.verifyAssertion(response, CHALLENGE, known)).toBeUndefined();
  });

  it('its options ask for the user’s verification and name what is known', async () => {
    const person = { id: 'per_1', name: 'Gwen', account: 'gwen@guest.test' };
    const creation = await passkeys.creationOptions({ challenge: CHALLENGE, person, known: ['AAAA'] });
    expect(creation).toMatchObject({
      challenge: CHALLENGE,
      rp: { id: 'locks.test' },
      excludeCredentials: [{ id: 'AAAA' }],
      authenticatorSelection: { userVerification: 'required' },
    });
    const request = await passkeys.requestOptions({ challenge: CHALLENGE, known: ['AAAA'] });
    expect(request).toMatchObject({ challenge: CHALLENGE, rpId: 'locks.test', userVerification: 'required' });
  });
});
