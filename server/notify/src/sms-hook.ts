import { createHmac } from 'node:crypto';
import { type Clock, Secret } from '@cardea/kit-runtime';
import { NotifyError } from './errors.ts';
import type { Sender } from './sender.ts';

/** Whoever sends text messages for us, reached by one signed POST (Standard Webhooks 1.0). */
export interface SmsHookSettings {
  /** `https` address, or `http` on this machine. */
  readonly url: string;
  /** `whsec_` and base64 of 24 to 64 octets. */
  readonly secret: Secret<string>;
}

const PATIENCE_MS = 15_000;

/** The key in a `whsec_` secret; undefined when it is none. */
export function hookKey(secret: Secret<string>): Secret<Buffer> | undefined {
  const match = /^whsec_([A-Za-z0-9+/]+={0,2})$/.exec(secret.reveal());
  const key = Buffer.from(match?.[1] ?? '', 'base64');
  return key.length >= 24 && key.length <= 64 ? new Secret(key) : undefined;
}

/** `v1,` and the base64 HMAC-SHA-256 over `id.timestamp.body`. `atS` is Unix seconds. */
export function signatureOf(key: Secret<Buffer>, id: string, atS: number, body: string): string {
  return `v1,${createHmac('sha256', key.reveal()).update(`${id}.${atS}.${body}`).digest('base64')}`;
}

/**
 * Hands text messages to a hook: POST `{"type":"sms.send","timestamp","data":{"to","text"}}` with `webhook-id`,
 * `webhook-timestamp` and `webhook-signature`. Any 2xx is a yes. The subject stays here.
 */
export function createSmsHook(
  { url, secret }: SmsHookSettings,
  clock: Pick<Clock, 'now'>,
  request: typeof fetch = fetch,
): Sender {
  const key = hookKey(secret);
  if (key === undefined)
    throw new NotifyError('not_sent', 'the secret of the SMS hook is not whsec_ and 24 to 64 octets');
  const { host } = new URL(url);
  return {
    async send({ id, to, text }) {
      const now = clock.now();
      const atS = Math.floor(now / 1000);
      const body = JSON.stringify({ type: 'sms.send', timestamp: new Date(now).toISOString(), data: { to, text } });
      let status: number;
      try {
        const answer = await request(url, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            'webhook-id': id,
            'webhook-timestamp': String(atS),
            'webhook-signature': signatureOf(key, id, atS, body),
          },
          body,
          redirect: 'error',
          signal: AbortSignal.timeout(PATIENCE_MS),
        });
        await answer.body?.cancel();
        status = answer.status;
      } catch (cause) {
        throw new NotifyError('not_sent', `the SMS hook at ${host} was not reached`, { cause });
      }
      if (status < 200 || status > 299) throw new NotifyError('not_sent', `the SMS hook at ${host} answered ${status}`);
    },
  };
}
