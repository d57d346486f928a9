import { time } from '../represent/time.ts';
import { type Route, route } from '../route.ts';

/** Messages that were written down instead of sent, on demo estates only. */
export interface OutboxPort {
  /** Newest first. */
  list(): Promise<
    readonly {
      readonly channel: 'email' | 'sms';
      readonly at: number;
      readonly to: string;
      readonly subject: string;
      readonly text: string;
    }[]
  >;
}

/** Most messages that are shown. */
const SHOWN_MOST = 50;

/** The outbox of a demo estate. */
export function outboxRoutes(outbox: OutboxPort): readonly Route[] {
  return [
    route('GET /v1/sim/outbox', async () => {
      const messages = (await outbox.list()).slice(0, SHOWN_MOST);
      return {
        items: messages.map(({ channel, at, to, subject, text }) => ({ channel, at: time(at), to, subject, text })),
        next_cursor: null,
      };
    }),
  ];
}
