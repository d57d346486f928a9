import type { Event } from '../model.ts';

/** Live events by organization: told only what is durable. */
export interface EventBus {
  publish(event: Event): void;
  /** Listens until the returned function is called. A listener that throws loses that event and nothing else. */
  follow(organizationId: string, listener: (event: Event) => void): () => void;
  /** Listens to every organization. */
  followAll(listener: (event: Event) => void): () => void;
}

/** A bus within this process. */
export function createEventBus(onError: (error: unknown) => void): EventBus {
  const listeners = new Map<string, Set<(event: Event) => void>>();
  const ofAll = new Set<(event: Event) => void>();
  return {
    publish(event) {
      for (const listener of [...(listeners.get(event.organizationId) ?? []), ...ofAll]) {
        try {
          listener(event);
        } catch (error) {
          onError(error);
        }
      }
    },
    follow(organizationId, listener) {
      const all = listeners.get(organizationId) ?? new Set();
      listeners.set(organizationId, all);
      // Wrapped, so that the same function may follow twice.
      const own = (event: Event): void => listener(event);
      all.add(own);
      return () => {
        all.delete(own);
        if (all.size === 0 && listeners.get(organizationId) === all) listeners.delete(organizationId);
      };
    },
    followAll(listener) {
      const own = (event: Event): void => listener(event);
      ofAll.add(own);
      return () => void ofAll.delete(own);
    },
  };
}
