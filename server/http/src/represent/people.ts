import type {
  AskedCode,
  Contact,
  FactorsView,
  Passkey,
  PendingSignIn,
  SessionView,
  SignInPolicy,
} from '@cardea/server-core';
import type * as api from '@cardea/wire-api';
import { time } from './time.ts';

/** A code that was asked for. */
export function askedCode({ verificationId, expiresAt }: AskedCode): api.AskedCode {
  return { verification_id: verificationId, expires_at: time(expiresAt) };
}

/** An address of a person. */
export function contact({ id, channel, address, verifiedAt }: Contact): api.Contact {
  return { id, channel, address, verified_at: time(verifiedAt) };
}

/** A passkey, without its key. */
export function passkey({ id, name, createdAt, lastUsedAt }: Passkey): api.Passkey {
  return { id, name, created_at: time(createdAt), last_used_at: lastUsedAt === null ? null : time(lastUsedAt) };
}

/** The own second factors. */
export function secondFactors({ totp, passkeys, recoveryCodesLeft, required }: FactorsView): api.SecondFactors {
  return { totp, passkeys: passkeys.map(passkey), recovery_codes_left: recoveryCodesLeft, required };
}

/** What the second step of a sign-in is answered by. */
export function pendingSignIn({ step, expiresAt, methods, passkey }: PendingSignIn): api.PendingSignIn {
  return { step: step.reveal(), expires_at: time(expiresAt), methods: [...methods], passkey };
}

/** A session of the own. One from before sessions said where they are used says nothing of it. */
export function ownSession({ token, use, current }: SessionView): api.OwnSession {
  return {
    id: token.id,
    device: use?.device ?? '',
    address: use?.address ?? '',
    factor: use?.factor ?? 'password',
    created_at: time(token.createdAt),
    last_used_at: time(use?.lastUsedAt ?? token.createdAt),
    expires_at: time(token.expiresAt),
    current,
  };
}

/** What an organization asks of its people. */
export function signInPolicy({ secondFactor, registration }: SignInPolicy): api.SignInPolicy {
  return { second_factor: secondFactor, registration };
}
