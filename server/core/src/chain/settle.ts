import { toHex } from '@cardea/kit-octets';
import type { ChainHead, EventChain } from '@cardea/wire-profile';
import type { Context, Note } from '../context.ts';
import type { Place as DoorPlace } from '../link/binding.ts';
import type { ChainGap, Lock, LockChain } from '../model.ts';
import type { Transaction } from '../ports.ts';
import { type Hole, lockEventOf, type Place, type Walked, walkChain } from './walk.ts';

/** How long events that a head counts may take to come before their absence is an alarm. */
export const CHAIN_GRACE_MS = 10 * 60_000;
/** Events read at once. */
const PAGE_EVENTS = 256;
/** Newest events among which a lock's word on what it lost is looked for. */
const NEWEST_EVENTS = 64;
/** Most holes that one head records one by one; the rest is one gap. */
const HOLES_MOST = 32;

/** What the functions here work in. */
export interface ChainWork {
  readonly context: Context;
  readonly tx: Transaction;
  readonly note: Note;
  readonly chain: EventChain;
  readonly lock: Lock;
  readonly place: DoorPlace | undefined;
}

/** Notes a head that is not to be believed, with what speaks against it. */
export async function noteWrongHead(
  work: ChainWork,
  why: 'signature' | 'goes_back' | 'two_heads' | 'other_events',
  head: Omit<ChainHead, 'signature'>,
  evidence: Readonly<Record<string, string | number | null>> = {},
): Promise<void> {
  await noteChain(work, 'alarm.chain_head_wrong', {
    why,
    head_sequence: head.sequence,
    head_day: head.day,
    head_hash: toHex(head.hash),
    ...evidence,
  });
}

/** Notes that a lock which answers has shown no head for long; `lastAt` is when the last one came. */
export async function noteOverdueHead(work: ChainWork, lastAt: number | undefined): Promise<void> {
  await noteChain(work, 'alarm.chain_head_overdue', { last_head_at: lastAt ?? null });
}

/**
 * Takes a head whose signature is the lock's. A lock counts upwards: a head of fewer events than a former one, or of as
 * many with another hash, is an alarm and changes nothing. True when it is now the newest.
 */
export async function takeGenuineHead(work: ChainWork, head: ChainHead, resetCount: number): Promise<boolean> {
  const { tx, context, lock } = work;
  const before = await tx.chains.get(lock.id);
  if (before !== undefined && head.sequence < before.headSequence) {
    await noteWrongHead(work, 'goes_back', head, { known_sequence: before.headSequence });
    return false;
  }
  const known = before?.headSequence === head.sequence ? toHex(before.headHash) : undefined;
  if (known !== undefined && known !== toHex(head.hash)) {
    await noteWrongHead(work, 'two_heads', head, { known_hash: known });
    return false;
  }
  const start = before === undefined ? await firstPlace(work, resetCount) : undefined;
  await tx.chains.set({
    lockId: lock.id,
    verifiedTo: before?.verifiedTo ?? start?.sequence ?? 0,
    verifiedHash: before?.verifiedHash ?? start?.hash ?? null,
    headDay: head.day,
    headSequence: head.sequence,
    headHash: head.hash,
    headSignature: head.signature,
    headAt: context.now(),
    unsettledSince: before?.unsettledSince ?? null,
  });
  await settle(work);
  return true;
}

/**
 * Holds the record's events against the newest head. All there: they agree or it is an alarm. Some not there: they get
 * their time to come; after it each hole that the lock has not explained is an alarm, and the head is the new beginning.
 */
export async function settle(work: ChainWork): Promise<void> {
  const { tx, context, lock } = work;
  const chain = await tx.chains.get(lock.id);
  if (chain === undefined || chain.headSequence === chain.verifiedTo) return;
  const start: Place = { sequence: chain.verifiedTo, hash: chain.verifiedHash ?? undefined };
  const head = { sequence: chain.headSequence, hash: chain.headHash };
  const walked = await walk(work, start, head);
  const since = chain.unsettledSince ?? context.now();
  const missing = walked.holes.filter(({ kind }) => kind === 'missing');
  if (missing.length > 0 && context.now() - since < CHAIN_GRACE_MS) {
    await tx.chains.set({ ...chain, unsettledSince: since });
    return;
  }
  for (const hole of bounded(walked.holes)) await recordGap(work, chain, hole);
  if (walked.agrees === false) {
    const { headDay: day, headSequence: sequence, headHash: hash } = chain;
    await noteWrongHead(work, 'other_events', { day, sequence, hash }, { from: start.sequence + 1, to: sequence });
    await insertGap(work, chain, 'altered', { from: start.sequence + 1, to: sequence, beforeHash: start.hash });
  }
  await tx.chains.set({ ...chain, verifiedTo: head.sequence, verifiedHash: head.hash, unsettledSince: null });
  await noteChain(work, 'door.chain_verified', {
    sequence: head.sequence,
    day: chain.headDay,
    hash: toHex(chain.headHash),
    signature: toHex(chain.headSignature),
    gaps: walked.holes.length + (walked.agrees === false ? 1 : 0),
  });
}

/** Events have come that a gap had missed: those that lead on to its head close it, others make it worse. */
export async function fillGaps(work: ChainWork): Promise<void> {
  const { tx, context, lock } = work;
  const open = (await gapsOf(tx, lock)).filter(({ kind, closedAt }) => kind === 'missing' && closedAt === null);
  for (const gap of open) {
    if (gap.beforeHash === null) continue;
    const head = { sequence: gap.headSequence, hash: gap.headHash };
    const walked = await walk(work, { sequence: gap.fromSequence - 1, hash: gap.beforeHash }, head);
    if (walked.holes.length > 0) continue;
    if (walked.agrees !== true) {
      await tx.chains.gaps.update(lock.organizationId, gap.id, { kind: 'altered' });
      const evidence = { from: gap.fromSequence, to: gap.headSequence };
      await noteWrongHead(work, 'other_events', { day: 0, ...head }, evidence);
      continue;
    }
    // Other gaps before the same head are in what has just been proved.
    for (const same of open.filter(({ headSequence }) => headSequence === gap.headSequence)) {
      await tx.chains.gaps.update(lock.organizationId, same.id, { closedAt: context.now() });
      const { fromSequence: from, toSequence: to } = same;
      await noteChain(work, 'door.chain_gap_closed', { from, to, head_sequence: same.headSequence });
    }
  }
}

/** Every gap of a lock. */
export function gapsOf(tx: Transaction, lock: Lock): Promise<readonly ChainGap[]> {
  return tx.chains.gaps.list(lock.organizationId, { lockId: lock.id }, { after: undefined, limit: 1000 });
}

/**
 * Where a lock's chain begins for us. One that was never reset begins at its first event, for nobody can have taken that
 * away; later ones begin at the first event that we were told, and what it leads on from we do not know.
 */
async function firstPlace({ context, tx, chain, lock }: ChainWork, resetCount: number): Promise<Place> {
  const origin: Place = { sequence: 0, hash: chain.start(context.ports.primitives, lock.identifier) };
  if (resetCount === 0) return origin;
  const [first] = await tx.events.ofLockAfter(lock.id, 0, 1);
  if (first?.lockSequence === 1) return origin;
  return { sequence: (first?.lockSequence ?? 1) - 1, hash: undefined };
}

async function walk(
  { context, tx, chain, lock }: ChainWork,
  start: Place,
  head: { readonly sequence: number; readonly hash: Uint8Array },
): Promise<Walked> {
  const newest = await tx.events.newestOfLock(lock.id, NEWEST_EVENTS);
  const lostUpTo = newest.reduce((most, event) => {
    const found = lockEventOf(event);
    return found?.code === 'events_lost' ? Math.max(most, found.actor) : most;
  }, 0);
  const walking = walkChain(chain, context.ports.primitives, start, lostUpTo);
  for (let after = start.sequence; after < head.sequence; ) {
    const page = await tx.events.ofLockAfter(lock.id, after, PAGE_EVENTS);
    for (const event of page) if ((event.lockSequence ?? 0) <= head.sequence) walking.take(event);
    if (page.length < PAGE_EVENTS) break;
    after = page.at(-1)?.lockSequence ?? head.sequence;
  }
  return walking.end(head);
}

/** Holes one by one, or the last of very many as one. */
function bounded(holes: readonly Hole[]): readonly Hole[] {
  const [first, ...rest] = holes.slice(HOLES_MOST - 1);
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return holes;
  return [...holes.slice(0, HOLES_MOST - 1), { ...first, kind: 'missing', to: last.to }];
}

async function recordGap(work: ChainWork, chain: LockChain, hole: Hole): Promise<void> {
  await insertGap(work, chain, hole.kind, hole);
  if (hole.kind !== 'missing') return;
  await noteChain(work, 'alarm.chain_gap', {
    from: hole.from,
    to: hole.to,
    head_sequence: chain.headSequence,
    head_day: chain.headDay,
    head_hash: toHex(chain.headHash),
    head_signature: toHex(chain.headSignature),
  });
}

async function insertGap(
  { context, tx, lock }: ChainWork,
  chain: LockChain,
  kind: ChainGap['kind'],
  { from, to, beforeHash }: Pick<Hole, 'from' | 'to' | 'beforeHash'>,
): Promise<void> {
  await tx.chains.gaps.insert({
    id: context.newId('gap'),
    organizationId: lock.organizationId,
    lockId: lock.id,
    kind,
    fromSequence: from,
    toSequence: to,
    seenAt: context.now(),
    closedAt: null,
    beforeHash: beforeHash ?? null,
    headSequence: chain.headSequence,
    headHash: chain.headHash,
  });
}

async function noteChain(
  { note, lock, place }: ChainWork,
  type: Parameters<Note>[0]['type'],
  detail: Parameters<Note>[0]['detail'] & {},
): Promise<void> {
  const { doorId = null, propertyId = null } = place ?? {};
  await note({ organizationId: lock.organizationId, lockId: lock.id, doorId, propertyId, type, detail });
}
