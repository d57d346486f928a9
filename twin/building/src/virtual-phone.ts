import { type localWay, openPhone, type Phone, type PhoneKey, radioWay } from '@cardea/client-key';
import { generateP256, nodeKeyAgreement, nodePrimitives, signP256 } from '@cardea/kit-node';
import type { Radio } from '@cardea/kit-radio';
import type { Clock, Random } from '@cardea/kit-runtime';

/** A phone of the twin. */
export interface VirtualPhone extends Phone {
  /** Its own P-256 key: by which it proves to the RAS that it has it. */
  readonly key: PhoneKey;
  /** What it keeps, as an attacker with the phone in his hands reads it. */
  memory(): string | undefined;
}

/** What a virtual phone is made of; its clock is its own, right or wrong. */
export interface VirtualPhoneParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly radio: Radio;
  /** The key of another phone, for who has stolen it: a fresh one when left out. */
  readonly key?: PhoneKey;
  /** How it comes to its locks: by its own radio when left out. */
  readonly way?: ReturnType<typeof localWay>;
}

/** The product's phone with a memory of its own. */
export async function createVirtualPhone({ clock, random, radio, ...parts }: VirtualPhoneParts): Promise<VirtualPhone> {
  const key = parts.key ?? newPhoneKey();
  let kept: string | undefined;
  const phone = await openPhone({
    key,
    clock,
    way: parts.way ?? radioWay({ radio, clock, primitives: nodePrimitives }),
    hands: { primitives: nodePrimitives, random, generate: nodeKeyAgreement.generate, agree: nodeKeyAgreement.agree },
    store: {
      load: async () => kept,
      async save(text) {
        kept = text;
      },
    },
  });
  // Its getters go on showing what it has now.
  return Object.defineProperties({} as VirtualPhone, {
    ...Object.getOwnPropertyDescriptors(phone),
    key: { value: key },
    memory: { value: () => kept },
  });
}

/** A P-256 key that stays inside node:crypto. */
export function newPhoneKey(): PhoneKey {
  const { publicKey, privateKey } = generateP256();
  return { publicKey, sign: (message) => Promise.resolve(signP256(privateKey, message)) };
}
