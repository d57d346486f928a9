import { equalSecret } from '@cardea/kit-octets';
import type { SecureFrame } from './frame.ts';
import type { FrameSuite } from './suite/suite.ts';
import { decodeText } from './text.ts';

/**
 * The check at which a frame failed. `format` is also a body in clear whose PBC does not fit, or a ciphertext that is no
 * whole blocks; `decrypt` a text that came out with a PBC or PDG that does not fit.
 */
export type Check = 'format' | 'snf' | 'mdas' | 'decrypt' | 'bcc';

/** A frame that was opened, or the first check that it failed. */
export type Opened =
  | { readonly verdict: 'ok'; readonly padata: Uint8Array }
  /** A failure answer that verified: it carries the body of the request that it answers, which is not opened again. */
  | { readonly verdict: 'ok'; readonly copied: Uint8Array }
  /** A failure answer for confidentiality only, which nothing proves. */
  | { readonly verdict: 'decrypt'; readonly copied: Uint8Array }
  | { readonly verdict: Check };

/**
 * Verifies a frame in the order of the text. Authentication only: SNF, BCC, MDAS (8.2.2). Confidentiality only: decrypt,
 * BCC (8.2.3). Both: SNF, MDAS, decrypt, BCC (8.2.4). `snf` is the number that is expected; without it any is taken.
 * `suite` is that of the direction which the frame says.
 * @throws ScpmError `unsupported` (a suite without confidentiality only)
 */
export function openFrame(suite: FrameSuite, frame: SecureFrame, snf?: number): Opened {
  if (frame.services !== 'enc' && snf !== undefined && frame.snf !== snf) return { verdict: 'snf' };
  if (frame.failure !== undefined) return openFailure(suite, frame);
  switch (frame.services) {
    case 'auth': {
      const opened = read(frame, frame.body, 0, 'format');
      return opened.verdict === 'ok' && !authentic(suite, frame) ? { verdict: 'mdas' } : opened;
    }
    case 'enc': {
      const text = suite.decrypt(frame.snf, frame.body);
      return text === undefined ? { verdict: 'format' } : read(frame, text, suite.pdgMaxOctets, 'decrypt');
    }
    case 'auth+enc': {
      const text = suite.openBoth(frame.head, frame.snf, frame.body, frame.mdas ?? new Uint8Array(0));
      return typeof text === 'string' ? { verdict: text } : read(frame, text, suite.pdgMaxOctets, 'decrypt');
    }
  }
}

/** Whether the MDAS of a frame is right as a tag over its body as it stands, whatever its SNF. */
export function authentic(suite: FrameSuite, { head, body, mdas }: SecureFrame): boolean {
  return mdas !== undefined && equalSecret(suite.tag(head, body), mdas);
}

/**
 * A copied body is compared with what was sent by whoever sent it. Without authentication nothing proves that anybody
 * answered, so such an answer never verifies: what it copies is shown, and that it cannot be opened.
 */
function openFailure(suite: FrameSuite, frame: SecureFrame): Opened {
  if (frame.services === 'enc') return { verdict: 'decrypt', copied: frame.body };
  return authentic(suite, frame) ? { verdict: 'ok', copied: frame.body } : { verdict: 'mdas' };
}

function read(frame: SecureFrame, text: Uint8Array, pdgMaxOctets: number, misshapen: 'format' | 'decrypt'): Opened {
  const decoded = decodeText(frame.head, text, pdgMaxOctets);
  switch (decoded.kind) {
    case 'text':
      return { verdict: 'ok', padata: decoded.padata };
    case 'misshapen':
      return { verdict: misshapen };
    case 'bcc':
      return { verdict: 'bcc' };
  }
}
