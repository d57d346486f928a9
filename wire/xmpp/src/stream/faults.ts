import type { XmppError } from '../errors.ts';
import type { StreamCondition } from '../stanzas.ts';

/** The stream condition for a fault of the reader. */
export function faultCondition(code: XmppError['code']): StreamCondition {
  switch (code) {
    case 'bad-format':
    case 'not-well-formed':
    case 'restricted-xml':
    case 'unsupported-encoding':
    case 'policy-violation':
    case 'invalid-namespace':
    case 'host-unknown':
    case 'unsupported-version':
    case 'unsupported-stanza-type':
      return code;
    case 'invalid-xml':
    case 'jid':
    case 'sasl':
    case 'element':
      return 'bad-format';
  }
}
