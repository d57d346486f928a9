import type {
  AddedGateway,
  AddedOrganization,
  Alert,
  Attempt,
  AuditConsistency,
  AuditHead,
  AuditInclusion,
  AuditKey,
  AuditLeaf,
  AuditLeaves,
  BodyOf,
  CarriedResults,
  CreatedToken,
  Door,
  DoorMode,
  Event,
  EventRetention,
  Explanation,
  Floor,
  FloorDrawing,
  Gateway,
  GatewayEnrolment,
  GatewayRadio,
  Grant,
  GrantAnswer,
  GrantMethod,
  GrantPins,
  InvitedVisitor,
  KeyBundle,
  KeypadReopening,
  Legitimacy,
  Lock,
  LockChain,
  LockdownStarted,
  LockMode,
  LostPhone,
  MadePin,
  ManifestAnswer,
  Me,
  Organization,
  OutboxMessage,
  Person,
  Phone,
  PhoneChallenge,
  Position,
  Property,
  QueryOf,
  RevokedGrant,
  RevokedVisitor,
  Schedule,
  ScheduleAnswer,
  SecurityCheck,
  Session,
  SimFaultName,
  Statistics,
  Stay,
  StayAnswer,
  StayImport,
  Token,
  Visitor,
} from '@cardea/wire-api';
import { type FollowOptions, followEvents } from './follow.ts';
import { linesOf } from './lines.ts';
import { everyItem, type Page } from './pages.ts';
import { type Own, type PeopleWork, type Policy, peopleOf, type Registration } from './people.ts';
import { createTransport, type RequestOptions, type TransportOptions } from './transport.ts';

/** How somebody signs in. */
export interface SignInOptions extends RequestOptions {
  readonly organizationId?: string | undefined;
  /** What the list of sessions calls this one. */
  readonly device?: string | undefined;
  /** In a page of the server: the session goes into a cookie that no script can read, and `token` is null. */
  readonly cookie?: boolean | undefined;
}

/** What is asked of a door. */
export type DoorOperation = 'unlock' | 'lock' | 'status';

/** How a command is started and followed. */
export interface OperateOptions extends RequestOptions {
  /** Seconds after which the command must not act any more. */
  readonly timeToLiveS?: number | undefined;
  /** Where the phone says that it is, for a grant that asks for it. */
  readonly position?: Position | undefined;
}

/** How an attempt is followed to its end. */
export interface UntilOverOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told of the attempt as it was after each answer of the server, the first and the last included. */
  readonly onProgress?: ((attempt: Attempt) => void) | undefined;
}

/** A page asked for by hand, or every item one after the other. */
export interface Listing<T, Query> {
  /** Every item in creation order, fetched a page at a time. */
  list(query?: Omit<Query, 'cursor'>, options?: RequestOptions): AsyncGenerator<T, void, void>;
  page(query?: Query, options?: RequestOptions): Promise<Page<T>>;
}

/** A noun that is shown, added and removed. */
export interface Noun<T, Query, New, Added = T> extends Listing<T, Query> {
  get(id: string, options?: RequestOptions): Promise<T>;
  add(input: New, options?: RequestOptions): Promise<Added>;
  remove(id: string, options?: RequestOptions): Promise<void>;
}

/** The API of a Cardea server. Every method throws ApiProblem when it is refused or the server cannot be reached. */
export interface Client {
  /**
   * Into `organizationId`, or the installation's own organization. @throws ApiProblem `second_factor_required` with what
   * `registration.secondStep` answers
   */
  signIn(email: string, password: string, options?: SignInOptions): Promise<Session>;
  signOut(options?: RequestOptions): Promise<void>;
  changePassword(current: string, next: string, options?: RequestOptions): Promise<void>;
  me(options?: RequestOptions): Promise<Me>;
  /** The installation's organizations, for its operator. */
  readonly organizations: Listing<Organization, QueryOf<'GET /v1/organizations'>> & {
    /** Founds another organization; its owner's password is in the answer, this once. */
    add(input: BodyOf<'POST /v1/organizations'>, options?: RequestOptions): Promise<AddedOrganization>;
  };
  readonly properties: Noun<Property, QueryOf<'GET /v1/properties'>, BodyOf<'POST /v1/properties'>> & {
    /** Changes what is named; the rest stays. */
    change(id: string, change: BodyOf<'PATCH /v1/properties/{id}'>, options?: RequestOptions): Promise<Property>;
  };
  readonly floors: Noun<Floor, QueryOf<'GET /v1/floors'>, BodyOf<'POST /v1/floors'>> & {
    /** Changes what is named; the rest stays. */
    change(id: string, change: BodyOf<'PATCH /v1/floors/{id}'>, options?: RequestOptions): Promise<Floor>;
    /** Says where the doors of the floor are on its plan: all of it or nothing. */
    drawPlan(id: string, plan: BodyOf<'PUT /v1/floors/{id}/plan'>, options?: RequestOptions): Promise<Floor>;
    /** The picture behind the plan of the floor; null where there is none. */
    drawing(id: string, options?: RequestOptions): Promise<FloorDrawing>;
    /** Puts a picture behind the plan: PNG, JPEG or WebP in base64, at most 1 MiB. */
    setDrawing(id: string, picture: BodyOf<'PUT /v1/floors/{id}/drawing'>, options?: RequestOptions): Promise<Floor>;
    removeDrawing(id: string, options?: RequestOptions): Promise<void>;
  };
  readonly doors: Noun<Door, QueryOf<'GET /v1/doors'>, BodyOf<'POST /v1/doors'>> & {
    /** Changes what is named: the door's name, its floor, what it is for. */
    change(id: string, change: BodyOf<'PATCH /v1/doors/{id}'>, options?: RequestOptions): Promise<Door>;
    /** Starts binding a lock to the door; the attempt waits for the confirmation at the lock. */
    enrol(id: string, identifier: string, options?: RequestOptions): Promise<Attempt>;
    /** Starts a command at the door's lock: the attempt as it begins. */
    start(id: string, operation: DoorOperation, options?: OperateOptions): Promise<Attempt>;
    /** Starts opening although privacy or a lockdown is on; the reason is on record for good. */
    override(id: string, reason: string, options?: OperateOptions): Promise<Attempt>;
    /** Starts setting the lock's mode; `until` ends it by the lock's own clock. */
    setMode(id: string, mode: LockMode, until?: string | null, options?: RequestOptions): Promise<Attempt>;
  };
  readonly locks: Listing<Lock, QueryOf<'GET /v1/locks'>> & {
    get(id: string, options?: RequestOptions): Promise<Lock>;
    /** How far the lock's event chain is verified, and what is missing of it. */
    chain(id: string, options?: RequestOptions): Promise<LockChain>;
    importManifest(manifest: Record<string, unknown>, options?: RequestOptions): Promise<ManifestAnswer>;
    legitimacy(identifier: string, options?: RequestOptions): Promise<Legitimacy>;
    /**
     * Starts returning the lock to its factory state. With `force` the lock is not asked but withdrawn at once: the
     * attempt is over as `not_sent`, and the lock holds its key until it is reset at the lock.
     */
    remove(id: string, options?: RequestOptions & { readonly force?: boolean }): Promise<Attempt>;
    /** Starts setting the clock; `stepBack` confirms a step of over 60 s back. */
    setTime(id: string, stepBack?: boolean, options?: RequestOptions): Promise<Attempt>;
  };
  readonly attempts: Listing<Attempt, QueryOf<'GET /v1/attempts'>> & {
    /** The attempt; with `waitS` (at most 30) once it is over, or as it is by then. */
    get(id: string, waitS?: number, options?: RequestOptions): Promise<Attempt>;
    /** As the second person whom its grant asks for, lets an attempt go. */
    confirm(id: string, position?: Position, options?: RequestOptions): Promise<Attempt>;
    /** Follows an attempt until it is over. */
    untilOver(attempt: Attempt, options?: UntilOverOptions): Promise<Attempt>;
  };
  readonly events: Listing<Event, QueryOf<'GET /v1/events'>> & {
    /** How long events are kept, and what has been removed. */
    retention(options?: RequestOptions): Promise<EventRetention>;
    /** Events as they happen, each once and none left out. */
    follow(options?: FollowOptions): AsyncGenerator<Event, void, void>;
  };
  /** What a property tells of its use in a range: until now, the seven days before, unless said otherwise. */
  statistics(query: QueryOf<'GET /v1/statistics'>, options?: RequestOptions): Promise<Statistics>;
  /** How safely the organization is set up: warnings first, then advice, then what is in order. */
  securityCheck(options?: RequestOptions): Promise<SecurityCheck>;
  /** The audit log of the organization: what shows that the record was not changed (docs/audit.md). */
  readonly audit: {
    key(options?: RequestOptions): Promise<AuditKey>;
    head(options?: RequestOptions): Promise<AuditHead>;
    readonly heads: Listing<AuditHead, QueryOf<'GET /v1/audit/heads'>>;
    /** Every leaf from a number on, fetched a page at a time. */
    leaves(from?: number, options?: RequestOptions): AsyncGenerator<AuditLeaf, void, void>;
    inclusion(eventId: string, options?: RequestOptions): Promise<AuditInclusion>;
    consistency(from: number, to: number, options?: RequestOptions): Promise<AuditConsistency>;
    /** The whole log as lines. */
    export(options?: RequestOptions): AsyncGenerator<string, void, void>;
  };
  readonly alerts: Listing<Alert, QueryOf<'GET /v1/alerts'>> & {
    get(id: string, options?: RequestOptions): Promise<Alert>;
    acknowledge(id: string, options?: RequestOptions): Promise<Alert>;
  };
  readonly gateways: Noun<Gateway, QueryOf<'GET /v1/gateways'>, BodyOf<'POST /v1/gateways'>, AddedGateway> & {
    /** What it hears, how its connections go, when it was away. */
    radio(id: string, options?: RequestOptions): Promise<GatewayRadio>;
    /** By the gateway itself: its one-time token becomes its account. */
    enrol(token: string, options?: RequestOptions): Promise<GatewayEnrolment>;
  };
  /** Who may open which doors, when and how. */
  readonly grants: Listing<Grant, QueryOf<'GET /v1/grants'>> & {
    get(id: string, options?: RequestOptions): Promise<Grant>;
    create(input: BodyOf<'POST /v1/grants'>, options?: RequestOptions): Promise<GrantAnswer>;
    /**
     * Changes what is named; `drop` names every constraint that falls. `ifMatch` is the ETag of what was read
     * (`onEtag` of `get`); without it the grant is read first, and changed only if nobody does meanwhile.
     */
    change(id: string, change: BodyOf<'PATCH /v1/grants/{id}'>, options?: RequestOptions): Promise<GrantAnswer>;
    /** The grant as it is over, and of each lock until when it can still be opened there. */
    revoke(id: string, options?: RequestOptions): Promise<RevokedGrant>;
  };
  /** How the methods of a grant stand at its locks, and until when each opens. */
  grantMethods(grantId: string, options?: RequestOptions): Promise<readonly GrantMethod[]>;
  /** Phones and cards: all with `grants:write`, else one's own. */
  readonly phones: Listing<Phone, QueryOf<'GET /v1/phones'>> & {
    get(id: string, options?: RequestOptions): Promise<Phone>;
    /** What a phone has to sign to be enrolled: "cardea-phone-1" | challenge | public key. */
    challenge(options?: RequestOptions): Promise<PhoneChallenge>;
    enrol(input: BodyOf<'POST /v1/phones'>, options?: RequestOptions): Promise<Phone>;
    /** All keys of the phone, each with a fresh lease. */
    keys(id: string, input?: BodyOf<'POST /v1/phones/{id}/keys'>, options?: RequestOptions): Promise<KeyBundle>;
    /** Takes its keys back; the same again says where that stands. */
    lost(id: string, options?: RequestOptions): Promise<LostPhone>;
  };
  /** What locks have given phones to carry. */
  readonly receipts: {
    handIn(input: BodyOf<'POST /v1/receipts'>, options?: RequestOptions): Promise<CarriedResults>;
  };
  readonly pins: {
    /** A PIN for the doors of a grant, in the answer this once. */
    make(grantId: string, input: BodyOf<'POST /v1/grants/{id}/pins'>, options?: RequestOptions): Promise<MadePin>;
    list(grantId: string, options?: RequestOptions): Promise<GrantPins>;
    /** Takes all PINs of a grant away; offline PINs of others at the same locks end with them. */
    remove(grantId: string, options?: RequestOptions): Promise<readonly GrantMethod[]>;
    /** Lets a keypad that was closed by wrong entries take entries again. */
    reopenKeypad(doorId: string, options?: RequestOptions): Promise<KeypadReopening>;
  };
  readonly schedules: Noun<Schedule, QueryOf<'GET /v1/schedules'>, BodyOf<'POST /v1/schedules'>, ScheduleAnswer> & {
    /** Replaces what is named; the rest stays. */
    change(id: string, change: BodyOf<'PATCH /v1/schedules/{id}'>, options?: RequestOptions): Promise<ScheduleAnswer>;
  };
  /** One's own visitors: whom one lets through doors of one's own for a time. */
  readonly visitors: Listing<Visitor, QueryOf<'GET /v1/visitors'>> & {
    /** Link and PIN are in the answer, this once. */
    invite(input: BodyOf<'POST /v1/visitors'>, options?: RequestOptions): Promise<InvitedVisitor>;
    /** Takes back what the visitor was given; the answer says until when each door can still be opened. */
    revoke(id: string, options?: RequestOptions): Promise<RevokedVisitor>;
  };
  /** The verbs of a hotel. */
  readonly stays: Listing<Stay, QueryOf<'GET /v1/stays'>> & {
    get(id: string, options?: RequestOptions): Promise<Stay>;
    /** Checks a guest in, or only reserves with `check_in: false`. */
    add(input: BodyOf<'POST /v1/stays'>, options?: RequestOptions): Promise<StayAnswer>;
    checkIn(id: string, input?: BodyOf<'POST /v1/stays/{id}/check-in'>, options?: RequestOptions): Promise<StayAnswer>;
    duplicate(
      id: string,
      input: BodyOf<'POST /v1/stays/{id}/duplicate'>,
      options?: RequestOptions,
    ): Promise<StayAnswer>;
    extend(id: string, until: string, options?: RequestOptions): Promise<StayAnswer>;
    move(id: string, input: BodyOf<'POST /v1/stays/{id}/move'>, options?: RequestOptions): Promise<StayAnswer>;
    checkOut(id: string, options?: RequestOptions): Promise<StayAnswer>;
    cancel(id: string, options?: RequestOptions): Promise<Stay>;
    /** Brings reservations of a file; with `dry_run` only tells what would be done. */
    importFile(input: BodyOf<'POST /v1/stays/import'>, options?: RequestOptions): Promise<StayImport>;
  };
  /** Lets somebody open a door once within hours. */
  oneShot(
    propertyId: string,
    input: BodyOf<'POST /v1/properties/{id}/one-shot'>,
    options?: RequestOptions,
  ): Promise<Grant>;
  /** Locks every door of a property down, or ends it: what was begun at each. */
  lockdown(
    propertyId: string,
    input: BodyOf<'POST /v1/properties/{id}/lockdown'>,
    options?: RequestOptions,
  ): Promise<LockdownStarted>;
  /** The doors of a property, each with its mode. */
  modes(propertyId: string, options?: RequestOptions): AsyncGenerator<DoorMode, void, void>;
  /** Whether and why a person may open a door at a time. */
  explain(
    doorId: string,
    question: QueryOf<'GET /v1/doors/{id}/explain'>,
    options?: RequestOptions,
  ): Promise<Explanation>;
  readonly persons: Noun<Person, QueryOf<'GET /v1/persons'>, BodyOf<'POST /v1/persons'>> & PeopleWork;
  /** Becoming somebody, getting back in, and the second step of a sign-in. */
  readonly registration: Registration;
  /** The own second factors, addresses and sessions. */
  readonly own: Own;
  readonly signInPolicy: Policy;
  /** On demo estates: the newest messages that were written down instead of sent. */
  outbox(options?: RequestOptions): Promise<readonly OutboxMessage[]>;
  readonly tokens: {
    list(options?: RequestOptions): Promise<readonly Token[]>;
    create(input: BodyOf<'POST /v1/tokens'>, options?: RequestOptions): Promise<CreatedToken>;
    remove(id: string, options?: RequestOptions): Promise<void>;
  };
  /** Makes a fault at a virtual lock or gateway; on demo estates only. */
  sim(fault: SimFaultName, input: BodyOf<'POST /v1/sim/{fault}'>, options?: RequestOptions): Promise<void>;
  /** Unlocks a door and follows the attempt to its end: look at `state`, it need not have succeeded. */
  unlock(doorId: string, options?: OperateOptions & UntilOverOptions): Promise<Attempt>;
  /** Locks a door and follows the attempt to its end. */
  lock(doorId: string, options?: OperateOptions & UntilOverOptions): Promise<Attempt>;
  /** Asks a door's lock for its state and follows the attempt to its end. */
  status(doorId: string, options?: OperateOptions & UntilOverOptions): Promise<Attempt>;
  /** Unlocks a door although privacy is on or the lock is in lockdown, and follows the attempt to its end. */
  override(doorId: string, reason: string, options?: OperateOptions & UntilOverOptions): Promise<Attempt>;
}

/** A client of the server at `url`, acting by `token`. */
export function createClient(options: TransportOptions): Client {
  const transport = createTransport(options);
  const { call } = transport;
  const people = peopleOf(transport);

  const listing = <T, Query extends { cursor?: string }>(
    fetchPage: (query: Query, options: RequestOptions | undefined) => Promise<Page<T>>,
  ): Listing<T, Query> => ({
    page: (query, more) => fetchPage(query ?? ({} as Query), more),
    list: (query, more) =>
      everyItem((cursor) => fetchPage({ ...query, ...(cursor === undefined ? {} : { cursor }) } as Query, more)),
  });

  const start: Client['doors']['start'] = (id, operation, { timeToLiveS, position, ...more } = {}) =>
    call(
      `POST /v1/doors/{id}/${operation}`,
      {
        params: { id },
        body: {
          ...(timeToLiveS !== undefined && { time_to_live_s: timeToLiveS }),
          ...(position !== undefined && { position }),
        },
      },
      more,
    );

  const override: Client['doors']['override'] = (id, reason, { timeToLiveS, position, ...more } = {}) =>
    call(
      'POST /v1/doors/{id}/override',
      {
        params: { id },
        body: {
          reason,
          ...(timeToLiveS !== undefined && { time_to_live_s: timeToLiveS }),
          ...(position !== undefined && { position }),
        },
      },
      more,
    );

  const untilOver: Client['attempts']['untilOver'] = async (attempt, { signal, onProgress } = {}) => {
    let now = attempt;
    onProgress?.(now);
    while (now.state === 'pending' || now.state === 'sent') {
      now = await call('GET /v1/attempts/{id}', { params: { id: now.id }, query: { wait_s: 25 } }, { signal });
      onProgress?.(now);
    }
    return now;
  };

  const operate =
    (operation: DoorOperation): Client['unlock'] =>
    async (doorId, more = {}) =>
      untilOver(await start(doorId, operation, more), more);

  return {
    signIn: (email, password, { organizationId, device, cookie, ...more } = {}) => {
      const where = organizationId === undefined ? {} : { organization_id: organizationId };
      const named = device === undefined ? {} : { device };
      const kept = cookie === undefined ? {} : { cookie };
      return call('POST /v1/sessions', { body: { email, password, ...where, ...named, ...kept } }, more);
    },
    signOut: (more) => call('DELETE /v1/sessions/current', {}, more),
    changePassword: (current, next, more) =>
      call('POST /v1/password', { body: { current_password: current, new_password: next } }, more),
    me: (more) => call('GET /v1/me', {}, more),
    organizations: {
      ...listing((query, more) => call('GET /v1/organizations', { query }, more)),
      add: (body, more) => call('POST /v1/organizations', { body }, more),
    },
    properties: {
      ...listing((query, more) => call('GET /v1/properties', { query }, more)),
      get: (id, more) => call('GET /v1/properties/{id}', { params: { id } }, more),
      add: (body, more) => call('POST /v1/properties', { body }, more),
      change: (id, body, more) => call('PATCH /v1/properties/{id}', { params: { id }, body }, more),
      remove: (id, more) => call('DELETE /v1/properties/{id}', { params: { id } }, more),
    },
    floors: {
      ...listing((query, more) => call('GET /v1/floors', { query }, more)),
      get: (id, more) => call('GET /v1/floors/{id}', { params: { id } }, more),
      add: (body, more) => call('POST /v1/floors', { body }, more),
      change: (id, body, more) => call('PATCH /v1/floors/{id}', { params: { id }, body }, more),
      drawPlan: (id, body, more) => call('PUT /v1/floors/{id}/plan', { params: { id }, body }, more),
      drawing: (id, more) => call('GET /v1/floors/{id}/drawing', { params: { id } }, more),
      setDrawing: (id, body, more) => call('PUT /v1/floors/{id}/drawing', { params: { id }, body }, more),
      removeDrawing: (id, more) => call('DELETE /v1/floors/{id}/drawing', { params: { id } }, more),
      remove: (id, more) => call('DELETE /v1/floors/{id}', { params: { id } }, more),
    },
    doors: {
      ...listing((query, more) => call('GET /v1/doors', { query }, more)),
      get: (id, more) => call('GET /v1/doors/{id}', { params: { id } }, more),
      add: (body, more) => call('POST /v1/doors', { body }, more),
      change: (id, body, more) => call('PATCH /v1/doors/{id}', { params: { id }, body }, more),
      remove: (id, more) => call('DELETE /v1/doors/{id}', { params: { id } }, more),
      enrol: (id, identifier, more) =>
        call('POST /v1/doors/{id}/enrol', { params: { id }, body: { identifier } }, more),
      start,
      override,
      setMode: (id, mode, until, more) =>
        call(
          'POST /v1/doors/{id}/mode',
          { params: { id }, body: { mode, ...(until !== undefined && { until }) } },
          more,
        ),
    },
    locks: {
      ...listing((query, more) => call('GET /v1/locks', { query }, more)),
      get: (id, more) => call('GET /v1/locks/{id}', { params: { id } }, more),
      chain: (id, more) => call('GET /v1/locks/{id}/chain', { params: { id } }, more),
      importManifest: (body, more) => call('POST /v1/manifests', { body }, more),
      legitimacy: (identifier, more) => call('GET /v1/legitimacy/{identifier}', { params: { identifier } }, more),
      remove: (id, { force, ...more } = {}) =>
        call('DELETE /v1/locks/{id}', { params: { id }, query: force === undefined ? {} : { force } }, more),
      setTime: (id, stepBack = false, more = {}) =>
        call('POST /v1/locks/{id}/set-time', { params: { id }, body: { step_back: stepBack } }, more),
    },
    attempts: {
      ...listing((query, more) => call('GET /v1/attempts', { query }, more)),
      get: (id, waitS = 0, more = {}) =>
        call('GET /v1/attempts/{id}', { params: { id }, query: { wait_s: waitS } }, more),
      confirm: (id, position, more) =>
        call(
          'POST /v1/attempts/{id}/confirm',
          { params: { id }, body: position === undefined ? {} : { position } },
          more,
        ),
      untilOver,
    },
    events: {
      ...listing((query, more) => call('GET /v1/events', { query }, more)),
      retention: (more) => call('GET /v1/events/retention', {}, more),
      follow: (more = {}) => followEvents(transport, more),
    },
    securityCheck: (more) => call('GET /v1/security-check', {}, more),
    statistics: (query, more) => call('GET /v1/statistics', { query }, more),
    audit: {
      key: (more) => call('GET /v1/audit/key', {}, more),
      head: (more) => call('GET /v1/audit/head', {}, more),
      heads: listing((query, more) => call('GET /v1/audit/heads', { query }, more)),
      async *leaves(from = 0, more) {
        for (let next: number | null = from; next !== null; ) {
          const page: AuditLeaves = await call('GET /v1/audit/leaves', { query: { from: next } }, more);
          yield* page.items;
          next = page.next;
        }
      },
      inclusion: (event, more) => call('GET /v1/audit/proof/inclusion', { query: { event } }, more),
      consistency: (from, to, more) => call('GET /v1/audit/proof/consistency', { query: { from, to } }, more),
      async *export({ signal } = {}) {
        yield* linesOf(await transport.open('GET /v1/audit/export', {}, {}, signal));
      },
    },
    alerts: {
      ...listing((query, more) => call('GET /v1/alerts', { query }, more)),
      get: (id, more) => call('GET /v1/alerts/{id}', { params: { id } }, more),
      acknowledge: (id, more) => call('POST /v1/alerts/{id}/acknowledge', { params: { id } }, more),
    },
    gateways: {
      ...listing((query, more) => call('GET /v1/gateways', { query }, more)),
      get: (id, more) => call('GET /v1/gateways/{id}', { params: { id } }, more),
      radio: (id, more) => call('GET /v1/gateways/{id}/radio', { params: { id } }, more),
      add: (body, more) => call('POST /v1/gateways', { body }, more),
      remove: (id, more) => call('DELETE /v1/gateways/{id}', { params: { id } }, more),
      enrol: (token, more) => call('POST /v1/gateway-enrolments', { body: { token } }, more),
    },
    grants: {
      ...listing((query, more) => call('GET /v1/grants', { query }, more)),
      get: (id, more) => call('GET /v1/grants/{id}', { params: { id } }, more),
      create: (body, more) => call('POST /v1/grants', { body }, more),
      async change(id, body, more = {}) {
        let { ifMatch } = more;
        if (ifMatch === undefined) {
          const onEtag = (etag: string): void => {
            ifMatch = etag;
          };
          await call('GET /v1/grants/{id}', { params: { id } }, { signal: more.signal, onEtag });
        }
        return call('PATCH /v1/grants/{id}', { params: { id }, body }, { ...more, ifMatch });
      },
      revoke: (id, more) => call('POST /v1/grants/{id}/revoke', { params: { id } }, more),
    },
    grantMethods: async (id, more) => (await call('GET /v1/grants/{id}/methods', { params: { id } }, more)).items,
    phones: {
      ...listing((query, more) => call('GET /v1/phones', { query }, more)),
      get: (id, more) => call('GET /v1/phones/{id}', { params: { id } }, more),
      challenge: (more) => call('POST /v1/phones/challenges', {}, more),
      enrol: (body, more) => call('POST /v1/phones', { body }, more),
      keys: (id, body = {}, more = {}) => call('POST /v1/phones/{id}/keys', { params: { id }, body }, more),
      lost: (id, more) => call('POST /v1/phones/{id}/lost', { params: { id } }, more),
    },
    receipts: { handIn: (body, more) => call('POST /v1/receipts', { body }, more) },
    pins: {
      make: (id, body, more) => call('POST /v1/grants/{id}/pins', { params: { id }, body }, more),
      list: (id, more) => call('GET /v1/grants/{id}/pins', { params: { id } }, more),
      remove: async (id, more) => (await call('POST /v1/grants/{id}/pins/remove', { params: { id } }, more)).items,
      reopenKeypad: (id, more) => call('POST /v1/doors/{id}/keypad/reopen', { params: { id } }, more),
    },
    schedules: {
      ...listing((query, more) => call('GET /v1/schedules', { query }, more)),
      get: (id, more) => call('GET /v1/schedules/{id}', { params: { id } }, more),
      add: (body, more) => call('POST /v1/schedules', { body }, more),
      change: (id, body, more) => call('PATCH /v1/schedules/{id}', { params: { id }, body }, more),
      remove: (id, more) => call('DELETE /v1/schedules/{id}', { params: { id } }, more),
    },
    visitors: {
      ...listing((query, more) => call('GET /v1/visitors', { query }, more)),
      invite: (body, more) => call('POST /v1/visitors', { body }, more),
      revoke: (id, more) => call('POST /v1/visitors/{id}/revoke', { params: { id } }, more),
    },
    stays: {
      ...listing((query, more) => call('GET /v1/stays', { query }, more)),
      get: (id, more) => call('GET /v1/stays/{id}', { params: { id } }, more),
      add: (body, more) => call('POST /v1/stays', { body }, more),
      checkIn: (id, body = {}, more = {}) => call('POST /v1/stays/{id}/check-in', { params: { id }, body }, more),
      duplicate: (id, body, more) => call('POST /v1/stays/{id}/duplicate', { params: { id }, body }, more),
      extend: (id, until, more) => call('POST /v1/stays/{id}/extend', { params: { id }, body: { until } }, more),
      move: (id, body, more) => call('POST /v1/stays/{id}/move', { params: { id }, body }, more),
      checkOut: (id, more) => call('POST /v1/stays/{id}/check-out', { params: { id } }, more),
      cancel: (id, more) => call('POST /v1/stays/{id}/cancel', { params: { id } }, more),
      importFile: (body, more) => call('POST /v1/stays/import', { body }, more),
    },
    oneShot: (id, body, more) => call('POST /v1/properties/{id}/one-shot', { params: { id }, body }, more),
    lockdown: (id, body, more) => call('POST /v1/properties/{id}/lockdown', { params: { id }, body }, more),
    modes: (id, more) =>
      everyItem((cursor) =>
        call('GET /v1/properties/{id}/modes', { params: { id }, query: cursor === undefined ? {} : { cursor } }, more),
      ),
    explain: (id, query, more) => call('GET /v1/doors/{id}/explain', { params: { id }, query }, more),
    persons: {
      ...listing((query, more) => call('GET /v1/persons', { query }, more)),
      get: (id, more) => call('GET /v1/persons/{id}', { params: { id } }, more),
      add: (body, more) => call('POST /v1/persons', { body }, more),
      remove: (id, more) => call('DELETE /v1/persons/{id}', { params: { id } }, more),
      ...people.work,
    },
    registration: people.registration,
    own: people.own,
    signInPolicy: people.policy,
    outbox: people.outbox,
    tokens: {
      list: async (more) => (await call('GET /v1/tokens', {}, more)).items,
      create: (body, more) => call('POST /v1/tokens', { body }, more),
      remove: (id, more) => call('DELETE /v1/tokens/{id}', { params: { id } }, more),
    },
    sim: (fault, body, more) => call('POST /v1/sim/{fault}', { params: { fault }, body }, more),
    unlock: operate('unlock'),
    lock: operate('lock'),
    status: operate('status'),
    override: async (doorId, reason, more = {}) => untilOver(await override(doorId, reason, more), more),
  };
}
