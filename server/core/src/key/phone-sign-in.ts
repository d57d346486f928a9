import { concat, fromAscii } from '@cardea/kit-octets';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Person, Phone } from '../model.ts';
import type { Installation } from '../organization/installation.ts';
import type { Sessions } from '../person/sessions.ts';
import type { TryLimit } from '../person/try-limit.ts';
import { createSignInChallenges } from './sign-in-challenges.ts';
import type { PhoneSignInUseCases } from './use-cases.ts';

const LABEL = fromAscii('cardea-sign-in-1');
/** Longest origin that a phone could have signed: a host name of 253 characters, its scheme and port. */
const ORIGIN_MOST = 270;

/** What a phone signs to begin a session: "cardea-sign-in-1" | challenge(54) | its public key(65) | origin in ASCII. */
export function signInSigned(challenge: Uint8Array, publicKey: Uint8Array, origin: string): Uint8Array {
  return concat(LABEL, challenge, publicKey, fromAscii(origin.slice(0, ORIGIN_MOST)));
}

/** What beginning a session by a phone's key is made of. */
export interface PhoneSignInParts {
  readonly installation: Installation;
  readonly sessions: Sessions;
  readonly tries: TryLimit;
}

/** Sessions that phones begin by their keys, so that nobody types a password every twelve hours (docs/people.md). */
export function phoneSignInUseCases(
  context: Context,
  { installation, sessions, tries }: PhoneSignInParts,
): PhoneSignInUseCases {
  const { ports, read, write } = context;
  const challenges = createSignInChallenges(context);
  /** One refusal for everything that is about the phone: unknown, lost, signed out, of nobody, signed wrongly. */
  const refused = (): CoreError =>
    new CoreError('bad_credentials', 'this phone cannot sign in by its key: sign in with the password');

  const signedHere = async (publicKey: Uint8Array, challenge: Uint8Array, signature: Uint8Array): Promise<boolean> => {
    for (const origin of ports.origins?.() ?? []) {
      if (await ports.keys.verify(publicKey, signInSigned(challenge, publicKey, origin), signature)) return true;
    }
    return false;
  };

  /** Who holds the key of a phone that may not sign in is worth a look: it may be the finder of a lost one. */
  const turnedAway = async ({ organizationId, personId, id }: Phone, from: string): Promise<never> => {
    await tries.enter(id);
    const detail = { from, known_person: true, step: 'phone', phone_id: id };
    await write(
      async (_, note) => void (await note({ organizationId, type: 'person.sign_in_failed', personId, detail })),
    );
    throw refused();
  };

  return {
    challenge: async () => challenges.make(),

    async signIn({ organizationId, publicKey, challenge, signature }, from) {
      challenges.check(challenge);
      // Before anything is looked for: only whoever holds a key learns what becomes of it.
      if (!(await signedHere(publicKey, challenge, signature))) throw refused();
      challenges.use(challenge);
      const organization = organizationId ?? (await installation.organizationId()) ?? '';
      const one = { after: undefined, limit: 1 };
      const found = await read(async (tx): Promise<{ phone: Phone; person: Person } | undefined> => {
        const [phone] = await tx.access.phones.list(organization, { publicKey }, one);
        const person = phone && (await tx.persons.get(organization, phone.personId));
        return person && phone && { phone, person };
      });
      if (found === undefined) throw refused();
      const { phone, person } = found;
      if (phone.state !== 'active' || !phone.signsIn) return turnedAway(phone, from);
      const begun = await sessions.beginByPhone(person, phone, from);
      if (begun === undefined) throw refused();
      return begun;
    },
  };
}
