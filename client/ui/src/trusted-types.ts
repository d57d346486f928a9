/** The part of Trusted Types (W3C) that is used here; TypeScript's own types of the browser do not have it yet. */
interface PolicyFactory {
  createPolicy(name: string, rules: PolicyRules): unknown;
}

/** What may become of a string that is handed to a sink: null refuses it, and the browser throws at the caller. */
interface PolicyRules {
  readonly createHTML: (text: string) => string | null;
  readonly createScriptURL: (url: string) => string | null;
}

/** The one script that an app loads by its address. */
const SERVICE_WORKER = '/phone/worker.js';

/**
 * Makes the one policy that the server's header admits, `default`, through which every string has to go that a library
 * hands to a sink of the document (`require-trusted-types-for 'script'`): text without markup, which the console's
 * components set as the content of style elements, and the address of the service worker. All else is refused, also to
 * ourselves. Called once, before anything is drawn; does nothing where a browser has no Trusted Types.
 */
export function startTrustedTypes(): void {
  policyFactory()?.createPolicy('default', {
    createHTML: (text) => (isPlainText(text) ? text : null),
    createScriptURL: (url) => (isServiceWorker(url, location.origin) ? url : null),
  });
}

/** Whether a string makes no element, comment or entity wherever it is parsed. */
export function isPlainText(text: string): boolean {
  return !/[<&]/.test(text);
}

/** Whether an address, as a page of `origin` would resolve it, is that of the phone's service worker. */
export function isServiceWorker(url: string, origin: string): boolean {
  return URL.canParse(url, origin) && new URL(url, origin).href === `${origin}${SERVICE_WORKER}`;
}

function policyFactory(): PolicyFactory | undefined {
  const { trustedTypes } = globalThis as { readonly trustedTypes?: PolicyFactory };
  return trustedTypes;
}
