/** A name that somebody gives to a thing in the hope that a page takes it for more than a name. */
export interface HostileName {
  /** What it tries to be. */
  readonly what: string;
  /** At most 40 characters, which is what the shortest of all names may have. */
  readonly text: string;
}

/** Names that the server takes, each to be shown as it stands. `canary` is a function of every page here. */
export const HOSTILE_NAMES: readonly HostileName[] = [
  { what: 'a script', text: '<script>canary(1)</script>' },
  { what: 'a picture that fails', text: '<img src=x onerror=canary(2)>' },
  { what: 'a drawing that loads', text: '<svg/onload=canary(3)>' },
  { what: 'the end of an attribute, and markup', text: '"><b data-planted>bold</b>' },
  { what: 'a handler in an attribute', text: "' autofocus onfocus=canary(4) x='" },
  { what: 'the end of a style, and a script', text: '</style><script>canary(5)</script>' },
  { what: 'an address that is a script', text: 'javascript:canary(6)' },
  { what: 'the word of a template', text: '{{constructor}} \x24{canary(7)} <%= 7 %>' },
  { what: "the word of our own texts' templates", text: '{{name}} $t(parts:close) {{count}}' },
  { what: 'entities', text: '&lt;b data-planted&gt; &#60;b&#62; &amp;' },
  { what: 'a property that every object has', text: '__proto__' },
  { what: 'characters of four octets, joined', text: '\u{1F6AA}\u{1F469}\u200d\u{1F52C}\u{1F3E8} \u{20BB7}\u91CE' },
  { what: 'characters without a width', text: '1\u200b0\u20601\ufeff2' },
  { what: 'a word without an end', text: 'W'.repeat(40) },
];

/** Turns the text that follows it around, until its line ends (Unicode, UAX 9: right-to-left override). */
export const TURNS_AROUND = '\u202e';
