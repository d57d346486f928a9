import { createHmac } from 'node:crypto';

const STEP_MS = 30_000;

/** The octets of a secret in base32 (RFC 4648, 6), as an authenticator takes it. */
export function totpSecret(base32: string): Uint8Array {
  const bits = [...base32].map((one) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(one).toString(2).padStart(5, '0'));
  return Buffer.from((bits.join('').match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)));
}

/** RFC 6238 with SHA-1, 6 digits and 30 s, written here apart from the server's; `ahead` steps later than now. */
export function totp(base32: string, ahead = 0): string {
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + ahead));
  const mac = createHmac('sha1', totpSecret(base32)).update(step).digest();
  const at = (mac[19] ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fff_ffff) % 1_000_000).padStart(6, '0');
}
