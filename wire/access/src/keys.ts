import { hkdf, type Primitives } from '@cardea/kit-crypto';
import { writing } from './errors.ts';

// Every key below is HKDF(Kbind, label): who holds the binding key of a lock holds them all, and a new binding voids them.

/** Seals grants: HKDF(Kbind, "grant"), 32 octets for AES-SIV. `bindingKey`: 16 octets. */
export function grantKey(primitives: Primitives, bindingKey: Uint8Array): Uint8Array {
  return hkdf(primitives, bindingKey, 'grant', 32);
}

/** Kg = HKDF(Kbind, "phone" | grantId), 32 octets: by which phone and lock know each other. @throws AccessError `range` */
export function presentationKey(primitives: Primitives, bindingKey: Uint8Array, grantId: Uint8Array): Uint8Array {
  return hkdf(primitives, bindingKey, ['phone', writing((writer) => writer.octets('grant id', grantId, 16))], 32);
}

/** Seals what a phone carries to the RAS: HKDF(Kbind, "carry"), 32 octets for AES-SIV. */
export function carryKey(primitives: Primitives, bindingKey: Uint8Array): Uint8Array {
  return hkdf(primitives, bindingKey, 'carry', 32);
}

/** Seals orders: HKDF(Kbind, "order"), 32 octets for AES-SIV. */
export function orderKey(primitives: Primitives, bindingKey: Uint8Array): Uint8Array {
  return hkdf(primitives, bindingKey, 'order', 32);
}

/** Seals changes of a lock's access: HKDF(Kbind, "table"), 32 octets for AES-SIV. */
export function tableKey(primitives: Primitives, bindingKey: Uint8Array): Uint8Array {
  return hkdf(primitives, bindingKey, 'table', 32);
}

/** Makes the offline PINs of a generation: HKDF(Kbind, "pin" | generation(4)), 32 octets. @throws AccessError `range` */
export function offlinePinKey(primitives: Primitives, bindingKey: Uint8Array, generation: number): Uint8Array {
  return hkdf(primitives, bindingKey, ['pin', writing((writer) => writer.uint('generation', generation, 4))], 32);
}

/** Hashes online PINs: HKDF(Kbind, "online pin"), 32 octets. */
export function onlinePinKey(primitives: Primitives, bindingKey: Uint8Array): Uint8Array {
  return hkdf(primitives, bindingKey, 'online pin', 32);
}
