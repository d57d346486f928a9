/** One thing that a clause of ISO/IEC 24767-2:2009 asks for. */
export interface Sentence {
  /** The clause and its place there: a number in the order of the text, or the letter of a step. Stands in titles of tests. */
  readonly id: string;
  readonly clause: string;
  /** What it says, in few words of ours. */
  readonly says: string;
  /** The text is lost there: what stands in its place is our resolution. */
  readonly isOurs: boolean;
}

/** The sentences of a clause, by their places. */
export function clause(name: string, sentences: Readonly<Record<string, string>>, isOurs = false): readonly Sentence[] {
  return Object.entries(sentences).map(([place, says]) => ({ id: `${name}-${place}`, clause: name, says, isOurs }));
}
