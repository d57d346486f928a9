import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import type { WebAuthnJson } from '@cardea/server-core';
import { SITE } from './world.ts';

const UP = 0x01;
const UV = 0x04;
const AT = 0x40;
const rpHash = createHash('sha256').update(SITE.id).digest();

/** An authenticator with one ES256 credential (WebAuthn Level 3, 6.1 and 6.5), answering as a browser hands it over. */
export interface Authenticator {
  /** To `navigator.credentials.create`. */
  create(challenge: string): WebAuthnJson;
  /** To `navigator.credentials.get`. */
  get(challenge: string, counter: number): WebAuthnJson;
}

/** Makes one. Its key and name are chance of its own: nothing that is shown depends on them. */
export function authenticator(): Authenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const id = randomBytes(32);
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  // COSE_Key: {1: 2, 3: -7, -1: 1, -2: x, -3: y}
  const key = Buffer.concat([
    Buffer.from('a5010203262001215820', 'hex'),
    Buffer.from(x, 'base64url'),
    Buffer.from('225820', 'hex'),
    Buffer.from(y, 'base64url'),
  ]);
  const authenticatorData = (flags: number, counter: number): Buffer => {
    const counted = Buffer.alloc(4);
    counted.writeUInt32BE(counter);
    return Buffer.concat([rpHash, Buffer.from([flags]), counted]);
  };
  const clientData = (type: string, challenge: string): Buffer =>
    Buffer.from(JSON.stringify({ type, challenge, origin: SITE.origin, crossOrigin: false }));
  const name = id.toString('base64url');
  const envelope = (response: object): WebAuthnJson => ({
    id: name,
    rawId: name,
    type: 'public-key',
    clientExtensionResults: {},
    response,
  });
  return {
    create(challenge) {
      const credential = Buffer.concat([Buffer.alloc(16), Buffer.from([0, id.length]), id, key]);
      const data = Buffer.concat([authenticatorData(UP | UV | AT, 0), credential]);
      // {"fmt": "none", "attStmt": {}, "authData": data}
      const head = Buffer.from('a363666d74646e6f6e656761747453746d74a068617574684461746159', 'hex');
      const size = Buffer.from([data.length >> 8, data.length & 255]);
      return envelope({
        clientDataJSON: clientData('webauthn.create', challenge).toString('base64url'),
        attestationObject: Buffer.concat([head, size, data]).toString('base64url'),
        transports: ['internal'],
      });
    },
    get(challenge, counter) {
      const data = authenticatorData(UP | UV, counter);
      const said = clientData('webauthn.get', challenge);
      const signed = Buffer.concat([data, createHash('sha256').update(said).digest()]);
      return envelope({
        clientDataJSON: said.toString('base64url'),
        authenticatorData: data.toString('base64url'),
        signature: sign('sha256', signed, privateKey).toString('base64url'),
      });
    },
  };
}
