import { type AlertsClient, alertsClient } from './nouns/alerts.ts';
import { type AttemptsClient, attemptsClient } from './nouns/attempts.ts';
import { type AuditClient, auditClient } from './nouns/audit.ts';
import { type DemoClient, demoClient } from './nouns/demo.ts';
import { type DoorsClient, doorsClient } from './nouns/doors.ts';
import { type EventsClient, eventsClient } from './nouns/events.ts';
import { type FloorsClient, floorsClient } from './nouns/floors.ts';
import { type GatewaysClient, gatewaysClient } from './nouns/gateways.ts';
import { type GrantsClient, grantsClient } from './nouns/grants.ts';
import { type InsightsClient, insightsClient } from './nouns/insights.ts';
import { type LocksClient, locksClient } from './nouns/locks.ts';
import { type ModesClient, modesClient } from './nouns/modes.ts';
import { type OrganizationsClient, organizationsClient } from './nouns/organizations.ts';
import { type OwnClient, ownClient } from './nouns/own.ts';
import { type PersonsClient, personsClient } from './nouns/persons.ts';
import { type PhonesClient, phonesClient } from './nouns/phones.ts';
import { type PinsClient, pinsClient } from './nouns/pins.ts';
import { type PropertiesClient, propertiesClient } from './nouns/properties.ts';
import { type RegistrationClient, registrationClient } from './nouns/registration.ts';
import { type SchedulesClient, schedulesClient } from './nouns/schedules.ts';
import { type SignInClient, signInClient } from './nouns/sign-in.ts';
import { type SignInPolicyClient, signInPolicyClient } from './nouns/sign-in-policy.ts';
import { type StaysClient, staysClient } from './nouns/stays.ts';
import { type TokensClient, tokensClient } from './nouns/tokens.ts';
import { type VisitorsClient, visitorsClient } from './nouns/visitors.ts';
import { createTransport, type TransportOptions } from './transport.ts';

/** The API of a Cardea server. Every method throws ApiProblem when it is refused or the server cannot be reached. */
export interface Client
  extends SignInClient,
    OrganizationsClient,
    PropertiesClient,
    FloorsClient,
    DoorsClient,
    LocksClient,
    AttemptsClient,
    EventsClient,
    InsightsClient,
    AuditClient,
    AlertsClient,
    GatewaysClient,
    GrantsClient,
    PhonesClient,
    PinsClient,
    SchedulesClient,
    VisitorsClient,
    StaysClient,
    ModesClient,
    PersonsClient,
    RegistrationClient,
    OwnClient,
    SignInPolicyClient,
    TokensClient,
    DemoClient {}

/** A client of the server at `url`, acting by `token`. */
export function createClient(options: TransportOptions): Client {
  const transport = createTransport(options);
  const attempts = attemptsClient(transport);
  return {
    ...signInClient(transport),
    ...organizationsClient(transport),
    ...propertiesClient(transport),
    ...floorsClient(transport),
    ...doorsClient(transport, attempts.attempts),
    ...locksClient(transport),
    ...attempts,
    ...eventsClient(transport),
    ...insightsClient(transport),
    ...auditClient(transport),
    ...alertsClient(transport),
    ...gatewaysClient(transport),
    ...grantsClient(transport),
    ...phonesClient(transport),
    ...pinsClient(transport),
    ...schedulesClient(transport),
    ...visitorsClient(transport),
    ...staysClient(transport),
    ...modesClient(transport),
    ...personsClient(transport),
    ...registrationClient(transport),
    ...ownClient(transport),
    ...signInPolicyClient(transport),
    ...tokensClient(transport),
    ...demoClient(transport),
  };
}
