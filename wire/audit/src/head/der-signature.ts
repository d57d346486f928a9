import { concat } from '@cardea/kit-octets';
import { malformed } from '../fields.ts';

/** ECDSA-Sig-Value (RFC 3279, 2.2.3), DER, of r | s (64 octets): what signed notes hold. @throws AuditError `malformed` */
export function derOfRaw(raw: Uint8Array): Uint8Array {
  if (raw.length !== 64) throw malformed('signature', 'must have 64 octets');
  const body = concat(integer(raw.subarray(0, 32)), integer(raw.subarray(32)));
  return concat(Uint8Array.of(0x30, body.length), body);
}

/** r | s of a DER ECDSA-Sig-Value on P-256; only the one DER form is taken. @throws AuditError `malformed` */
export function rawOfDer(der: Uint8Array): Uint8Array {
  const raw = new Uint8Array(64);
  let at = 2;
  for (const end of [32, 64]) {
    const size = der[at + 1] ?? 0;
    const value = der.subarray(at + 2, at + 2 + size);
    const digits = value[0] === 0 ? value.subarray(1) : value;
    if (digits.length > 32) throw malformed('signature', 'is not one of P-256');
    raw.set(digits, end - digits.length);
    at += 2 + size;
  }
  const again = derOfRaw(raw);
  if (again.length !== der.length || !again.every((octet, i) => octet === der[i])) {
    throw malformed('signature', 'is not in DER');
  }
  return raw;
}

/** A DER INTEGER of an unsigned big-endian number. */
function integer(digits: Uint8Array): Uint8Array {
  let skip = 0;
  while (skip < digits.length - 1 && digits[skip] === 0) skip++;
  const value = digits.subarray(skip);
  const positive = (value[0] ?? 0) < 0x80 ? value : concat(Uint8Array.of(0), value);
  return concat(Uint8Array.of(0x02, positive.length), positive);
}
