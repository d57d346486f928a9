import { encodeMessage, type Message } from '../src/index.ts';

/** Octets that count up from `first`. */
export const count = (sizeOctets: number, first = 0): Uint8Array =>
  Uint8Array.from({ length: sizeOctets }, (_, i) => (first + i) % 256);

/** One message of each kind. */
export const SAMPLES: readonly Message[] = [
  { kind: 'hello', ask: count(4) },
  { kind: 'challenge', ask: count(4), challenge: count(8, 16), keyVersion: 1, resetCount: 0x01020304 },
  { kind: 'command', challenge: count(8), nonce: count(12), sealed: count(18) },
  { kind: 'receipt', challenge: count(8), nonce: count(12), sealed: count(23) },
  { kind: 'event', nonce: count(12), sealed: count(26) },
  { kind: 'ack', nonce: count(12), sealed: count(14) },
  { kind: 'bind-request', random: count(16), publicKey: count(65), keyVersion: 2, mac: count(16, 9) },
  { kind: 'bind-answer', random: count(16), publicKey: count(65), resetCount: 3, mac: count(16, 9) },
  { kind: 'refusal', code: 'wait_for_confirmation', resetCount: 0 },
];

export const SAMPLE_OCTETS = SAMPLES.map(encodeMessage);
