import { ApiProblem } from '@cardea/client-sdk';
import {
  browserSupportsWebAuthn,
  startAuthentication,
  startRegistration,
  WebAuthnError,
} from '@simplewebauthn/browser';
import { areCreationOptions, areRequestOptions, type WebAuthnJson } from './passkey-options.ts';

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

/**
 * Makes a passkey by what the server sent (`POST /v1/me/passkeys/options`).
 * @throws ApiProblem `malformed_answer` when those are no such options
 */
export async function makePasskey(options: WebAuthnJson): Promise<PasskeyOutcome> {
  if (!areCreationOptions(options)) throw malformed();
  return outcomeOf(() => startRegistration({ optionsJSON: options }));
}

/**
 * Signs by a passkey what the server sent (`POST /v1/sessions/passkey`, or a second step).
 * @throws ApiProblem `malformed_answer` when those are no such options
 */
export async function answerByPasskey(options: WebAuthnJson): Promise<PasskeyOutcome> {
  if (!areRequestOptions(options)) throw malformed();
  return outcomeOf(() => startAuthentication({ optionsJSON: options }));
}

function malformed(): ApiProblem {
  return new ApiProblem('malformed_answer', 'What the server sent for a passkey is not what WebAuthn asks for.');
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
