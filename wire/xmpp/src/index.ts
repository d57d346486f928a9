export { child, childElements, type Element, element, is, type Node, text } from './element.ts';
export { XmppError, type XmppErrorCode } from './errors.ts';
