import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import { secondFactors } from './second-factors.ts';

const secret = new Secret(new TextEncoder().encode('12345678901234567890'));

describe('TOTP (RFC 6238, Appendix B, SHA-1; the last 6 of its 8 digits)', () => {
  const vectors: readonly (readonly [number, string])[] = [
    [59, '287082'],
    [1_111_111_109, '081804'],
    [1_111_111_111, '050471'],
    [1_234_567_890, '005924'],
    [2_000_000_000, '279037'],
    [20_000_000_000, '353130'],
  ];
  it.each(vectors)('at %i s the code is %s', (seconds, code) => {
    const step = Math.floor(seconds / 30);
    expect(secondFactors.verifyTotp(secret, code, seconds * 1000, 0)).toBe(step);
    // One step to either side, and no further.
    expect(secondFactors.verifyTotp(secret, code, (seconds + 30) * 1000, 0)).toBe(step);
    expect(secondFactors.verifyTotp(secret, code, (seconds - 30) * 1000, 0)).toBe(step);
    expect(secondFactors.verifyTotp(secret, code, (seconds + 90) * 1000, 0)).toBeUndefined();
    // A code works once.
    expect(secondFactors.verifyTotp(secret, code, seconds * 1000, step)).toBeUndefined();
  });

  it.each(['', '28708', '2870820', '28708a', '287 082', ' 287082', '٢٨٧٠٨٢'])('%j is no code', (code) => {
    expect(secondFactors.verifyTotp(secret, code, 59_000, 0)).toBeUndefined();
  });

  it('the address for authenticators holds issuer, account and the secret in base32', () => {
    const uri = new URL(secondFactors.totpUri(secret, 'Hotel: Sea', 'gwen@guest.test').reveal());
    expect(uri.protocol).toBe('otpauth:');
    expect(uri.searchParams.get('secret')).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
    expect(uri.searchParams.get('issuer')).toBe('Hotel  Sea');
    expect(secondFactors.totpText(secret).reveal()).toBe('GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  });

  it('a secret that is a view into a larger buffer is only itself', () => {
    const large = new Uint8Array(64).fill(7);
    large.set(secret.reveal(), 13);
    const view = new Secret(large.subarray(13, 33));
    expect(secondFactors.verifyTotp(view, '287082', 59_000, 0)).toBe(1);
  });
});
