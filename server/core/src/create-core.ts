import type { LockController } from '@cardea/wire-profile';
import { attemptUseCases } from './attempt/attempts.ts';
import { createConfirmations } from './attempt/confirmations.ts';
import { expired } from './attempt/life.ts';
import { createOpenAttempts } from './attempt/open-attempts.ts';
import { advance } from './attempt/record.ts';
import { beginLogs } from './audit/backfill.ts';
import { createHeads } from './audit/heads.ts';
import { auditUseCases } from './audit/use-cases.ts';
import { createWitnesses } from './audit/witnesses.ts';
import { checkupUseCases } from './checkup/use-cases.ts';
import { type Context, createContext } from './context.ts';
import type { Core } from './core.ts';
import { estateUseCases } from './estate/estate.ts';
import { eventUseCases } from './event/events.ts';
import { createRetention } from './event/retention.ts';
import { tellUseCase } from './event/tell.ts';
import { createConnections } from './gateway/connections.ts';
import { gatewayUseCases } from './gateway/gateways.ts';
import { createPresence } from './gateway/presence.ts';
import { uplinkUseCases } from './gateway/uplink.ts';
import { createClaimRetention } from './geofence/claims.ts';
import { createGrantEnds } from './grant/ends.ts';
import { explainUseCase } from './grant/explain.ts';
import { grantUseCases } from './grant/grants.ts';
import { createGrantKeeper } from './grant/keeper.ts';
import { createGrantUses } from './grant/uses.ts';
import { phoneSignInUseCases } from './key/phone-sign-in.ts';
import { phoneUseCases } from './key/phones.ts';
import { receiptUseCases } from './key/receipts.ts';
import { controllersOf } from './link/controllers.ts';
import { createLinks, type Links } from './link/links.ts';
import { lockUseCases } from './lock/locks.ts';
import { createLockViewer } from './lock/view.ts';
import { createMethods } from './method/methods.ts';
import { methodUseCases } from './method/use-cases.ts';
import { modeUseCases } from './mode/modes.ts';
import { alertUseCases } from './monitor/alerts.ts';
import { createMonitor } from './monitor/monitor.ts';
import { createInstallation } from './organization/installation.ts';
import { organizationUseCases } from './organization/organizations.ts';
import { ownDoorUseCase } from './own/doors.ts';
import { ownEventUseCases } from './own/events.ts';
import { accessUseCases } from './person/access.ts';
import { privacyUseCases } from './person/erasure.ts';
import { factorUseCases } from './person/factors.ts';
import { createLockOut } from './person/lock-out.ts';
import { createOwnPassword } from './person/own-password.ts';
import { createPasswordQueue } from './person/password-queue.ts';
import { personUseCases } from './person/persons.ts';
import { registrationUseCases } from './person/registration.ts';
import { createSecondStep } from './person/second-step.ts';
import { createSessions } from './person/sessions.ts';
import { createTryLimit } from './person/try-limit.ts';
import { createCodes } from './person/verification.ts';
import { createPins } from './pin/pins.ts';
import type { CorePorts } from './ports.ts';
import type { Restored } from './restore/restored.ts';
import { scheduleUseCases } from './schedule/schedules.ts';
import { statisticsUseCases } from './statistics/use-cases.ts';
import { createStayEnds } from './stay/ends.ts';
import { createStayKeeper } from './stay/keeper.ts';
import { stayUseCases } from './stay/stays.ts';
import { visitorUseCases } from './visitor/visitors.ts';

/** What may differ from the usual core. */
export interface CoreOptions {
  /** The makers' protocols: those of this repository when left out. */
  readonly controllers?: readonly LockController<unknown>[];
  /** Also serves locks of the legacy profile, which its source defines weakly: off by default. */
  readonly legacy?: boolean;
  /** Events are removed when they are so many days old; left out, all are kept. */
  readonly eventRetentionDays?: number | undefined;
}

/** The RAS's use cases over these ports. `start` reads the record; before it no lock is served. */
export function createCore(ports: CorePorts, options: CoreOptions = {}): Core {
  const context = createContext(ports);
  const installation = createInstallation(context);
  const presence = createPresence(ports.clock);
  const connections = createConnections(ports.clock);
  const open = createOpenAttempts(ports.clock);
  const controllers = options.controllers ?? controllersOf(options.legacy ?? false);
  const restored: Restored = { newest: undefined };
  const supports = (maker: string): boolean =>
    controllers.some((one) => one.maker === maker && one.access !== undefined);
  const methods = createMethods({
    context,
    presence,
    restored,
    supports,
    opened: async (tx, note, grant, at) => (await keeper.opened(tx, note, grant, at, 'door')).lockIds,
  });
  const links = createLinks(context, presence, open, controllers, restored, methods.watch);
  const witnesses = createWitnesses(context, ports.witnesses ?? []);
  const heads = createHeads(context, (head) => witnesses.signed(head));
  const monitor = createMonitor(context);
  const retention = createRetention(context, options.eventRetentionDays);
  const { planner } = methods;
  const keeper = createGrantKeeper(context, planner);
  const ends = createGrantEnds(context, keeper);
  const stays = createStayKeeper(context, keeper, methods.planner);
  const claims = createClaimRetention(context);
  const stayEnds = createStayEnds(context, stays, keeper);
  const uses = createGrantUses(context, keeper);
  const confirmations = createConfirmations(context, open, uses);
  const lockOut = createLockOut(context);
  const queue = createPasswordQueue(ports.passwords);
  const ownPassword = createOwnPassword(context, lockOut, queue);
  const tries = createTryLimit(context);
  const sessions = createSessions(context);
  const secondStep = createSecondStep(context, installation, sessions, lockOut, tries);
  const attempts = attemptUseCases(context, links, open, uses, confirmations);
  const sealsOf = (lockId: string) => links.byId(lockId)?.seals;
  const pins = createPins(context, methods, sealsOf);
  const view = createLockViewer(context, presence, restored);
  let ready = false;

  return {
    estate: estateUseCases(context, keeper),
    locks: lockUseCases(context, links, presence, open, restored),
    attempts,
    modes: modeUseCases(context, links, open, attempts, restored),
    events: eventUseCases(context, options.eventRetentionDays),
    statistics: statisticsUseCases(context),
    checkup: checkupUseCases(context, { presence, view, retentionDays: options.eventRetentionDays }),
    alerts: alertUseCases(context),
    audit: auditUseCases(context, heads),
    gateways: gatewayUseCases(context, presence, connections, (gatewayId) => {
      let jobs = 0;
      for (const link of links.busyThrough(gatewayId)) jobs += link.jobsThrough(gatewayId);
      return jobs;
    }),
    persons: personUseCases(context, { keeper, methods }),
    organizations: organizationUseCases(context, installation),
    access: accessUseCases(context, { installation, lockOut, queue, ownPassword, sessions, secondStep }),
    registration: registrationUseCases(context, installation),
    factors: factorUseCases(context, ownPassword, tries),
    secondStep,
    sessions,
    privacy: privacyUseCases(context, { keeper, methods, ownPassword }),
    grants: grantUseCases(context, keeper, explainUseCase({ context, reach: presence.reach, supports })),
    schedules: scheduleUseCases(context, keeper),
    stays: stayUseCases(context, keeper, stays),
    methods: methodUseCases(context),
    phones: phoneUseCases(context, methods, sealsOf),
    phoneSignIn: phoneSignInUseCases(context, { installation, sessions, tries }),
    receipts: receiptUseCases(context, links, methods.watch),
    pins,
    visitors: visitorUseCases(context, { keeper, pins, codes: createCodes(context) }),
    own: {
      ...ownEventUseCases(context),
      ...ownDoorUseCase({
        context,
        view,
        reach: presence.reach,
        supports,
      }),
    },
    uplink: uplinkUseCases(context, links, presence, connections),
    tell: tellUseCase(context),
    async start() {
      restored.newest = await context.read((tx) => tx.restores.newest());
      await beginLogs(context);
      // Before anything is noted: the newest fact says when the former process ended.
      await monitor.start();
      await endOpenAttempts(context);
      await uses.start();
      await openBoundLocks(context, links);
      retention.start();
      ends.start();
      stayEnds.start();
      claims.start();
      methods.provisioner.start(links);
      heads.start();
      await witnesses.start();
      ready = true;
    },
    async stop() {
      ready = false;
      links.stop();
      context.proofs.stop();
      methods.provisioner.stop();
      monitor.stop();
      retention.stop();
      ends.stop();
      stayEnds.stop();
      claims.stop();
      confirmations.stop();
      uses.stop();
      await heads.stop();
      await witnesses.stop();
    },
    health: () => ({ ready, gatewaysOnline: presence.online, attemptsOpen: open.size }),
  };
}

/** What the former process left open is over: what it had sent may have acted, the rest was never sent. */
async function endOpenAttempts(context: Context): Promise<void> {
  await context.write(async (tx, note) => {
    for (const attempt of await tx.attempts.open()) {
      await advance(tx, note, attempt.organizationId, attempt.id, (one) => expired(one, context.now()));
    }
  });
}

async function openBoundLocks(context: Context, links: Links): Promise<void> {
  const bound = await context.read(async (tx) => {
    const all = [];
    for (const lock of await tx.locks.all()) {
      if (lock.state !== 'bound') continue;
      const [door] = await tx.doors.list(lock.organizationId, { lockId: lock.id }, { after: undefined, limit: 1 });
      all.push({ lock, place: door && { doorId: door.id, propertyId: door.propertyId } });
    }
    return all;
  });
  for (const { lock, place } of bound) {
    try {
      await links.open(lock, place);
    } catch (error) {
      // One lock whose maker is not served, or whose key does not open, must not keep the others shut out.
      context.ports.log.error('a lock cannot be served', { lock: lock.identifier, error: String(error) });
    }
  }
}
