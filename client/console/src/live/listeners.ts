/** Those who are told of something; one may leave while it is told. */
export class Listeners<Told extends readonly unknown[]> {
  readonly #all = new Set<(...told: Told) => void>();

  get isEmpty(): boolean {
    return this.#all.size === 0;
  }

  /** Adds one; what is answered takes it away again. */
  add(listener: (...told: Told) => void): () => void {
    this.#all.add(listener);
    return () => {
      this.#all.delete(listener);
    };
  }

  tell(...told: Told): void {
    for (const listener of [...this.#all]) listener(...told);
  }
}
