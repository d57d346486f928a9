import type { Clock } from '@cardea/kit-runtime';
import type { Core } from '@cardea/server-core';
import type { Route } from '../route.ts';
import { accessRoutes } from './access.ts';
import { alertRoutes } from './alerts.ts';
import { attemptRoutes } from './attempts.ts';
import { auditRoutes } from './audit.ts';
import { estateRoutes } from './estate.ts';
import { eventRoutes } from './events.ts';
import { type GatewayCertificates, gatewayRoutes, type XmppAddress } from './gateways.ts';
import { grantRoutes } from './grants.ts';
import { keyRoutes } from './keys.ts';
import { lockRoutes } from './locks.ts';
import { modeRoutes } from './modes.ts';
import { organizationRoutes } from './organizations.ts';
import { type OutboxPort, outboxRoutes } from './outbox.ts';
import { ownRoutes } from './own.ts';
import { peopleRoutes } from './people.ts';
import { personRoutes } from './persons.ts';
import { type SimPort, simRoutes } from './sim.ts';
import { statisticsRoutes } from './statistics.ts';
import { stayRoutes } from './stays.ts';
import { systemRoutes } from './system.ts';
import { visitorRoutes } from './visitors.ts';

/** What the operations of the API act on. */
export interface RoutesOptions {
  readonly core: Core;
  readonly clock: Clock;
  /** Where gateways find the XMPP door; asked when one enrols. */
  readonly xmppAddress: () => XmppAddress;
  /** Issues gateways' certificates at their enrolment; without it they sign in by password. */
  readonly gatewayCertificates?: GatewayCertificates;
  /** On demo estates: the way to the virtual locks. Without it `/v1/sim` does not exist. */
  readonly sim?: SimPort | undefined;
  /** On demo estates: the messages that would have been sent. Without it `/v1/sim/outbox` does not exist. */
  readonly outbox?: OutboxPort | undefined;
}

/** Every operation of the API, in the order of its description; what waits is cut short by `closing`. */
export const routesOf = (
  { core, clock, xmppAddress, gatewayCertificates, sim, outbox }: RoutesOptions,
  closing: Promise<void>,
): readonly Route[] => [
  ...accessRoutes(core, sim !== undefined),
  ...organizationRoutes(core),
  ...estateRoutes(core),
  ...lockRoutes(core),
  ...attemptRoutes(core, closing),
  ...grantRoutes(core, () => clock.now()),
  ...stayRoutes(core),
  ...visitorRoutes(core),
  ...modeRoutes(core),
  ...keyRoutes(core),
  ...ownRoutes(core),
  ...eventRoutes(core),
  ...statisticsRoutes(core),
  ...alertRoutes(core),
  ...auditRoutes(core),
  ...gatewayRoutes(core, xmppAddress, gatewayCertificates),
  ...personRoutes(core),
  ...peopleRoutes(core),
  ...systemRoutes(core),
  ...(sim === undefined ? [] : simRoutes(core, sim)),
  ...(outbox === undefined ? [] : outboxRoutes(outbox)),
];
