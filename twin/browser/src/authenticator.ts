import type { Page } from 'playwright-core';

/** A security key in the machine itself, with a user who is present and whom it knows. */
export interface Authenticator {
  /** How many passkeys it keeps. */
  count(): Promise<number>;
  /** Whether it knows its user from now on (a right or a wrong finger). */
  knowsUser(known: boolean): Promise<void>;
  remove(): Promise<void>;
}

/** Gives the page a virtual authenticator (CTAP 2, discoverable credentials, user verification). */
export async function addAuthenticator(page: Page): Promise<Authenticator> {
  const session = await page.context().newCDPSession(page);
  await session.send('WebAuthn.enable');
  const { authenticatorId } = await session.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    count: async () => (await session.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    knowsUser: async (isUserVerified) => {
      await session.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified });
    },
    remove: async () => {
      await session.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
      await session.detach();
    },
  };
}
