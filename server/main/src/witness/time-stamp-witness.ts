import type { Random } from '@cardea/kit-runtime';
import type { Witness } from '@cardea/server-core';
import { digestOf, nonceOf, TIME_STAMP_QUERY, timeStamped, timeStampRequest } from './time-stamp.ts';

/** How long an authority may take, and how much it may say. */
const ANSWER_TIMEOUT_MS = 15_000;
const ANSWER_MOST_OCTETS = 65_536;

/** A witness that is a time-stamping authority (RFC 3161) over HTTP: its receipt is the TimeStampResp in base64. */
export function timeStampWitness(url: string, random: Random, fetchIt: typeof fetch = fetch): Witness {
  return {
    name: 'rfc3161',
    async give({ note }) {
      const digest = digestOf(note);
      const nonce = nonceOf(random.octets(8));
      const answer = await fetchIt(url, {
        method: 'POST',
        headers: { 'content-type': TIME_STAMP_QUERY },
        body: Uint8Array.from(timeStampRequest(digest, nonce)),
        signal: AbortSignal.timeout(ANSWER_TIMEOUT_MS),
        redirect: 'error',
      });
      if (!answer.ok) throw new Error(`the time-stamping authority answered ${answer.status}`);
      const response = await bounded(answer);
      timeStamped(response, digest, nonce);
      return Buffer.from(response).toString('base64');
    },
  };
}

async function bounded(answer: Response): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of answer.body ?? []) {
    size += part.length;
    if (size > ANSWER_MOST_OCTETS) throw new Error('the time-stamping authority says too much');
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
