/** How long things took, counted by the millisecond: exact ranks of any number of them without keeping each. */
export class Spread {
  readonly #counts = new Map<number, number>();
  #total = 0;

  /** @param ms 0 or more */
  add(ms: number): void {
    const whole = Math.round(ms);
    this.#counts.set(whole, (this.#counts.get(whole) ?? 0) + 1);
    this.#total++;
  }

  /** The values that so many percent do not exceed (nearest rank), in ms; null where nothing was counted. */
  percentiles<const Percents extends readonly number[]>(percents: Percents): { [N in keyof Percents]: number | null };
  percentiles(percents: readonly number[]): (number | null)[] {
    const found: (number | null)[] = percents.map(() => null);
    let seen = 0;
    for (const ms of [...this.#counts.keys()].sort((a, b) => a - b)) {
      const before = seen;
      seen += this.#counts.get(ms) ?? 0;
      for (const [at, percent] of percents.entries()) {
        const rank = Math.max(1, Math.ceil((percent / 100) * this.#total));
        if (before < rank && rank <= seen) found[at] = ms;
      }
    }
    return found;
  }
}
