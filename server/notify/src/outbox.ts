import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileDurably } from '@cardea/kit-node';
import type { Channel } from '@cardea/server-core';
import { NotifyError } from './errors.ts';
import type { Message, Sender } from './sender.ts';

/** A message that lies in the outbox. */
export interface OutboxMessage extends Message {
  readonly channel: Channel;
  /** Unix milliseconds. */
  readonly at: number;
}

/** Messages in a folder of this machine, where no mail server is: for demos and for trying things out. */
export interface Outbox {
  sender(channel: Channel): Sender;
  /** Newest first. */
  list(): Promise<readonly OutboxMessage[]>;
  /** Destroys what lies there for an address. */
  forget(address: string): Promise<void>;
}

/** Messages that are kept; the oldest go. */
export const OUTBOX_MOST = 200;

/** The outbox in `folder` (mode 0700), one file of mode 0600 a message: its text holds a code. */
export function openOutbox(folder: string, now: () => number): Outbox {
  const names = async (): Promise<readonly string[]> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return (await readdir(folder)).filter((name) => name.endsWith('.json')).sort();
  };
  const read = async (name: string): Promise<OutboxMessage | undefined> => {
    try {
      const content: unknown = JSON.parse(await readFile(join(folder, name), 'utf8'));
      return isMessage(content) ? content : undefined;
    } catch {
      // Gone in the meantime, or no message of ours.
      return undefined;
    }
  };
  let last = 0;
  return {
    sender: (channel) => ({
      async send(message) {
        try {
          const known = await names();
          for (const name of known.slice(0, Math.max(0, known.length + 1 - OUTBOX_MOST))) {
            await rm(join(folder, name), { force: true });
          }
          // Names rise, so that their order is the order of sending.
          const at = Math.floor(now());
          last = Math.max(last + 1, at * 1000);
          const file = join(folder, `${String(last).padStart(17, '0')}-${channel}.json`);
          await writeFileDurably(file, `${JSON.stringify({ channel, at, ...message }, null, 2)}\n`, 0o600);
        } catch (cause) {
          throw new NotifyError('outbox', `${folder} does not take messages`, { cause });
        }
      },
    }),
    async list() {
      const messages = await Promise.all((await names()).map(read));
      return messages.filter((one) => one !== undefined).reverse();
    },
    async forget(address) {
      for (const name of await names()) {
        if ((await read(name))?.to === address) await rm(join(folder, name), { force: true });
      }
    },
  };
}

function isMessage(content: unknown): content is OutboxMessage {
  if (typeof content !== 'object' || content === null) return false;
  const { channel, at, to, subject, text } = content as Partial<Record<keyof OutboxMessage, unknown>>;
  return (
    (channel === 'email' || channel === 'sms') &&
    typeof at === 'number' &&
    [to, subject, text].every((one) => typeof one === 'string')
  );
}
