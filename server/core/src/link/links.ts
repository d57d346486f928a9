import type { LockController } from '@cardea/wire-profile';
import type { OpenAttempts } from '../attempt/open-attempts.ts';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Presence } from '../gateway/presence.ts';
import type { Lock } from '../model.ts';
import type { Transaction } from '../ports.ts';
import type { Restored } from '../restore/restored.ts';
import type { Place } from './binding.ts';
import { suiteOf } from './controllers.ts';
import type { Durable } from './durable.ts';
import type { Job } from './job.ts';
import { createLockLink, type LinkWorld, type LockLink } from './link.ts';
import { createPolls } from './polls.ts';
import { createUnderWay } from './under-way.ts';
import type { LockWatch } from './watch.ts';

/** The server's own commands have no one who waits at a door. */
const OWN_TIME_TO_LIVE_S = 30;
/** Most locks that one gateway is told about. */
const LOCKS_OF_GATEWAY_MOST = 1000;

/** The links of all locks, the polling of their state, and what gateways are told about them. */
export interface Links {
  byId(lockId: string): LockLink | undefined;
  /** The link of an organization's lock by its identifier. */
  byIdentifier(organizationId: string, identifier: string): LockLink | undefined;
  /**
   * The link of this lock, made when there is none. @throws CoreError `unavailable` for a maker without controller,
   * `precondition_failed` for one whose legacy protocol is off
   */
  open(lock: Lock, place: Place | undefined): Promise<LockLink>;
  /** Ends the lock's link for good, with `durable` in the same unit, and tells its gateways. */
  close(link: LockLink, durable: Durable): Promise<void>;
  /** Locks with a command under way through this gateway. */
  busyThrough(gatewayId: string): readonly LockLink[];
  /** Tells a property's gateways at once which locks they serve; `link` is one that was not among them. */
  tell(propertyId: string, link?: LockLink): void;
  /** A gateway has arrived: tells it its locks, and asks those that have not been asked for long. */
  gatewayArrived(propertyId: string): void;
  stop(): void;
}

/** Links over the record; controllers are found by their maker's name. */
export function createLinks(
  context: Context,
  presence: Presence,
  open: OpenAttempts,
  controllers: readonly LockController<unknown>[],
  restored: Restored,
  watch: LockWatch,
): Links {
  const { clock, log } = context.ports;
  const byId = new Map<string, LockLink>();
  const byIdentifier = new Map<string, LockLink>();
  const opening = new Map<string, Promise<LockLink>>();
  /** Links by the property that may be theirs: whether it is, {@link serves} says. */
  const byProperty = new Map<string, Set<LockLink>>();
  const underWay = createUnderWay();
  const tellings = new Set<string>();
  let stopped = false;

  const ownJob = (link: LockLink, propertyId: string, operation: 'status' | 'chain_head'): Job => ({
    id: context.newId('own'),
    attempt: undefined,
    operation,
    class: 'operate',
    expiresAtMs: context.now() + OWN_TIME_TO_LIVE_S * 1000,
    timeToLiveS: OWN_TIME_TO_LIVE_S,
    stepBack: false,
    propertyId,
    stillPermitted: async () => link.lock.state === 'bound',
  });

  const polls = createPolls({
    clock,
    presence,
    underWay,
    // Refusals of a full queue come as they are thrown.
    async ask(link, what) {
      const propertyId = link.place?.propertyId;
      if (propertyId === undefined) throw new CoreError('precondition_failed', 'the lock has no door');
      try {
        await link.submit(ownJob(link, propertyId, what));
      } catch (error) {
        log.error('a lock could not be asked', { lock: link.lock.identifier, what, error: String(error) });
        throw error;
      }
    },
  });

  const world: LinkWorld = {
    context,
    presence,
    open,
    underWay,
    restored,
    watch,
    placeChanged(link, propertyId) {
      mayServe(link, propertyId);
      tellSoon(propertyId);
    },
    wantsAttention: polls.wanted,
    pollOver: polls.over,
  };

  const mayServe = (link: LockLink, propertyId: string): void => {
    const links = byProperty.get(propertyId) ?? new Set();
    byProperty.set(propertyId, links.add(link));
  };

  const servedIn = (propertyId: string): readonly LockLink[] => {
    const links = byProperty.get(propertyId) ?? new Set();
    for (const link of links) if (!serves(link, propertyId)) links.delete(link);
    return [...links];
  };

  const tell = (propertyId: string): void => {
    const gateways = presence.ofProperty(propertyId);
    if (gateways.length === 0) return;
    const served = servedIn(propertyId).slice(0, LOCKS_OF_GATEWAY_MOST);
    const locks = served.map(({ lock, advertisementKey, serialKey }) => ({
      identifier: lock.identifier,
      maker: lock.maker,
      advertisementKey,
      ...(serialKey === undefined ? {} : { serialKey }),
    }));
    for (const gatewayId of gateways) context.ports.uplink.send(gatewayId, { kind: 'locks', locks });
  };

  /** Tells once for all changes of a moment. */
  const tellSoon = (propertyId: string): void => {
    if (tellings.has(propertyId) || stopped) return;
    tellings.add(propertyId);
    clock.after(0, () => {
      tellings.delete(propertyId);
      tell(propertyId);
    });
  };

  const make = async (lock: Lock, place: Place | undefined): Promise<LockLink> => {
    const controller = controllers.find(({ maker }) => maker === lock.maker);
    if (controller === undefined && suiteOf(lock.maker) === 'legacy') {
      throw new CoreError(
        'precondition_failed',
        `the locks of ${lock.maker} speak the legacy protocol, which is weak and off: legacy_profiles in the server's configuration switches it on`,
        { field: 'identifier' },
      );
    }
    if (controller === undefined) {
      throw new CoreError('unavailable', `locks of the maker ${lock.maker} are not served here`);
    }
    const { factoryKey, record } = await context.read((tx) => secretsOf(tx, lock));
    if (factoryKey === undefined) throw new CoreError('unavailable', 'the factory key of this lock is not known');
    const link = createLockLink(
      world,
      controller,
      { identifier: lock.identifier, factoryKey },
      { lock, record, place },
    );
    byId.set(lock.id, link);
    byIdentifier.set(nameOf(lock), link);
    if (place !== undefined) mayServe(link, place.propertyId);
    await link.begin();
    return link;
  };

  return {
    byId: (lockId) => byId.get(lockId),
    byIdentifier: (organizationId, identifier) => byIdentifier.get(nameOf({ organizationId, identifier })),
    open(lock, place) {
      const known = byId.get(lock.id);
      if (known !== undefined) return Promise.resolve(known);
      const run = opening.get(lock.id) ?? make(lock, place).finally(() => opening.delete(lock.id));
      opening.set(lock.id, run);
      return run;
    },
    async close(link, durable) {
      const { lock, place, bindingIn } = link;
      await link.close(durable);
      polls.forget(lock.id);
      byId.delete(lock.id);
      byIdentifier.delete(nameOf(lock));
      const propertyId = place?.propertyId ?? bindingIn;
      if (propertyId !== undefined) tell(propertyId);
    },
    busyThrough: (gatewayId) => [...underWay.through(gatewayId)].flatMap((lockId) => byId.get(lockId) ?? []),
    tell(propertyId, link) {
      if (link !== undefined) mayServe(link, propertyId);
      tell(propertyId);
    },
    gatewayArrived(propertyId) {
      tell(propertyId);
      let n = 0;
      for (const link of servedIn(propertyId)) {
        // One after the other: a property's locks share a radio.
        if (link.place !== undefined) polls.schedule(link, 1000 + 500 * n++);
      }
    },
    stop() {
      stopped = true;
      polls.stop();
      for (const link of byId.values()) link.stop();
    },
  };
}

/** Two organizations may have imported the same lock: each has a link of its own. */
function nameOf({ organizationId, identifier }: Pick<Lock, 'organizationId' | 'identifier'>): string {
  return `${organizationId} ${identifier}`;
}

/** A lock is served where its door is, and while it is being bound, where its door will be. */
function serves(link: LockLink, propertyId: string): boolean {
  return (link.place?.propertyId ?? link.bindingIn) === propertyId;
}

async function secretsOf(tx: Transaction, lock: Lock) {
  return { factoryKey: await tx.locks.factoryKey(lock.id), record: await tx.locks.binding(lock.id) };
}
