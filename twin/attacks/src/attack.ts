/** One way in (or one fault), by its id in the list of attacks. */
export interface Attack {
  readonly id: number;
  readonly title: string;
  /** What the weak double is: the protocol, profile or actor in which the attack succeeds. */
  readonly weakDouble: string;
  /** Why it cannot be tried on this machine; undefined where it can. */
  missing?(): string | undefined;
  /** Tries it, against the product or (`weak`) against the weak double. The same seed makes the same run. */
  run(options: AttackOptions): Promise<AttackResult>;
}

export interface AttackOptions {
  readonly weak: boolean;
  readonly seed: number;
  /** How much is tried where that can be chosen: 1 is what the tests do. */
  readonly effort: number;
}

export interface AttackResult {
  /** True when the attacker got what the attack is after. */
  readonly succeeded: boolean;
  /** How many times something was tried. */
  readonly tried: number;
  /** How many of them did what they must not. */
  readonly through: number;
  /** What was tried and seen, a line each. */
  readonly detail: readonly string[];
}

/** One thing that was tried, for attacks made of a few named parts. */
export interface Trial {
  readonly name: string;
  readonly through: boolean;
  readonly tried?: number;
}

/** The result of an attack made of named parts: it succeeds when any part got through. */
export function resultOf(trials: readonly Trial[]): AttackResult {
  const through = trials.filter((trial) => trial.through);
  return {
    succeeded: through.length > 0,
    tried: trials.reduce((sum, trial) => sum + (trial.tried ?? 1), 0),
    through: through.length,
    detail: trials.map((trial) => `${trial.through ? 'THROUGH' : 'stopped'}  ${trial.name}`),
  };
}
