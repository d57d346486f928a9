/** What a pure machine answers to an input: the state that follows, and what is to be done in this order. */
export interface Step<State, Effect> {
  readonly state: State;
  readonly effects: readonly Effect[];
}
