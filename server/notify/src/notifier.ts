import type { Cancel, Clock, Log, Random } from '@cardea/kit-runtime';
import type { Channel, Notice, Notifier } from '@cardea/server-core';
import { NotifyError } from './errors.ts';
import type { Message, Sender } from './sender.ts';
import { wordsOf } from './texts.ts';

/** What the notifier is made of. */
export interface NotifierOptions {
  /** A channel without a sender is not offered. */
  readonly senders: { readonly [Name in Channel]?: Sender | undefined };
  /** Destroys what a sender keeps of an address. */
  readonly forget?: ((address: string) => Promise<void>) | undefined;
  /** Address of the server for people, for links; undefined as long as it is not known. */
  readonly publicUrl?: (() => string | undefined) | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** Waits before the second, third and fourth try. A code does not live much longer. */
const AGAIN_AFTER_MS = [2_000, 15_000, 90_000] as const;
/** Messages on their way at once; more are dropped, and asked for again by whoever waits for them. */
const UNDER_WAY_MOST = 1_000;

/** A notifier that can be ended. */
export interface OpenNotifier extends Notifier {
  /** Gives up what has not got away. */
  close(): void;
}

/** Sends notices by the senders, in the background: what was asked answers the same, and as soon, whatever becomes of it. */
export function createNotifier({ senders, forget, publicUrl, clock, random, log }: NotifierOptions): OpenNotifier {
  const channels = (['email', 'sms'] as const).filter((channel) => senders[channel] !== undefined);
  const underWay = new Map<string, { readonly to: string; cancel: Cancel }>();
  let closed = false;

  const attempt = async (sender: Sender, message: Message, channel: Channel, tries: number): Promise<void> => {
    const entry = underWay.get(message.id);
    if (entry === undefined || closed) return;
    try {
      await sender.send(message);
      underWay.delete(message.id);
      log.info('a message was sent', { channel, message_id: message.id });
    } catch (error) {
      const why = error instanceof NotifyError ? error.message : String(error);
      const waitMs = AGAIN_AFTER_MS[tries];
      log.warn('a message was not sent', { channel, message_id: message.id, error: why, again: waitMs !== undefined });
      if (waitMs === undefined || closed || !underWay.has(message.id)) underWay.delete(message.id);
      else entry.cancel = clock.after(waitMs, () => void attempt(sender, message, channel, tries + 1));
    }
  };

  return {
    channels,
    send(notice: Notice) {
      const sender = senders[notice.channel];
      if (sender === undefined || closed) return;
      if (underWay.size >= UNDER_WAY_MOST) {
        log.warn('a message was dropped: too many are under way', { channel: notice.channel });
        return;
      }
      const id = `msg_${Buffer.from(random.octets(16)).toString('hex')}`;
      underWay.set(id, { to: notice.address, cancel: () => {} });
      void attempt(sender, { id, to: notice.address, ...wordsOf(notice, publicUrl?.()) }, notice.channel, 0);
    },
    async forget(address) {
      for (const [id, { to, cancel }] of underWay) {
        if (to !== address) continue;
        cancel();
        underWay.delete(id);
      }
      await forget?.(address);
    },
    close() {
      closed = true;
      for (const { cancel } of underWay.values()) cancel();
      underWay.clear();
    },
  };
}
