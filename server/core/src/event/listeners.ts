/** Who listens to what, by key. */
export interface Listeners<T> {
  /** Whether anybody listens to `key`. */
  heard(key: string): boolean;
  /** Tells those who listen to any of `keys` now. One that throws loses that telling and nothing else. */
  tell(told: T, ...keys: readonly string[]): void;
  /** Listens until the returned function is called. */
  follow(key: string, listener: (told: T) => void): () => void;
}

/** Nobody listens yet; `onError` is told of what a listener throws. */
export function createListeners<T>(onError: (error: unknown) => void): Listeners<T> {
  const byKey = new Map<string, Set<(told: T) => void>>();
  return {
    heard: (key) => byKey.has(key),
    tell(told, ...keys) {
      for (const listener of keys.flatMap((key) => [...(byKey.get(key) ?? [])])) {
        try {
          listener(told);
        } catch (error) {
          onError(error);
        }
      }
    },
    follow(key, listener) {
      const all = byKey.get(key) ?? new Set();
      byKey.set(key, all);
      // Wrapped, so that the same function may follow twice.
      const own = (told: T): void => listener(told);
      all.add(own);
      return () => {
        all.delete(own);
        if (all.size === 0 && byKey.get(key) === all) byKey.delete(key);
      };
    },
  };
}
