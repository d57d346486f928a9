interface Due {
  readonly atMs: number;
  readonly order: number;
  readonly run: () => void;
}

/** What is to happen at which moment of a virtual time that passes at once. */
export class Schedule {
  nowMs = 0;
  #due: Due[] = [];
  #order = 0;

  after(delayMs: number, run: () => void): void {
    this.#due.push({ atMs: this.nowMs + delayMs, order: this.#order++, run });
  }

  /** Lets time pass, or only as much as it takes until `done`. */
  pass(durationMs: number, done: () => boolean = () => false): void {
    const untilMs = this.nowMs + durationMs;
    while (!done()) {
      const next = this.#next();
      if (next === undefined || next.atMs > untilMs) {
        this.nowMs = untilMs;
        return;
      }
      this.#due.splice(this.#due.indexOf(next), 1);
      this.nowMs = next.atMs;
      next.run();
    }
  }

  #next(): Due | undefined {
    let first: Due | undefined;
    for (const each of this.#due) {
      if (first === undefined || each.atMs < first.atMs || (each.atMs === first.atMs && each.order < first.order)) {
        first = each;
      }
    }
    return first;
  }
}
