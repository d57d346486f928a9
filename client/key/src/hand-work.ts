import type { PhoneEffect, PhoneInput } from '@cardea/wire-access';
import type { PhoneHands, PhoneKey } from './hands.ts';

/** What the machines of phone and card ask of the hands that hold the key. */
export type HandEffect = Extract<PhoneEffect<unknown>, { readonly kind: 'make-ephemeral' | 'sign' | 'agree' }>;

/** What the hands answer it with. */
export type HandInput = Extract<PhoneInput, { readonly kind: 'ephemeral' | 'signed' | 'agreed' }>;

/** Does what is asked; rejects with what the chip throws beyond its words, which is a fault of ours. */
export async function handWork(hands: PhoneHands, key: PhoneKey, effect: HandEffect): Promise<HandInput> {
  switch (effect.kind) {
    case 'make-ephemeral':
      return { kind: 'ephemeral', random: hands.random.octets(effect.sizeOctets), ...(await hands.generate()) };
    case 'sign':
      return { kind: 'signed', signature: await key.sign(effect.message) };
    case 'agree':
      return { kind: 'agreed', z: await hands.agree(effect.privateKey, effect.peer) };
  }
}
