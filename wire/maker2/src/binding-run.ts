import { cmac, type Primitives } from '@cardea/kit-crypto';
import { concat, equalSecret } from '@cardea/kit-octets';
import type { Secret } from '@cardea/kit-runtime';
import { agreedKeys, bindRequestKey } from './keys.ts';
import { encodeMessage, type Message } from './message.ts';

type BindRequest = Extract<Message, { kind: 'bind-request' }>;
type BindAnswer = Extract<Message, { kind: 'bind-answer' }>;

const NO_MAC = new Uint8Array(16);

/** A bind request with its MAC: AES-CMAC(bind request key, lockId | the message with a MAC of zeros). */
export function macBindRequest(
  primitives: Primitives,
  factoryKey: Secret,
  lockId: Uint8Array,
  request: Omit<BindRequest, 'mac'>,
): BindRequest {
  const key = bindRequestKey(primitives, factoryKey);
  return { ...request, mac: cmac(primitives.aes(key.reveal()), lockId, encodeMessage({ ...request, mac: NO_MAC })) };
}

/** True when the request was made by who holds the factory key. */
export function verifyBindRequest(
  primitives: Primitives,
  factoryKey: Secret,
  lockId: Uint8Array,
  request: BindRequest,
): boolean {
  return equalSecret(macBindRequest(primitives, factoryKey, lockId, request).mac, request.mac);
}

/** The lock's end of the run: its answer with the MAC, and the key that is pending from now on. */
export function answerBindRequest(
  primitives: Primitives,
  factoryKey: Secret,
  lockId: Uint8Array,
  request: BindRequest,
  answer: Omit<BindAnswer, 'mac'>,
  z: Uint8Array,
): { readonly answer: BindAnswer; readonly bindingKey: Secret } {
  const { transcript, unsigned } = transcriptOf(primitives, lockId, request, answer);
  const keys = agreedKeys(primitives, factoryKey, z, transcript);
  const mac = primitives.hmacSha256(keys.confirm.reveal(), unsigned).slice(0, 16);
  return { answer: { ...answer, mac }, bindingKey: keys.bindingKey };
}

/** The RAS's end of the run: the key, or `undefined` when the answer was not made by the lock to this request. */
export function verifyBindAnswer(
  primitives: Primitives,
  factoryKey: Secret,
  lockId: Uint8Array,
  request: BindRequest,
  answer: BindAnswer,
  z: Uint8Array,
): Secret | undefined {
  const expected = answerBindRequest(primitives, factoryKey, lockId, request, answer, z);
  return equalSecret(expected.answer.mac, answer.mac) ? expected.bindingKey : undefined;
}

/** T = SHA-256(lockId | request | answer with a MAC of zeros). */
function transcriptOf(
  primitives: Primitives,
  lockId: Uint8Array,
  request: BindRequest,
  answer: Omit<BindAnswer, 'mac'>,
): { readonly transcript: Uint8Array; readonly unsigned: Uint8Array } {
  const unsigned = encodeMessage({ ...answer, mac: NO_MAC });
  return { transcript: primitives.sha256(concat(lockId, encodeMessage(request), unsigned)), unsigned };
}
