import type { Event, StreamEnd, StreamProof } from '@cardea/wire-api';
import { piecesOf } from './pieces.ts';
import { ApiProblem } from './problem.ts';
import { createEventParser } from './server-sent-events.ts';
import type { Transport } from './transport.ts';

/** What to follow and from where. */
export interface FollowOptions {
  /** Ends the iteration. */
  readonly signal?: AbortSignal | undefined;
  /** Id of the last event already known: what came after it is told first, from the record. */
  readonly lastEventId?: string | undefined;
  readonly doorId?: string | undefined;
  readonly type?: string | undefined;
  /** Told when the stream stands, and when it was lost and will be tried again. */
  readonly onState?: ((state: 'open' | 'lost') => void) | undefined;
  /** Told when a lock has proved once more what was known of it: no event, and not told again to whoever missed it. */
  readonly onProof?: ((proof: StreamProof) => void) | undefined;
}

/** The server says something at least every 15 s; three times as long without a word and the stream is dead. */
const SILENCE_MS = 45_000;
const MAX_BACKOFF_MS = 30_000;

/**
 * Events as they happen, each once and none left out: a lost stream is opened again after the last event seen. Ends when
 * `signal` is aborted. @throws ApiProblem when the server refuses (not for a lost connection)
 */
export async function* followEvents(transport: Transport, options: FollowOptions): AsyncGenerator<Event, void, void> {
  const { signal, onState } = options;
  let lastEventId = options.lastEventId;
  let failures = 0;
  while (!signal?.aborted) {
    try {
      for await (const event of oneStream(transport, options, lastEventId, () => {
        failures = 0;
        onState?.('open');
      })) {
        lastEventId = event.id;
        yield event;
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof ApiProblem && !error.retryable) throw error;
    }
    if (signal?.aborted) return;
    onState?.('lost');
    try {
      await transport.sleep(Math.min(MAX_BACKOFF_MS, 250 * 2 ** failures++), signal);
    } catch {
      return;
    }
  }
}

async function* oneStream(
  transport: Transport,
  { signal, doorId, type, onProof }: FollowOptions,
  lastEventId: string | undefined,
  onOpen: () => void,
): AsyncGenerator<Event, void, void> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  const both = signal === undefined ? silence.signal : AbortSignal.any([signal, silence.signal]);
  try {
    const response = await transport.open(
      'GET /v1/events/stream',
      { door_id: doorId, type },
      { accept: 'text/event-stream', ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) },
      both,
    );
    if (response.body === null) return;
    onOpen();
    const parse = createEventParser();
    const decoder = new TextDecoder();
    for await (const piece of piecesOf(response)) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      for (const message of parse(decoder.decode(piece, { stream: true }))) {
        if (message === undefined) continue;
        if (message.event === 'end') {
          const end = JSON.parse(message.data) as StreamEnd;
          if (end.code === 'not_signed_in') throw new ApiProblem('not_signed_in', end.detail, { status: 401 });
          return;
        }
        // What a later server may say beside events is not for this client.
        if (message.event === 'proof') onProof?.(JSON.parse(message.data) as StreamProof);
        else if (message.event === 'message') yield JSON.parse(message.data) as Event;
      }
    }
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}
