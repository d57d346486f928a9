/** A function that counts what `read` answers, once for each that it answers, and gives the same counts again while none differs. */
export function keepSame<Read, Name extends string>(
  read: () => Read,
  count: (of: Read) => Readonly<Record<Name, number>>,
): () => Readonly<Record<Name, number>> {
  let kept: { of: Read; counts: Readonly<Record<Name, number>> } | undefined;
  return () => {
    const of = read();
    if (kept !== undefined && kept.of === of) return kept.counts;
    const counts = count(of);
    kept = { of, counts: kept !== undefined && areSame(kept.counts, counts) ? kept.counts : counts };
    return kept.counts;
  };
}

function areSame<Name extends string>(a: Readonly<Record<Name, number>>, b: Readonly<Record<Name, number>>): boolean {
  return Object.entries(a).every(([name, count]) => b[name as Name] === count);
}
