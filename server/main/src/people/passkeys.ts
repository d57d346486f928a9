import type { Passkeys, WebAuthnJson } from '@cardea/server-core';
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';

/** Whose passkeys they are: the relying party of WebAuthn. */
export interface RelyingParty {
  /** The server's public host name. */
  readonly id: string;
  /** Origins from which a browser may answer. */
  readonly origins: () => readonly string[];
}

/** ES256, EdDSA and RS256 by their COSE numbers: what authenticators have. */
const ALGORITHMS = [-7, -8, -257];
const TRANSPORTS = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb'] as const;
type AuthenticatorTransport = (typeof TRANSPORTS)[number];

/**
 * WebAuthn by @simplewebauthn/server. The user is always verified (PIN, fingerprint, ...), so that a passkey alone is two
 * factors; attestation is not asked for, because nobody here would judge authenticators by their maker.
 */
export function createPasskeys({ id: rpID, origins }: RelyingParty): Passkeys {
  return {
    async creationOptions({ challenge, person, known }) {
      const options = await generateRegistrationOptions({
        rpName: 'Cardea',
        rpID,
        challenge: octets(challenge),
        userID: new TextEncoder().encode(person.id),
        userName: person.account,
        userDisplayName: person.name,
        attestationType: 'none',
        excludeCredentials: known.map((id) => ({ id })),
        authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
        supportedAlgorithmIDs: ALGORITHMS,
      });
      return { ...options };
    },
    async verifyCreation(response, challenge) {
      try {
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          response: registration(response),
          expectedChallenge: challenge,
          expectedOrigin: [...origins()],
          expectedRPID: rpID,
          requireUserVerification: true,
          supportedAlgorithmIDs: ALGORITHMS,
        });
        if (!verified || registrationInfo === undefined) return undefined;
        const { id: credentialId, publicKey, counter, transports } = registrationInfo.credential;
        return { credentialId, publicKey: new Uint8Array(publicKey), counter, transports: [...(transports ?? [])] };
      } catch {
        // The library throws at whatever does not fit: nothing proved, whatever the reason.
        return undefined;
      }
    },
    async requestOptions({ challenge, known }) {
      const options = await generateAuthenticationOptions({
        rpID,
        challenge: octets(challenge),
        allowCredentials: known.map((id) => ({ id })),
        userVerification: 'required',
      });
      return { ...options };
    },
    async verifyAssertion(response, challenge, { credentialId, publicKey }) {
      try {
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          response: assertion(response),
          expectedChallenge: challenge,
          expectedOrigin: [...origins()],
          expectedRPID: rpID,
          // The counter that was seen is the core's to compare: here any counter is let through.
          credential: { id: credentialId, publicKey: new Uint8Array(publicKey), counter: 0 },
          requireUserVerification: true,
        });
        return verified ? { counter: authenticationInfo.newCounter } : undefined;
      } catch {
        return undefined;
      }
    },
  };
}

function octets(base64url: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(base64url, 'base64url'));
}

/** What the browser says of a new passkey, each member that the library reads looked at. @throws TypeError */
function registration(credential: WebAuthnJson): RegistrationResponseJSON {
  const response = object(credential.response, 'response');
  return {
    ...credentialOf(credential),
    response: {
      clientDataJSON: text(response.clientDataJSON, 'clientDataJSON'),
      attestationObject: text(response.attestationObject, 'attestationObject'),
      transports: transportsOf(response.transports),
    },
  };
}

/** What the browser says of a passkey that was used. @throws TypeError */
function assertion(credential: WebAuthnJson): AuthenticationResponseJSON {
  const response = object(credential.response, 'response');
  return {
    ...credentialOf(credential),
    response: {
      clientDataJSON: text(response.clientDataJSON, 'clientDataJSON'),
      authenticatorData: text(response.authenticatorData, 'authenticatorData'),
      signature: text(response.signature, 'signature'),
    },
  };
}

function credentialOf({ id, rawId, type }: WebAuthnJson) {
  if (type !== 'public-key') throw new TypeError('type is not public-key');
  return { id: text(id, 'id'), rawId: text(rawId, 'rawId'), type, clientExtensionResults: {} } as const;
}

/** Ways to reach the authenticator, as far as they are known ones: a hint, nothing more. */
function transportsOf(given: unknown): AuthenticatorTransport[] {
  return Array.isArray(given) ? TRANSPORTS.filter((one) => given.includes(one)) : [];
}

function object(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${name} is no object`);
  return { ...value };
}

function text(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new TypeError(`${name} is no text`);
  return value;
}
