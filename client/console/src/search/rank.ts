/** Something that can be found. */
export interface Findable {
  readonly kind: 'page' | 'door' | 'person' | 'lock' | 'gateway';
  /** By what it is told apart from all others. */
  readonly key: string;
  readonly name: string;
  /** What else it is found by and shown with, such as the door of a lock; empty where there is nothing. */
  readonly more: string;
  /** Where it leads, below /console. */
  readonly href: string;
}

/** Of those that fit equally well, in which order. */
const KINDS: readonly Findable['kind'][] = ['door', 'person', 'lock', 'gateway', 'page'];
const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/**
 * Those that fit what was typed, the best first: the whole name before its beginning, before the beginning of one of its
 * words, before any part of it, before what else they are found by. Every word that was typed has to be found.
 */
export function rank(all: readonly Findable[], typed: string, limit: number): readonly Findable[] {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  if (words.length === 0) return [];
  const whole = words.join(' ');
  return all
    .flatMap((one) => {
      const cost = costOf(one, words, whole);
      return cost === undefined ? [] : [{ one, cost }];
    })
    .sort(
      (a, b) =>
        a.cost - b.cost ||
        KINDS.indexOf(a.one.kind) - KINDS.indexOf(b.one.kind) ||
        names.compare(a.one.name, b.one.name),
    )
    .slice(0, limit)
    .map(({ one }) => one);
}

function costOf({ name, more }: Findable, words: readonly string[], whole: string): number | undefined {
  const own = fold(name);
  if (own === whole) return 0;
  if (own.startsWith(whole)) return 1;
  if (words.every((word) => own.split(/[\s./@-]+/).some((part) => part.startsWith(word)))) return 2;
  if (words.every((word) => own.includes(word))) return 3;
  const everything = `${own} ${fold(more)}`;
  return words.every((word) => everything.includes(word)) ? 4 : undefined;
}

/** Without case and accents: René is found by rene. */
function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
