import { type Element, element } from '../element.ts';
import { XmppError } from '../errors.ts';
import { MANAGEMENT, STANZA_ERRORS, STREAM_ERRORS, STREAMS } from '../namespaces.ts';
import type { StanzaCondition } from '../stanzas.ts';

/** Elements of stream management (XEP-0198). They are no stanzas and are not counted. */
export type Nonza =
  | { readonly kind: 'enable'; readonly resume: boolean }
  | {
      readonly kind: 'enabled';
      readonly id: string | undefined;
      readonly resume: boolean;
      readonly maxS: number | undefined;
    }
  | { readonly kind: 'resume'; readonly previd: string; readonly h: number }
  | { readonly kind: 'resumed'; readonly previd: string; readonly h: number }
  | { readonly kind: 'failed' }
  | { readonly kind: 'ask' }
  | { readonly kind: 'ack'; readonly h: number };

/** Counts wrap at 2^32 (XEP-0198 clause 4). */
export const COUNT_MODULUS = 2 ** 32;

/** The server's offer. */
export const managementFeature: Element = element('sm', MANAGEMENT);
/** Asks for an ack. */
export const askNonza: Element = element('r', MANAGEMENT);

/** Reads an element of XEP-0198's namespace. @throws XmppError `bad-format` */
export function readNonza(one: Element): Nonza {
  const { id, max, resume, previd, h } = one.attributes;
  const wants = resume === 'true' || resume === '1';
  switch (one.name) {
    case 'enable':
      return { kind: 'enable', resume: wants };
    case 'enabled':
      return {
        kind: 'enabled',
        id: id !== undefined && id.length <= ID_MAX ? id : undefined,
        resume: wants,
        maxS: max === undefined ? undefined : readCount(max),
      };
    case 'resume':
      return { kind: 'resume', previd: readId(previd), h: readCount(h) };
    case 'resumed':
      return { kind: 'resumed', previd: readId(previd), h: readCount(h) };
    case 'failed':
      return { kind: 'failed' };
    case 'r':
      return { kind: 'ask' };
    case 'a':
      return { kind: 'ack', h: readCount(h) };
    default:
      throw new XmppError('bad-format', 'an element that stream management does not know');
  }
}

/** The same, or undefined where it is malformed. */
export function tryNonza(one: Element): Nonza | undefined {
  try {
    return readNonza(one);
  } catch (error) {
    if (error instanceof XmppError) return undefined;
    throw error;
  }
}

/** Client: counts from here on, and asks to be let back in after a lost connection. */
export const enableNonza: Element = element('enable', MANAGEMENT, { resume: 'true' });

/** Server: counts from here on; `id` lets the client back in within `maxS` seconds. */
export function enabledNonza(id: string | undefined, maxS: number): Element {
  if (id === undefined) return element('enabled', MANAGEMENT);
  return element('enabled', MANAGEMENT, { id, resume: 'true', max: String(maxS) });
}

/** Client: back in. `h` stanzas of the server were handled. */
export function resumeNonza(previd: string, h: number): Element {
  return element('resume', MANAGEMENT, { previd, h: String(h) });
}

/** Server: let back in. `h` stanzas of the client were handled. */
export function resumedNonza(previd: string, h: number): Element {
  return element('resumed', MANAGEMENT, { previd, h: String(h) });
}

/** Server: not enabled or not resumed. */
export function failedNonza(condition: StanzaCondition | 'unexpected-request'): Element {
  return element('failed', MANAGEMENT, {}, [element(condition, STANZA_ERRORS)]);
}

/** `h` stanzas were handled. */
export function ackNonza(h: number): Element {
  return element('a', MANAGEMENT, { h: String(h) });
}

/** The stream error for a peer that acknowledges what was never sent (clause 4). */
export function handledTooMuch(h: number, sent: number): Element {
  return element('error', STREAMS, {}, [
    element('undefined-condition', STREAM_ERRORS),
    element('handled-count-too-high', MANAGEMENT, { h: String(h), 'send-count': String(sent) }),
  ]);
}

const ID_MAX = 128;

function readId(id: string | undefined): string {
  if (id === undefined || id.length < 1 || id.length > ID_MAX) throw new XmppError('bad-format', 'no usable previd');
  return id;
}

function readCount(count: string | undefined): number {
  const value = count !== undefined && /^(0|[1-9][0-9]{0,9})$/.test(count) ? Number(count) : COUNT_MODULUS;
  if (value >= COUNT_MODULUS) throw new XmppError('bad-format', 'a count is a number from 0 to 4294967295');
  return value;
}
