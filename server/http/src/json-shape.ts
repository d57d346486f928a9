import { HttpRefusal } from './refusal.ts';

/** Bounds of the shape of a body: far beyond what any operation takes, and far below what costs anybody time. */
export interface JsonLimits {
  /** Objects and lists within one another. */
  readonly depth: number;
  /** Members of one object. */
  readonly members: number;
  /** Items of one list. */
  readonly items: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * Refuses text whose shape is beyond the limits before anything is built of it: a tree of a million nested lists ends the
 * stack of whoever walks it, one of half a million members takes a second to build. One look at each octet; whether the
 * text is JSON at all, the parser says.
 * @throws HttpRefusal malformed_json
 */
export function checkJsonShape(text: string, limits: JsonLimits): void {
  const commas: number[] = [];
  const isObject: boolean[] = [];
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case QUOTE:
        at = endOfString(text, at);
        break;
      case OPEN_LIST:
      case OPEN_OBJECT:
        if (commas.length >= limits.depth) throw beyond(`is nested more than ${limits.depth} deep`);
        commas.push(0);
        isObject.push(text.charCodeAt(at) === OPEN_OBJECT);
        break;
      case CLOSE_LIST:
      case CLOSE_OBJECT:
        commas.pop();
        isObject.pop();
        break;
      case COMMA: {
        const last = commas.length - 1;
        const count = (commas[last] ?? 0) + 1;
        if (last >= 0) commas[last] = count;
        if (isObject[last] === true && count >= limits.members) {
          throw beyond(`has an object of more than ${limits.members} members`);
        }
        if (count >= limits.items) throw beyond(`has a list of more than ${limits.items} items`);
        break;
      }
      default:
        at = endOfRun(text, at);
    }
  }
}

const STRUCTURE = /["[\]{},]/g;

/** The last character of the run from `at` on that says nothing of the shape: white space, numbers, names. */
function endOfRun(text: string, at: number): number {
  STRUCTURE.lastIndex = at + 1;
  return STRUCTURE.test(text) ? STRUCTURE.lastIndex - 2 : text.length;
}

/** Where the string that begins at `begin` ends; the end of the text when it does not. */
function endOfString(text: string, begin: number): number {
  for (let end = text.indexOf('"', begin + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let escapes = 0;
    while (text.charCodeAt(end - 1 - escapes) === BACKSLASH) escapes++;
    if (escapes % 2 === 0) return end;
  }
  return text.length;
}

function beyond(what: string): HttpRefusal {
  return new HttpRefusal('malformed_json', `The body ${what}: no operation takes that.`, { field: 'body' });
}
