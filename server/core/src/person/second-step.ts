import { fromAscii, toHex } from '@cardea/kit-octets';
import type { Secret } from '@cardea/kit-runtime';
import type { Context } from '../context.ts';
import { CoreError, type PendingSignIn } from '../errors.ts';
import type { Person } from '../model.ts';
import type { Installation } from '../organization/installation.ts';
import type { Transaction } from '../ports.ts';
import { newChallenge } from './challenge.ts';
import { codeHash, recoveryHash } from './codes.ts';
import { passkeysOf, plain, totpOf } from './factors.ts';
import type { LockOut } from './lock-out.ts';
import type { Passkey, SignInFactor, SignInStep } from './model.ts';
import { accountOf } from './own-password.ts';
import type { SecondStepAnswer, SecondStepUseCases } from './people.ts';
import type { WebAuthnJson } from './ports.ts';
import { deviceName, type Sessions } from './sessions.ts';
import { newBearer } from './tokens.ts';
import type { TryLimit } from './try-limit.ts';
import { badCode } from './verification.ts';

/** How long the second step may take. */
const STEP_MS = 5 * 60_000;
/** Answers that are looked at. */
const STEP_TRIES = 5;
/** Steps that are open at once: of one person, and of everybody who has not said yet who it is. */
const STEPS_MOST = { person: 20, strangers: 1000 } as const;
const EVERY = { after: undefined, limit: STEPS_MOST.strangers };

/** The second step, and what begins it. */
export interface SecondStep extends SecondStepUseCases {
  /**
   * What a person whose password was right still has to prove; undefined when that is all. What is begun is no session: it
   * can be answered, and nothing else.
   */
  begin(person: Person, account: string, device: string): Promise<PendingSignIn | undefined>;
}

/** The second step over the record. */
export function createSecondStep(
  context: Context,
  installation: Installation,
  sessions: Sessions,
  lockOut: LockOut,
  limit: TryLimit,
): SecondStep {
  const hashOf = (step: Secret<string>): string =>
    toHex(
      context.ports.primitives.sha256(
        fromAscii(
          step
            .reveal()
            .replace(/[^\x20-\x7e]/g, '?')
            .slice(0, 128),
        ),
      ),
    );

  const open = async (
    tx: Transaction,
    given: Pick<
      SignInStep,
      'organizationId' | 'personId' | 'purpose' | 'challenge' | 'account' | 'device' | 'triesLeft'
    >,
  ): Promise<{ step: Secret<string>; expiresAt: number }> => {
    const now = context.now();
    await tx.signInSteps.removeExpired(now);
    const { organizationId, personId, purpose } = given;
    const most = personId === null ? STEPS_MOST.strangers : STEPS_MOST.person;
    const others = await tx.signInSteps.list(organizationId, { personId, purpose }, EVERY);
    for (const { id } of others.slice(0, Math.max(0, others.length + 1 - most))) {
      await tx.signInSteps.remove(organizationId, id);
    }
    const step = newBearer(context, 'cp');
    const row = { ...given, id: context.newId('step'), hash: hashOf(step), expiresAt: now + STEP_MS, createdAt: now };
    await tx.signInSteps.insert(row);
    return { step, expiresAt: row.expiresAt };
  };

  /** One try at a step: a challenge is used up by it, codes may be tried again. */
  const take = async (step: Secret<string>, kind: SecondStepAnswer['kind']): Promise<SignInStep | undefined> => {
    const hash = hashOf(step);
    return context.write(async (tx) => {
      const row = await tx.signInSteps.byHash(hash);
      if (row === undefined || row.purpose === 'passkey-registration') return undefined;
      if (row.expiresAt <= context.now() || row.triesLeft <= 0) return undefined;
      if (row.purpose === 'passkey-sign-in' && kind !== 'passkey') return undefined;
      const { organizationId, id } = row;
      const challenge = kind === 'passkey' ? '' : row.challenge;
      await tx.signInSteps.update(organizationId, id, { triesLeft: row.triesLeft - 1, challenge });
      return row;
    });
  };

  const totpFits = (personId: string, code: Secret<string>): Promise<boolean> =>
    context.write(async (tx) => {
      const totp = await tx.totps.get(personId);
      const secret = await tx.totps.secret(personId);
      if (totp === undefined || secret === undefined || totp.confirmedAt === null) return false;
      const used = totpOf(context).verifyTotp(secret, plain(code), context.now(), totp.usedStep);
      if (used === undefined) return false;
      await tx.totps.update(personId, { usedStep: used, confirmedAt: totp.confirmedAt });
      return true;
    });

  const recoveryFits = ({ organizationId, id: personId }: Person, code: Secret<string>): Promise<boolean> =>
    context.write(async (tx, note) => {
      const hash = recoveryHash(await codeHash(context, tx), personId, code);
      const [row] = await tx.recoveryCodes.list(organizationId, { personId, hash }, { after: undefined, limit: 1 });
      if (row === undefined || row.usedAt !== null) return false;
      await tx.recoveryCodes.update(organizationId, row.id, { usedAt: context.now() });
      await note({ organizationId, type: 'person.recovery_code_used', personId });
      return true;
    });

  /** The passkey that has signed the step's challenge; a counter that did not rise means that there is a copy of it. */
  const signedBy = async (step: SignInStep, response: WebAuthnJson): Promise<Passkey | undefined> => {
    const { id: credentialId } = response;
    if (typeof credentialId !== 'string' || step.challenge === '') return undefined;
    const passkey = await context.read((tx) => tx.passkeys.byCredential(credentialId.slice(0, 2048)));
    if (passkey === undefined || passkey.organizationId !== step.organizationId) return undefined;
    if (step.personId !== null && passkey.personId !== step.personId) return undefined;
    const proved = await passkeysOf(context).verifyAssertion(response, step.challenge, passkey);
    if (proved === undefined) return undefined;
    return context.write(async (tx, note) => {
      const { organizationId, id, personId } = passkey;
      const known = await tx.passkeys.get(organizationId, id);
      if (known === undefined) return undefined;
      const counts = proved.counter !== 0 || known.counter !== 0;
      if (counts && proved.counter <= known.counter) {
        await note({ organizationId, type: 'person.passkey_copied', personId, detail: { passkey_id: id } });
        return undefined;
      }
      await tx.passkeys.update(organizationId, id, { counter: proved.counter, lastUsedAt: context.now() });
      return known;
    });
  };

  const failed = async (person: Person, from: string, kind: SecondStepAnswer['kind']): Promise<never> => {
    await context.write(async (_, note) => {
      await note({
        organizationId: person.organizationId,
        type: 'person.sign_in_failed',
        personId: person.id,
        detail: { from, known_person: true, step: kind },
      });
    });
    throw badCode();
  };

  const personOf = (organizationId: string, personId: string): Promise<Person | undefined> =>
    context.read((tx) => tx.persons.get(organizationId, personId));

  return {
    async begin(person, account, device) {
      const { organizationId, id: personId } = person;
      const pending = await context.write(async (tx) => {
        const totp = await tx.totps.get(personId);
        const hasTotp = totp !== undefined && totp.confirmedAt !== null;
        const passkeys = await tx.passkeys.list(organizationId, { personId }, EVERY);
        if (!hasTotp && passkeys.length === 0) return undefined;
        const challenge = newChallenge(context);
        const opened = await open(tx, {
          organizationId,
          personId,
          purpose: 'second-factor',
          challenge,
          account,
          device,
          triesLeft: STEP_TRIES,
        });
        return { ...opened, challenge, hasTotp, known: passkeys.map(({ credentialId }) => credentialId) };
      });
      if (pending === undefined) return undefined;
      const { step, expiresAt, challenge, hasTotp, known } = pending;
      const { passkeys } = context.ports;
      const asks = known.length > 0 && passkeys !== undefined;
      return {
        step,
        expiresAt,
        methods: [...(hasTotp ? ['totp' as const] : []), ...(asks ? ['passkey' as const] : []), 'recovery_code'],
        passkey: asks ? await passkeys.requestOptions({ challenge, known }) : null,
      };
    },

    async beginPasskeySignIn(named, device) {
      const passkeys = passkeysOf(context);
      const own = await installation.organizationId();
      const challenge = newChallenge(context);
      const { step } = await context.write(async (tx) => {
        // An organization that is not there is asked like one in which nobody has a passkey.
        const there = await tx.organizations.get(named ?? own ?? '');
        const organizationId = there?.id ?? own;
        if (organizationId === undefined) throw new CoreError('unavailable', 'nobody can sign in here yet');
        return open(tx, {
          organizationId,
          personId: null,
          purpose: 'passkey-sign-in',
          challenge: there === undefined ? '' : challenge,
          account: '',
          device: deviceName(device),
          triesLeft: 1,
        });
      });
      return { step, options: await passkeys.requestOptions({ challenge, known: [] }) };
    },

    async answer(step, answer, from) {
      const row = await take(step, answer.kind);
      if (row === undefined) throw badCode();
      let person: Person | undefined;
      let factor: SignInFactor;
      if (answer.kind === 'passkey') {
        const passkey = await signedBy(row, answer.response);
        factor = 'passkey';
        person = passkey && (await personOf(row.organizationId, passkey.personId));
        if (person === undefined) {
          const asked = row.personId === null ? undefined : await personOf(row.organizationId, row.personId);
          if (asked !== undefined) return failed(asked, from, 'passkey');
          throw badCode();
        }
      } else {
        person = await personOf(row.organizationId, row.personId ?? '');
        if (person === undefined) throw badCode();
        await limit.enter(person.id);
        const fits = answer.kind === 'totp' ? totpFits(person.id, answer.code) : recoveryFits(person, answer.code);
        if (!(await fits)) return failed(person, from, answer.kind);
        await limit.succeeded(person.id);
        factor = answer.kind;
      }
      // One session a step, however many answer it at the same time.
      const ended = await context.write((tx) => tx.signInSteps.remove(row.organizationId, row.id));
      if (!ended) throw badCode();
      const { account } = row;
      await lockOut.succeeded(account === '' ? accountOf(person.organizationId, person.email) : account, from);
      return sessions.begin(person, { factor, from, device: row.device });
    },
  };
}
