import type { Element } from './element.ts';
import { XmppError } from './errors.ts';
import { CLIENT, STREAMS, XML } from './namespaces.ts';

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]*$/;
/** What XML 1.0 production [2] leaves out; lone surrogates are found with the `u` flag. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML does not allow.
const NOT_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/u;

/**
 * The text of a stanza inside a stream whose header declared `jabber:client` and the prefix `stream`.
 * A namespace is declared where it changes. @throws XmppError `element` for what no XML can say
 */
export function serialize(element: Element): string {
  return write(element, CLIENT);
}

/** The header of a stream of ours (RFC 6120 4.7); it stays open. */
export function serializeHeader(attributes: Readonly<Record<string, string | undefined>>): string {
  let text = `<?xml version='1.0'?><stream:stream xmlns='${CLIENT}' xmlns:stream='${STREAMS}'`;
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) text += ` ${name}='${escapeXml(value)}'`;
  }
  return `${text} version='1.0'>`;
}

/** The end of a stream (RFC 6120 4.4). */
export const STREAM_END = '</stream:stream>';

/** Text for use as content or inside an attribute value. @throws XmppError `element` */
export function escapeXml(text: string): string {
  if (NOT_XML.test(text)) throw new XmppError('element', 'text with a character that XML does not allow');
  return text.replace(/[&<>"'\t\n\r]/g, (character) => ESCAPES[character] ?? character);
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

function write(element: Element, inherited: string): string {
  const inStreams = element.namespace === STREAMS;
  const name = inStreams ? `stream:${checkName(element.name)}` : checkName(element.name);
  const namespace = inStreams ? inherited : element.namespace;
  let text = `<${name}`;
  if (namespace !== inherited) text += ` xmlns='${escapeXml(namespace)}'`;
  let prefixes = 0;
  for (const [key, value] of Object.entries(element.attributes)) {
    const [, uri, local] = /^\{(.*)\}(.*)$/s.exec(key) ?? [];
    if (uri === undefined || local === undefined) {
      if (key === 'xmlns') throw new XmppError('element', 'xmlns is no attribute: use the namespace');
      text += ` ${checkName(key)}='${escapeXml(value)}'`;
    } else if (uri === XML) {
      text += ` xml:${checkName(local)}='${escapeXml(value)}'`;
    } else {
      const prefix = `n${prefixes++}`;
      text += ` xmlns:${prefix}='${escapeXml(uri)}' ${prefix}:${checkName(local)}='${escapeXml(value)}'`;
    }
  }
  if (element.children.length === 0) return `${text}/>`;
  text += '>';
  for (const child of element.children) text += typeof child === 'string' ? escapeXml(child) : write(child, namespace);
  return `${text}</${name}>`;
}

function checkName(name: string): string {
  if (!NAME.test(name)) throw new XmppError('element', 'not a name that we write');
  return name;
}
