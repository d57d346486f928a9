import { seededRandom } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import type { Actor, Channel, CorePorts, Notice, Passkeys, SecondFactors } from '../src/index.ts';
import { openWorld, PASSWORD, type World } from './kit.ts';

/** Where the tests sign in from. */
export const HOME = '192.0.2.1';
export const NEXT: Secret<string> = new Secret('another passphrase');

/** A hotel with ways to its people that the test looks into. */
export interface PeopleWorld extends World {
  /** What was sent, oldest first. */
  readonly notices: Notice[];
  readonly forgotten: string[];
  /** The newest code that was sent to an address. */
  codeFor(address: string): { readonly id: string; readonly code: Secret<string> };
  /** A signed-in actor by e-mail and password. */
  signIn(email: string, password?: Secret<string>): Promise<Actor>;
}

/** Codes by time of the tests: the secret's first octet, and the step. */
export const testFactors: SecondFactors = {
  secretOctets: 20,
  verifyTotp(secret, code, nowMs, usedStep) {
    const step = Math.floor(nowMs / 30_000);
    return code === totpAt(secret, step) && step > usedStep ? step : undefined;
  },
  totpUri: (secret) => new Secret(`otpauth://totp/test?secret=${secret.reveal()[0]}`),
  totpText: (secret) => new Secret(String(secret.reveal()[0])),
};

export function totpAt(secret: Secret, step: number): string {
  return String((secret.reveal()[0] ?? 0) * 1000 + (step % 1000)).padStart(6, '0');
}

/** Passkeys of the tests: `{id, challenge, counter}` proves the credential. */
export const testPasskeys: Passkeys = {
  creationOptions: async ({ challenge, known }) => ({ challenge, known }),
  verifyCreation: async (response, challenge) =>
    response.challenge === challenge
      ? { credentialId: String(response.id), publicKey: Uint8Array.of(1), counter: 0, transports: [] }
      : undefined,
  requestOptions: async ({ challenge, known }) => ({ challenge, known }),
  verifyAssertion: async (response, challenge, { credentialId }) =>
    response.challenge === challenge && response.id === credentialId
      ? { counter: Number(response.counter) }
      : undefined,
};

/** Opens a hotel; `channels` are those that messages are sent by, `origins` where browsers find it. */
export async function openPeople(
  channels: readonly Channel[] = ['email', 'sms'],
  origins?: readonly string[],
): Promise<PeopleWorld> {
  const notices: Notice[] = [];
  const forgotten: string[] = [];
  const ports: Partial<CorePorts> = {
    notifier: {
      channels,
      send: (notice) => void notices.push(notice),
      forget: async (address) => void forgotten.push(address),
    },
    secondFactors: testFactors,
    passkeys: testPasskeys,
    ...(origins && { origins: () => origins }),
    random: seededRandom('people'),
  };
  const world = await openWorld({ ports });
  return {
    ...world,
    notices,
    forgotten,
    codeFor(address) {
      const notice = notices.findLast((one) => one.address === address && one.answer !== null);
      if (notice?.answer == null) throw new Error(`nothing was sent to ${address}`);
      return { id: notice.answer.verificationId, code: notice.answer.code };
    },
    async signIn(email, password = PASSWORD) {
      const { token } = await world.core.access.signIn(email, password, HOME);
      return world.core.access.authenticate(token, HOME);
    },
  };
}
