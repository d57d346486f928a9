/** A rule of docs/chaos.md that a run has broken. */
export type Rule =
  /** Somebody was told a fact that the record does not hold, or holds otherwise. */
  | 'lost'
  /** One wish, event or receipt stands there twice. */
  | 'doubled'
  /** A bolt moved by a command after its time to live and the tolerance. */
  | 'late'
  /** A bolt moved by a command that nobody asked for, or once more than was asked. */
  | 'unasked'
  /** The record says of a command what the bolt belies. */
  | 'lie'
  /** The stream left out what the record holds. */
  | 'gap'
  /** Longer than ten seconds to the next receipt. */
  | 'slow';

/** One break of a rule, in words. */
export interface Finding {
  readonly rule: Rule;
  readonly detail: string;
}
