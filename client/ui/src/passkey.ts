import {
  browserSupportsWebAuthn,
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';

/** A JSON object as the server and WebAuthn exchange it (WebAuthn Level 3, 5.1.8 to 5.1.10). */
type WebAuthnJson = Readonly<Record<string, unknown>>;

/** What came of asking for a passkey: the answer for the server, or why there is none. */
export type PasskeyOutcome =
  | { readonly kind: 'answered'; readonly response: Record<string, unknown> }
  /** The person closed the browser's dialog, or it ran out of time: browsers do not tell the two apart. */
  | { readonly kind: 'given_up' }
  /** This authenticator holds a passkey of this person already. */
  | { readonly kind: 'known_already' }
  /** The browser refuses passkeys at this address: it has to be a domain name over HTTPS, not an IP address. */
  | { readonly kind: 'wrong_address' };

/** Whether this browser can use passkeys at all. */
export function passkeysWork(): boolean {
  return browserSupportsWebAuthn();
}

/** Makes a passkey by what the server sent (`POST /v1/me/passkeys/options`). */
export function makePasskey(options: WebAuthnJson): Promise<PasskeyOutcome> {
  // The server made these by the same specification; the browser checks them anew.
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON;
  return outcomeOf(() => startRegistration({ optionsJSON }));
}

/** Signs by a passkey what the server sent (`POST /v1/sessions/passkey`, or a second step). */
export function answerByPasskey(options: WebAuthnJson): Promise<PasskeyOutcome> {
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON;
  return outcomeOf(() => startAuthentication({ optionsJSON }));
}

async function outcomeOf(ask: () => Promise<object>): Promise<PasskeyOutcome> {
  try {
    return { kind: 'answered', response: { ...(await ask()) } };
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (error.name === 'InvalidStateError') return { kind: 'known_already' };
    if (error.name === 'SecurityError') return { kind: 'wrong_address' };
    if (error.name === 'NotAllowedError' || error.name === 'AbortError') return { kind: 'given_up' };
    if (error instanceof WebAuthnError && error.code === 'ERROR_CEREMONY_ABORTED') return { kind: 'given_up' };
    throw error;
  }
}
