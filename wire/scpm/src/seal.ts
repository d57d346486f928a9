import { ScpmError } from './errors.ts';
import { encodeHead, encodeSecureFrame, type FrameHead, MDAS_OCTETS } from './frame.ts';
import type { FrameSuite } from './suite/suite.ts';
import { encodeText } from './text.ts';

/**
 * A secure frame, request or successful response (8.2.2 to 8.2.4): the BCC, then PDG and encryption, then the MDAS.
 * `suite` is that of the direction which `head` says.
 * @throws ScpmError `length`, `range`, `services`, `unsupported`
 */
export function sealFrame(suite: FrameSuite, head: FrameHead, padata: Uint8Array): Uint8Array {
  if (head.failure !== undefined) {
    throw new ScpmError('services', 'failure', 'a failure answer copies its request: use sealFailure');
  }
  const plain = padata.length + 2;
  const size = head.services === 'auth' ? plain : suite.encryptedOctets(plain);
  const octets = encodeHead(head, size + (head.services === 'enc' ? 0 : MDAS_OCTETS));
  const text = encodeText(octets, padata, size);
  switch (head.services) {
    case 'auth':
      return encodeSecureFrame(octets, text, suite.tag(octets, text));
    case 'enc':
      return encodeSecureFrame(octets, suite.encrypt(head.snf, text), undefined);
    case 'auth+enc': {
      const { body, mdas } = suite.sealBoth(octets, head.snf, text);
      return encodeSecureFrame(octets, body, mdas);
    }
  }
}

/**
 * The answer to a request that failed: its body copied as it came (PBC, PADATA and BCC, or the ciphertext), the MDAS
 * computed anew (8.2.2 g) 1), 8.2.3 c) 1), 8.2.4 h) 1)). Nothing is enciphered.
 * @throws ScpmError `length`, `range`, `services`
 */
export function sealFailure(suite: FrameSuite, head: FrameHead, copied: Uint8Array): Uint8Array {
  if (head.failure === undefined) throw new ScpmError('services', 'failure', 'must be told');
  const octets = encodeHead(head, copied.length + (head.services === 'enc' ? 0 : MDAS_OCTETS));
  return encodeSecureFrame(octets, copied, head.services === 'enc' ? undefined : suite.tag(octets, copied));
}
