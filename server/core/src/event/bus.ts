import type { Event } from '../model.ts';
import { createListeners } from './listeners.ts';

/** Live events by organization: told only what is durable. */
export interface EventBus {
  publish(event: Event): void;
  /** Listens until the returned function is called. A listener that throws loses that event and nothing else. */
  follow(organizationId: string, listener: (event: Event) => void): () => void;
  /** Listens to every organization. */
  followAll(listener: (event: Event) => void): () => void;
}

/** No organization has this identifier. */
const EVERY_ORGANIZATION = '*';

/** A bus within this process. */
export function createEventBus(onError: (error: unknown) => void): EventBus {
  const { tell, follow } = createListeners<Event>(onError);
  return {
    publish: (event) => tell(event, event.organizationId, EVERY_ORGANIZATION),
    follow,
    followAll: (listener) => follow(EVERY_ORGANIZATION, listener),
  };
}
