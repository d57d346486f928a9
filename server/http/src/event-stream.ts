import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Cancel, Clock } from '@cardea/kit-runtime';
import type { Actor, Core, Event, Proof } from '@cardea/server-core';
import type { StreamEnd } from '@cardea/wire-api';
import type { HttpLimits } from './limits.ts';
import { HttpRefusal } from './refusal.ts';
import { event as represent } from './represent/event.ts';
import { proof as representProof } from './represent/lock.ts';

/** What a reader of the stream asked for. */
export interface StreamRequest {
  readonly actor: Actor;
  readonly filter: { doorId?: string; type?: string };
  /** Id of the last event that the reader has; what came after it is told first, from the record. */
  readonly lastEventId: string | undefined;
  /** Throws when the reader's token does not hold any more. */
  readonly reauthenticate: () => Promise<unknown>;
}

/** Events of the record told in one read. */
const PAGE = 100;
/** Live events kept while the record is being told; one more, and the record is told again from there. */
const MAX_HELD = 1000;
/** Ids remembered so that no event is told twice. */
const MAX_TOLD = 2000;
/** How long a reader that was cut may take for the last message. */
const CUT_AFTER_MS = 5000;

/**
 * Streams of server-sent events, at most as many as the limits say. The order of one stream: what the record has after
 * Last-Event-ID, then what happens, without a gap and without a repeat. Between them `event: proof`, which has no id and is
 * owed to nobody: whoever is behind with his reading gets none.
 *
 *     (replaying) --record told--> (live) --reader too slow, token withdrawn, server stops--> `event: end`, closed
 */
export function createEventStreams(core: Core, clock: Clock, limits: HttpLimits, onCount: (open: number) => void) {
  const streams = new Set<{ readonly actor: Actor; end(code: StreamEnd['code']): void }>();

  const open = (
    request: StreamRequest,
    incoming: IncomingMessage,
    response: ServerResponse,
    headers: Record<string, string>,
  ): void => {
    const { actor, filter } = request;
    const told = new Set<string>();
    const live = new Map<string, Event>();
    let replaying = request.lastEventId !== undefined;
    let overflowed = false;
    let ended = false;
    let lastId = request.lastEventId;
    let heartbeat: Cancel = () => {};

    const finish = () => {
      ended = true;
      heartbeat();
      unfollow();
      unfollowProofs();
      streams.delete(stream);
      onCount(streams.size);
    };
    const stream = {
      actor,
      end(code: StreamEnd['code']) {
        if (ended) return;
        finish();
        const data: StreamEnd = { code, detail: endDetails[code] };
        response.end(`event: end\ndata: ${JSON.stringify(data)}\n\n`);
        // A reader that does not even take this: its socket goes.
        const cut = clock.after(CUT_AFTER_MS, () => response.destroy());
        response.once('close', cut);
      },
    };
    const write = (text: string) => {
      if (ended) return;
      response.write(text);
      if (response.writableLength > limits.streamBufferOctets) stream.end('slow_reader');
    };
    const tell = (event: Event) => {
      if (ended || told.has(event.id)) return;
      told.add(event.id);
      if (told.size > MAX_TOLD) for (const oldest of told) if (told.delete(oldest)) break;
      lastId = event.id;
      write(`id: ${event.id}\ndata: ${JSON.stringify(represent(event))}\n\n`);
    };
    const hear = (event: Event) => {
      if (filter.doorId !== undefined && event.doorId !== filter.doorId) return;
      if (filter.type !== undefined && event.type !== filter.type) return;
      if (!replaying) return tell(event);
      if (live.size < MAX_HELD) live.set(event.id, event);
      else overflowed = true;
    };
    const hearProof = (proof: Proof) => {
      if (filter.doorId !== undefined && proof.doorId !== filter.doorId) return;
      // Whoever asks for one type of event asks for nothing else.
      if (filter.type !== undefined || response.writableNeedDrain) return;
      write(`event: proof\ndata: ${JSON.stringify(representProof(proof))}\n\n`);
    };
    const replay = async () => {
      do {
        if (overflowed) live.clear();
        overflowed = false;
        for (let more = true; more && !ended; ) {
          const page = await core.events.list(actor, filter, { after: lastId, limit: PAGE });
          for (const event of page) tell(event);
          more = page.length === PAGE;
          if (response.writableNeedDrain && !ended) await drained(response);
        }
      } while (overflowed && !ended);
      replaying = false;
      for (const event of live.values()) tell(event);
      live.clear();
    };
    const beat = () => {
      heartbeat = clock.after(limits.heartbeatMs, () => {
        write(': heartbeat\n\n');
        request.reauthenticate().catch(() => stream.end('not_signed_in'));
        if (!ended) beat();
      });
    };

    const unfollow = core.events.follow(actor, hear);
    const unfollowProofs = core.events.followProofs(actor, hearProof);
    streams.add(stream);
    onCount(streams.size);
    response.once('close', () => {
      if (!ended) finish();
    });
    incoming.socket.setKeepAlive(true, limits.heartbeatMs);
    response.writeHead(200, {
      ...headers,
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
      // Nothing follows a stream on its connection: whoever is cut sees it end.
      connection: 'close',
    });
    write('retry: 1000\n: open\n\n');
    beat();
    if (replaying) replay().catch(() => stream.end('internal'));
  };

  return {
    /** Whether there is room for one more. @throws HttpRefusal too_many, unavailable */
    admit(actor: Actor): void {
      const all = [...streams].map((stream) => stream.actor);
      for (const [whose, most, own] of [
        ['A token', limits.streamsPerToken, all.filter((one) => one.tokenId === actor.tokenId)],
        ['A person', limits.streamsPerPerson, all.filter((one) => one.personId === actor.personId)],
        ['An organization', limits.streamsPerOrganization, all.filter(sameOrganization(actor))],
      ] as const) {
        if (own.length >= most) {
          throw new HttpRefusal('too_many', `${whose} may have ${most} streams open at once.`, { retryAfterS: 5 });
        }
      }
      if (streams.size >= limits.streams) {
        throw new HttpRefusal('unavailable', 'The server has as many streams open as it takes.', { retryAfterS: 30 });
      }
    },
    open,
    /** Ends every stream: readers come again and resume. */
    endAll(): void {
      for (const stream of [...streams]) stream.end('shutting_down');
    },
  };
}

const sameOrganization = (actor: Actor) => (one: Actor) => one.organizationId === actor.organizationId;

const endDetails: Readonly<Record<StreamEnd['code'], string>> = {
  slow_reader: 'The reader was too slow and has been cut. Resume with Last-Event-ID.',
  shutting_down: 'The server stops. Resume with Last-Event-ID.',
  not_signed_in: 'The token does not hold any more. Sign in again.',
  internal: 'The server made a mistake. Resume with Last-Event-ID.',
};

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.on('drain', done);
    response.on('close', done);
  });
}
