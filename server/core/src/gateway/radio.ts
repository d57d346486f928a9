import type { Actor } from '../actor.ts';
import { found } from '../checks.ts';
import type { Context } from '../context.ts';
import type { Gateway } from '../model.ts';
import { requireScope } from '../person/roles.ts';
import { byFrequency } from '../statistics/counts.ts';
import type { Connections } from './connections.ts';
import type { Presence } from './presence.ts';

/** A lock that a gateway has heard, as it was heard last. */
export interface HeardLock {
  readonly lockId: string;
  readonly identifier: string;
  readonly doorId: string | null;
  readonly doorName: string | null;
  /** Null: only messages came, which tell no strength. */
  readonly rssiDbm: number | null;
  readonly heardAt: number;
}

/** What is known of a gateway's radio. What a gateway says of it proves nothing. */
export interface GatewayRadio {
  readonly gatewayId: string;
  /** Strongest first; empty while the gateway is offline. */
  readonly heard: readonly HeardLock[];
  /** Of the last 200 connections since the server started. */
  readonly connections: {
    readonly made: number;
    readonly failed: number;
    readonly p50Ms: number | null;
    readonly p95Ms: number | null;
    readonly failures: readonly { readonly reason: string; readonly count: number }[];
  };
  /** Spells without a session within the last seven days, newest first; `to` null: it still goes on. */
  readonly offline: readonly { readonly from: number; readonly to: number | null }[];
}

const WEEK_MS = 7 * 86_400_000;
const HEARD_MOST = 1_000;
const LOCKS_A_READ = 100;
const EVENTS_MOST = 2_000;

/** Reads what is known of a gateway's radio. */
export function radioUseCase(
  context: Context,
  presence: Presence,
  connections: Connections,
): (actor: Actor, id: string) => Promise<GatewayRadio> {
  return async (actor, id) => {
    requireScope(actor, 'estate:read');
    const gateway = found('gateway', await context.read((tx) => tx.gateways.get(actor.organizationId, id)));
    const { made, failed, p50Ms, p95Ms } = connections.of(id);
    const failures = byFrequency(failed);
    return {
      gatewayId: id,
      heard: await heardBy(context, presence, gateway),
      connections: { made, failed: failures.reduce((sum, { count }) => sum + count, 0), p50Ms, p95Ms, failures },
      offline: await offlineSpells(context, presence, gateway),
    };
  };
}

async function heardBy(context: Context, presence: Presence, gateway: Gateway): Promise<readonly HeardLock[]> {
  const { organizationId } = gateway;
  const sightings = presence.heardBy(gateway.id).slice(0, HEARD_MOST);
  const elapsed = context.ports.clock.monotonic();
  const heard: HeardLock[] = [];
  for (let at = 0; at < sightings.length; at += LOCKS_A_READ) {
    const some = sightings.slice(at, at + LOCKS_A_READ);
    heard.push(
      ...(await context.read(async (tx) => {
        const known: HeardLock[] = [];
        for (const { identifier, rssiDbm, at: heardAt } of some) {
          const lock = await tx.locks.byIdentifier(organizationId, identifier);
          if (lock === undefined) continue;
          const [door] = await tx.doors.list(organizationId, { lockId: lock.id }, { after: undefined, limit: 1 });
          known.push({
            lockId: lock.id,
            identifier,
            doorId: door?.id ?? null,
            doorName: door?.name ?? null,
            rssiDbm: rssiDbm ?? null,
            heardAt: Math.floor(context.now() - (elapsed - heardAt)),
          });
        }
        return known;
      })),
    );
  }
  return heard.sort((a, b) => (b.rssiDbm ?? -200) - (a.rssiDbm ?? -200));
}

async function offlineSpells(
  context: Context,
  presence: Presence,
  { id, organizationId, propertyId, state, lastSeenAt }: Gateway,
): Promise<GatewayRadio['offline']> {
  const now = context.now();
  const range = { after: { at: now - WEEK_MS, id: '' }, before: now + 1 };
  const changes = await context.read(async (tx) => {
    const of = { organizationId, propertyId };
    const went = await tx.statistics.happened({ ...of, type: 'gateway.offline' }, range, EVENTS_MOST);
    const came = await tx.statistics.happened({ ...of, type: 'gateway.online' }, range, EVENTS_MOST);
    return [...went.map((event) => ({ ...event, on: false })), ...came.map((event) => ({ ...event, on: true }))]
      .filter(({ gatewayId }) => gatewayId === id)
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  });
  const spells: { from: number; to: number | null }[] = [];
  for (const { at, on } of changes) {
    const last = spells.at(-1);
    if (!on) spells.push({ from: at, to: null });
    else if (last !== undefined && last.to === null) last.to = at;
  }
  const open = spells.at(-1)?.to === null;
  if (presence.isOnline(id)) return spells.filter(({ to }) => to !== null).reverse();
  // It went before this week, or the server ended without its saying so.
  if (!open && state === 'enrolled' && lastSeenAt !== null) spells.push({ from: lastSeenAt, to: null });
  return spells.reverse();
}
