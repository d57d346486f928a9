import { NONCE_SIZE_OCTETS } from '../request.ts';
import type { Session } from './state.ts';
import type { Work } from './work.ts';

/** A session older than this is over: a new run is needed. */
export const SESSION_MAX_MS = 24 * 3_600_000;
/** A nonce is forgotten after this. */
export const NONCE_LIFE_MS = 30_000;
/** A nonce sets the time only within this. */
export const SET_TIME_NONCE_LIFE_MS = 5_000;
/** Accepted frames whose receipt is kept. */
export const ACCEPTED_KEPT = 4;

/** The live session, or undefined; one that is over its time is dropped here. */
export function liveSession(work: Work): Session | undefined {
  const session = work.state.session;
  if (session === undefined) return undefined;
  if (work.nowMs < session.startedMs + SESSION_MAX_MS) return session;
  work.update({ session: undefined });
  return undefined;
}

/** A confirmed run becomes the one session; the one before it ends here and not earlier. */
export function startSession(work: Work, run: Pick<Session, 'link' | 'channel' | 'nonceSeed' | 'keys'>): void {
  const session: Session = {
    number: work.id(),
    keys: run.keys,
    startedMs: work.nowMs,
    link: run.link,
    channel: run.channel,
    lastCounter: 0,
    eventCounter: 0,
    accepted: [],
    nonceSeed: run.nonceSeed,
    noncesIssued: 0,
    nonce: undefined,
    held: undefined,
  };
  work.update({
    session,
    resends: 0,
    ring: work.state.ring.map((entry) => ({ ...entry, sentMs: undefined })),
  });
}

/** Changes fields of the live session. */
export function updateSession(work: Work, patch: Partial<Session>): void {
  const session = work.state.session;
  if (session !== undefined) work.update({ session: { ...session, ...patch } });
}

/** A new nonce; the one before it counts no more. Only this lock can foretell it. */
export function issueNonce(work: Work, session: Session): Uint8Array {
  const n = session.noncesIssued + 1;
  const count = Uint8Array.of(n >>> 24, n >>> 16, n >>> 8, n);
  const octets = work.context.primitives.hmacSha256(session.nonceSeed.reveal(), count).slice(0, NONCE_SIZE_OCTETS);
  updateSession(work, { noncesIssued: n, nonce: { octets, issuedMs: work.nowMs } });
  return octets;
}

/** Uses a nonce up: milliseconds since its issue, or undefined when it is not the newest unused one. */
export function takeNonce(work: Work, octets: Uint8Array): number | undefined {
  const nonce = work.state.session?.nonce;
  if (nonce === undefined || nonce.octets.some((octet, i) => octet !== octets[i])) return undefined;
  updateSession(work, { nonce: undefined });
  const ageMs = work.nowMs - nonce.issuedMs;
  return ageMs <= NONCE_LIFE_MS ? ageMs : undefined;
}
