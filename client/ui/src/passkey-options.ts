import type {
  PublicKeyCredentialCreationOptionsJSON,
  PublicKeyCredentialRequestOptionsJSON,
} from '@simplewebauthn/browser';

/** A JSON object as the server and WebAuthn exchange it (WebAuthn Level 3, 5.1.8 to 5.1.10). */
export type WebAuthnJson = Readonly<Record<string, unknown>>;

/** Whether these are options for `navigator.credentials.create`: all that WebAuthn requires of them (5.4). */
export function areCreationOptions(
  options: WebAuthnJson,
): options is WebAuthnJson & PublicKeyCredentialCreationOptionsJSON {
  const { challenge, rp, user, pubKeyCredParams, excludeCredentials } = options;
  return (
    isText(challenge) &&
    hasTexts(rp, ['name']) &&
    hasTexts(user, ['id', 'name', 'displayName']) &&
    Array.isArray(pubKeyCredParams) &&
    pubKeyCredParams.every((one) => hasTexts(one, ['type']) && typeof one.alg === 'number') &&
    areDescriptors(excludeCredentials)
  );
}

/** Whether these are options for `navigator.credentials.get`: all that WebAuthn requires of them (5.5). */
export function areRequestOptions(
  options: WebAuthnJson,
): options is WebAuthnJson & PublicKeyCredentialRequestOptionsJSON {
  return isText(options.challenge) && areDescriptors(options.allowCredentials);
}

/** A list of credentials that may be left out (5.8.3). */
function areDescriptors(list: unknown): boolean {
  return list === undefined || (Array.isArray(list) && list.every((one) => hasTexts(one, ['id', 'type'])));
}

function hasTexts(value: unknown, names: readonly string[]): value is WebAuthnJson {
  return isObject(value) && names.every((name) => isText(value[name]));
}

function isObject(value: unknown): value is WebAuthnJson {
  return typeof value === 'object' && value !== null;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
