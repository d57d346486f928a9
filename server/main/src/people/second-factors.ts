import { Secret } from '@cardea/kit-runtime';
import type { SecondFactors } from '@cardea/server-core';
import * as otp from 'otpauth';

/** As every authenticator app has it (RFC 6238, Appendix B, with 6 digits). */
const FORM = { algorithm: 'SHA1', digits: 6, period: 30 } as const;
/** RFC 6238, 5.2: one step to either side for clocks that differ, and for slow fingers. */
const WINDOW = 1;
/** RFC 4226, 4: 160 bits. */
const SECRET_OCTETS = 20;

/** TOTP by otpauth. */
export const secondFactors: SecondFactors = {
  secretOctets: SECRET_OCTETS,
  verifyTotp(secret, code, nowMs, usedStep) {
    if (!/^\d{6}$/.test(code)) return undefined;
    const delta = otp.TOTP.validate({
      ...FORM,
      token: code,
      secret: secretOf(secret),
      timestamp: nowMs,
      window: WINDOW,
    });
    if (delta === null) return undefined;
    const step = Math.floor(nowMs / 1000 / FORM.period) + delta;
    return step > usedStep ? step : undefined;
  },
  totpUri: (secret, issuer, account) =>
    new Secret(
      new otp.TOTP({ ...FORM, secret: secretOf(secret), issuer: label(issuer), label: label(account) }).toString(),
    ),
  totpText: (secret) => new Secret(secretOf(secret).base32),
};

function secretOf(secret: Secret): otp.Secret {
  // A copy of exactly these octets: a view into a larger buffer would hand over its neighbours.
  return new otp.Secret({ buffer: new Uint8Array(secret.reveal()).buffer });
}

/** A colon would end the issuer in the address. */
function label(text: string): string {
  return text.replaceAll(':', ' ');
}
