import { equalSecret } from '@cardea/kit-octets';
import type { Secret } from '@cardea/kit-runtime';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Person } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { codeHash, newDigits, newInvitation, plainCode } from './codes.ts';
import type { Address, Channel, Verification } from './model.ts';
import type { Notice } from './ports.ts';

/** How long a code of six digits counts. */
const CODE_MS = 10 * 60_000;
/** How long the link of an invitation counts. */
const INVITATION_MS = 7 * 24 * 3_600_000;
/** Wrong codes that are looked at. */
export const CODE_TRIES = 5;
/** Codes for one address: at most so many in so long. Ten a day with five tries each: a guess succeeds about 5e-5 a day. */
const BOUNDS = [
  { most: 1, withinMs: 30_000 },
  { most: 5, withinMs: 3_600_000 },
  { most: 10, withinMs: 24 * 3_600_000 },
] as const;
/** Rows are kept past their end as long as they count. */
const KEPT_MS = 24 * 3_600_000;
/** Codes that one sender asks for in an hour, whatever the addresses. */
const SENDER_MOST = 20;
const SENDER_WITHIN_MS = 3_600_000;
const SENDERS_MOST = 10_000;

/** What a wrong, used, expired and unknown code are answered alike. */
export function badCode(): CoreError {
  return new CoreError('bad_code', 'the code is wrong, was used, or has expired', { field: 'code' });
}

/** Who is reached by an address: by the sign-in name, or one that was proved since. Asks the same of the record for nobody. */
export async function personReachedBy(
  tx: Transaction,
  organizationId: string,
  address: string,
): Promise<Person | undefined> {
  const named = await tx.persons.byEmail(organizationId, address);
  const contact = await tx.contacts.byAddress(organizationId, address);
  const contacted = await tx.persons.get(organizationId, contact?.personId ?? '');
  return named ?? contacted;
}

/** A code about to be sent; `notice` undefined where nobody is told anything. */
export interface CodeDraft extends Address {
  readonly organizationId: string;
  readonly purpose: Verification['purpose'];
  readonly personId: string | null;
  readonly name: string | null;
  /** Whether the code is a good one; else nothing fits it. */
  readonly good: boolean;
  readonly notice: Pick<Notice, 'kind' | 'name' | 'host'> | undefined;
}

/** A code that is kept: its answer is for whoever is told it, null where nothing fits; `send` is for after the commit. */
export interface KeptCode {
  readonly verification: Verification;
  readonly answer: Notice['answer'];
  readonly send: () => void;
}

/** Codes from their sending to their end. */
export interface Codes {
  /** @throws CoreError `unavailable` when nothing is set up to send by */
  requireChannel(channel: Channel): void;
  /** @throws CoreError `too_many` when the sender has asked too often */
  admitSender(from: string): void;
  /**
   * Keeps a code in the unit at hand; `send` is for after its commit.
   * @throws CoreError `too_many` when the address was sent enough, known or not
   */
  keep(tx: Transaction, draft: CodeDraft): Promise<KeptCode>;
  /** The code's row when it is right; each wrong one costs a try. @throws CoreError `bad_code` */
  check(verificationId: string, code: Secret<string>): Promise<Verification>;
}

/** Codes over the record and the notifier. */
export function createCodes(context: Context): Codes {
  const { clock, notifier } = context.ports;
  const senders = new Map<string, { readonly since: number; count: number }>();

  return {
    requireChannel(channel) {
      if (notifier?.channels.includes(channel) === true) return;
      const what = channel === 'sms' ? 'text messages' : 'e-mail';
      throw new CoreError('unavailable', `this server is not set up to send ${what}`, { retryAfterS: 3600 });
    },

    admitSender(from) {
      const now = clock.monotonic();
      const known = senders.get(from);
      const window = known !== undefined && now < known.since + SENDER_WITHIN_MS ? known : { since: now, count: 0 };
      if (window.count >= SENDER_MOST) {
        const retryAfterS = Math.ceil((window.since + SENDER_WITHIN_MS - now) / 1000);
        throw new CoreError('too_many', 'too many codes were asked for from this address', { retryAfterS });
      }
      window.count++;
      senders.delete(from);
      senders.set(from, window);
      if (senders.size > SENDERS_MOST) for (const oldest of senders.keys()) if (senders.delete(oldest)) break;
    },

    async keep(tx, draft) {
      const now = context.now();
      await tx.verifications.removeExpired(now - KEPT_MS);
      const { organizationId, channel, address } = draft;
      const asked = await tx.verifications.askedSince(organizationId, address, now - KEPT_MS);
      for (const { most, withinMs } of BOUNDS) {
        const within = asked.filter((at) => at > now - withinMs);
        const oldest = within.at(-most);
        if (oldest === undefined) continue;
        const retryAfterS = Math.ceil((oldest + withinMs - now) / 1000);
        throw new CoreError('too_many', `codes were sent to this address: wait ${retryAfterS} s`, { retryAfterS });
      }
      const invited = draft.purpose === 'invitation';
      const code = invited ? newInvitation(context) : newDigits(context);
      const id = context.newId('ver');
      const hash = (await codeHash(context, tx))(`${draft.purpose} ${id} `, plainCode(code));
      const verification: Verification = {
        id,
        organizationId,
        purpose: draft.purpose,
        channel,
        address,
        personId: draft.personId,
        name: draft.name,
        codeHash: draft.good ? hash : null,
        triesLeft: CODE_TRIES,
        createdAt: now,
        expiresAt: now + (invited ? INVITATION_MS : CODE_MS),
      };
      await tx.verifications.insert(verification);
      const organization = (await tx.organizations.get(organizationId))?.name ?? '';
      const { notice } = draft;
      const answer = draft.good ? { verificationId: id, code, expiresAt: verification.expiresAt } : null;
      return {
        verification,
        answer,
        send: () => {
          if (notice !== undefined) notifier?.send({ channel, address, organization, answer, ...notice });
        },
      };
    },

    async check(verificationId, code) {
      const row = await context.write(async (tx) => {
        const hash = await codeHash(context, tx);
        const row = await tx.verifications.byId(verificationId);
        const open = row !== undefined && row.expiresAt > context.now() && row.triesLeft > 0;
        // Written whether there is such a row or not: nobody learns by the work that an id was one.
        const triesLeft = Math.max(0, (row?.triesLeft ?? 0) - 1);
        await tx.verifications.update(row?.organizationId ?? '', row?.id ?? '', { triesLeft });
        const given = hash(`${row?.purpose ?? ''} ${verificationId.slice(0, 80)} `, plainCode(code));
        const right = equalSecret(given, row?.codeHash ?? new Uint8Array(given.length));
        return open && right && row.codeHash !== null ? row : undefined;
      });
      if (row === undefined) throw badCode();
      return row;
    },
  };
}
