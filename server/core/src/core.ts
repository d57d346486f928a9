import type { Secret } from '@cardea/kit-runtime';
import type { StoredLeaf } from '@cardea/wire-audit';
import type { DeviceProfile } from '@cardea/wire-profile';
import type { Actor, Precondition } from './actor.ts';
import type { AuditKey, ConsistencyView, HeadView, InclusionView } from './audit/views.ts';
import type { CheckupUseCases } from './checkup/model.ts';
import type { FloorDrawing } from './estate/drawing.ts';
import type { PlanDrawing } from './estate/plan.ts';
import type { GatewayRadio } from './gateway/radio.ts';
import type { Position } from './geofence/position.ts';
import type { GrantConstraint, GrantTerms } from './grant/constraints.ts';
import type { GrantDraft } from './grant/draft.ts';
import type { Explanation } from './grant/explanation.ts';
import type { PhoneSignInUseCases, PhoneUseCases, ReceiptUseCases } from './key/use-cases.ts';
import type { Proof } from './lock/proofs.ts';
import type { Staleness } from './lock/staleness.ts';
import type { MethodUseCases } from './method/use-cases.ts';
import type { ModeView } from './mode/model.ts';
import type { ModeUseCases } from './mode/use-cases.ts';
import type {
  Alert,
  Attempt,
  AttemptOperation,
  ChainGap,
  Door,
  Event,
  EventRemoval,
  Floor,
  Gateway,
  Grant,
  GrantOperation,
  Lock,
  LockChain,
  LockReport,
  Organization,
  Person,
  Property,
  Schedule,
} from './model.ts';
import type { OwnUseCases } from './own/use-cases.ts';
import type {
  BegunSession,
  FactorUseCases,
  PrivacyUseCases,
  RegistrationUseCases,
  SecondStepUseCases,
  SessionUseCases,
} from './person/people.ts';
import type { PinUseCases } from './pin/use-cases.ts';
import type { FromGateway, PageRequest, Scope, ScramHashName, ScramVerifier, StoredToken } from './ports.ts';
import type { ScheduleNotice } from './schedule/notices.ts';
import type { StatisticsUseCases } from './statistics/model.ts';
import type { StayUseCases } from './stay/use-cases.ts';
import type { VisitorUseCases } from './visitor/use-cases.ts';

export type { Actor, Precondition };

export type New<T, Keys extends keyof T> = Pick<T, Keys>;

/** What a property may say of its house; what is not said is usual. */
export type PropertySettings = New<Property, 'checkInTime' | 'checkOutTime' | 'offlineLeaseS' | 'visitors'>;

/** A lock with what is last known of it; `stale` says since when nothing was proved, and why. */
export interface LockView extends Lock, Staleness {
  /** Of its maker's protocol; `legacy` is weak. */
  readonly suite: DeviceProfile['suite'];
  readonly doorId: string | null;
  readonly report: LockReport | null;
  /** The gateway that would reach it now, if any. */
  readonly gatewayId: string | null;
  /** By what it has confirmed; undefined: unknown since the record came back from a backup. */
  readonly mode: ModeView | undefined;
}

/** A lock's event chain as it is verified now. */
export interface ChainView {
  readonly lock: Lock;
  /** Whether the lock's maker chains its events. */
  readonly chained: boolean;
  /** Undefined before the first head. */
  readonly chain: LockChain | undefined;
  readonly gaps: readonly ChainGap[];
}

/** A gateway with its presence. */
export interface GatewayView extends Gateway {
  readonly online: boolean;
  readonly queueLength: number | null;
  /** Locks that it has heard since it came; null while it is offline. */
  readonly locksHeard: number | null;
}

/** A grant after it was made or changed, with what the clocks do to its schedule. */
export interface GrantAnswer {
  readonly grant: Grant;
  readonly notices: readonly ScheduleNotice[];
}

/** A schedule after it was made or changed, with what the clocks do to it. */
export interface ScheduleAnswer {
  readonly schedule: Schedule;
  readonly notices: readonly ScheduleNotice[];
}

/** The use cases of the RAS. Each method checks the actor's scope first and throws CoreError to refuse. */
export interface Core {
  /** For the owner of the installation's own organization, the one that was founded first. */
  readonly organizations: {
    list(actor: Actor, page: PageRequest): Promise<readonly Organization[]>;
    /** Founds another organization; its owner's password is shown once and has to be changed at the first sign-in. */
    add(
      actor: Actor,
      input: { readonly name: string; readonly ownerName: string; readonly ownerEmail: string },
    ): Promise<{ organization: Organization; owner: Person; password: Secret<string> }>;
  };
  readonly estate: {
    listProperties(actor: Actor, page: PageRequest): Promise<readonly Property[]>;
    addProperty(
      actor: Actor,
      input: New<Property, 'name' | 'timeZone' | 'region' | 'geofence'> & Partial<PropertySettings>,
    ): Promise<Property>;
    getProperty(actor: Actor, id: string): Promise<Property>;
    /** Changes what is named; the rest stays. */
    changeProperty(
      actor: Actor,
      id: string,
      change: Partial<New<Property, 'name' | 'geofence'> & PropertySettings>,
      unchanged?: Precondition<Property>,
    ): Promise<Property>;
    removeProperty(actor: Actor, id: string, unchanged?: Precondition<Property>): Promise<void>;
    listFloors(actor: Actor, propertyId: string | undefined, page: PageRequest): Promise<readonly Floor[]>;
    addFloor(actor: Actor, input: New<Floor, 'propertyId' | 'name' | 'level'>): Promise<Floor>;
    getFloor(actor: Actor, id: string): Promise<Floor>;
    /** Changes what is named; the rest stays. */
    changeFloor(
      actor: Actor,
      id: string,
      change: Partial<New<Floor, 'name' | 'level'>>,
      unchanged?: Precondition<Floor>,
    ): Promise<Floor>;
    /** Draws the plan of a floor anew, with all doors that are to be on it: all of it or nothing. */
    drawPlan(actor: Actor, id: string, drawing: PlanDrawing, unchanged?: Precondition<Floor>): Promise<Floor>;
    /** The picture behind the plan of a floor; undefined where there is none. */
    getDrawing(actor: Actor, id: string): Promise<FloorDrawing | undefined>;
    /** Puts a picture behind the plan of a floor, in place of the one that is there. */
    setDrawing(actor: Actor, id: string, picture: { mediaType: string; octets: Uint8Array }): Promise<Floor>;
    removeDrawing(actor: Actor, id: string): Promise<void>;
    removeFloor(actor: Actor, id: string, unchanged?: Precondition<Floor>): Promise<void>;
    listDoors(
      actor: Actor,
      filter: { propertyId?: string; floorId?: string; name?: string },
      page: PageRequest,
    ): Promise<readonly Door[]>;
    addDoor(
      actor: Actor,
      input: New<Door, 'propertyId' | 'floorId' | 'name'> & Partial<New<Door, 'kind'>>,
    ): Promise<Door>;
    getDoor(actor: Actor, id: string): Promise<Door>;
    /** Changes what is named; on another floor the door has no position. */
    changeDoor(
      actor: Actor,
      id: string,
      change: Partial<New<Door, 'name' | 'floorId' | 'kind'>>,
      unchanged?: Precondition<Door>,
    ): Promise<Door>;
    removeDoor(actor: Actor, id: string, unchanged?: Precondition<Door>): Promise<void>;
  };
  readonly locks: {
    /** With `propertyId`: those that are at a door of it. */
    list(
      actor: Actor,
      filter: { identifier?: string; propertyId?: string },
      page: PageRequest,
    ): Promise<readonly LockView[]>;
    get(actor: Actor, id: string): Promise<LockView>;
    /** Takes in a maker's signed manifest; all of it or nothing. */
    importManifest(actor: Actor, manifest: unknown): Promise<{ added: number; known: number }>;
    /** Binds a lock to a door (6.1 to 6.4); the attempt waits for the confirmation at the lock. */
    enrol(actor: Actor, input: { doorId: string; identifier: string }): Promise<Attempt>;
    /** Legitimacy check against DDMS: 0 legitimate, 1 not. */
    legitimacy(actor: Actor, identifier: string): Promise<{ status: 0 | 1; reason: string | null }>;
    /**
     * Returns a lock to its factory state and takes it from its door. With `force` the lock is not asked: it is withdrawn
     * at once, whatever it may be doing, and holds its key until it is reset at the lock; the attempt says `not_sent`.
     */
    remove(actor: Actor, id: string, options?: { readonly force?: boolean }): Promise<Attempt>;
    /** How far the lock's event chain is verified, and what is missing of it. */
    chain(actor: Actor, id: string): Promise<ChainView>;
    /** Sets the clock; `stepBack` confirms a step of over 60 s back. */
    setTime(actor: Actor, id: string, stepBack: boolean): Promise<Attempt>;
  };
  readonly attempts: {
    /**
     * Starts unlock, lock, status or override at a door's lock: by the actor's role, else by a grant. By a grant that asks
     * for a second person nothing leaves before one has confirmed.
     */
    operate(
      actor: Actor,
      doorId: string,
      operation: AttemptOperation,
      timeToLiveS: number | undefined,
      position?: Position,
    ): Promise<Attempt>;
    /** The second person, who may open the door himself, lets an attempt go. */
    confirm(actor: Actor, id: string, position?: Position): Promise<Attempt>;
    get(actor: Actor, id: string): Promise<Attempt>;
    list(actor: Actor, filter: { doorId?: string }, page: PageRequest): Promise<readonly Attempt[]>;
    /** The attempt once it is over, or as it is after `timeoutMs`. */
    wait(actor: Actor, id: string, timeoutMs: number): Promise<Attempt>;
  };
  readonly events: {
    /** With `alertId` only what the alert rests on; one that is not there rests on nothing. */
    list(
      actor: Actor,
      filter: { doorId?: string; type?: string; alertId?: string },
      page: PageRequest,
    ): Promise<readonly Event[]>;
    /** How long events are kept, and what has been removed by then. */
    retention(actor: Actor): Promise<{ readonly days: number | null; readonly removal: EventRemoval | null }>;
    /** Live events of the actor's organization, after they are durable, until the returned function is called. */
    follow(actor: Actor, listener: (event: Event) => void): () => void;
    /**
     * Live proofs that changed nothing, hence are no events: at most one a second a lock, the newest, until the returned
     * function is called. Whoever sees only his own events sees none of these.
     */
    followProofs(actor: Actor, listener: (proof: Proof) => void): () => void;
  };
  /** What doors are used for, what is refused, how long commands take, how batteries stand. */
  readonly statistics: StatisticsUseCases;
  /** How safely the organization is set up. */
  readonly checkup: CheckupUseCases;
  /** What the monitor of the record has found (seed 002, 6.5). */
  readonly alerts: {
    list(
      actor: Actor,
      filter: { state?: Alert['state']; rule?: Alert['rule'] },
      page: PageRequest,
    ): Promise<readonly Alert[]>;
    get(actor: Actor, id: string): Promise<Alert>;
    /** An operator has seen to it; the same again answers the alert as it is. */
    acknowledge(actor: Actor, id: string): Promise<Alert>;
  };
  /** The audit log of the actor's organization (docs/audit.md). */
  readonly audit: {
    key(actor: Actor): Promise<AuditKey>;
    /** The head over what is in the log now. */
    head(actor: Actor): Promise<HeadView>;
    heads(actor: Actor, page: PageRequest): Promise<readonly HeadView[]>;
    /** Leaves from a number on. */
    leaves(actor: Actor, range: { readonly from: number; readonly limit: number }): Promise<readonly StoredLeaf[]>;
    inclusion(actor: Actor, eventId: string): Promise<InclusionView>;
    consistency(actor: Actor, sizes: { readonly from: number; readonly to: number }): Promise<ConsistencyView>;
    /** The whole log as lines (wire/audit, export). */
    export(actor: Actor): Promise<AsyncIterable<string>>;
  };
  readonly gateways: {
    list(actor: Actor, page: PageRequest): Promise<readonly GatewayView[]>;
    get(actor: Actor, id: string): Promise<GatewayView>;
    /** What it hears, how its connections go, when it was away. */
    radio(actor: Actor, id: string): Promise<GatewayRadio>;
    /** The token is shown once, works once, for an hour. */
    add(
      actor: Actor,
      input: New<Gateway, 'propertyId' | 'name'>,
    ): Promise<{ gateway: Gateway; enrolmentToken: Secret<string> }>;
    remove(actor: Actor, id: string, unchanged?: Precondition<GatewayView>): Promise<void>;
    /** By the gateway itself, with its one-time token: its account for the uplink. */
    enrol(token: Secret<string>): Promise<{ gateway: Gateway; password: Secret<string> }>;
  };
  readonly persons: {
    list(actor: Actor, page: PageRequest): Promise<readonly Person[]>;
    get(actor: Actor, id: string): Promise<Person>;
    add(actor: Actor, input: New<Person, 'name' | 'email' | 'role'> & { password: Secret<string> }): Promise<Person>;
    remove(actor: Actor, id: string, unchanged?: Precondition<Person>): Promise<void>;
  };
  readonly access: {
    /** First start: the organization and its owner, whose password must be changed. Refused when there is one. */
    found(input: {
      organization: string;
      name: string;
      email: string;
      password: Secret<string>;
    }): Promise<{ organization: Organization; owner: Person }>;
    /**
     * Into `organizationId`, or the installation's own organization where none is named. `email` is the sign-in name or any
     * address that was proved. @throws CoreError `second_factor_required` with what the second step is answered by
     */
    signIn(
      email: string,
      password: Secret<string>,
      from: string,
      organizationId?: string,
      device?: string,
    ): Promise<BegunSession>;
    signOut(actor: Actor): Promise<void>;
    changePassword(actor: Actor, current: Secret<string>, next: Secret<string>): Promise<void>;
    /** The actor's own person and organization. */
    self(actor: Actor): Promise<{ readonly person: Person; readonly organization: Organization }>;
    /** The actor behind a bearer token, used `from` where; throws `not_signed_in`. */
    authenticate(token: Secret<string>, from?: string): Promise<Actor>;
    /** Records that a door refused what the actor asked for: the monitor watches it. */
    denied(actor: Actor, operation: string): Promise<void>;
    createToken(
      actor: Actor,
      input: { name: string; scopes: readonly Scope[]; expiresInS: number },
    ): Promise<{ token: Secret<string>; stored: StoredToken }>;
    listTokens(actor: Actor): Promise<readonly StoredToken[]>;
    removeToken(actor: Actor, id: string): Promise<void>;
  };
  /** Who may open which doors, when and how. Without `grants:read` everybody sees his own. */
  readonly grants: {
    create(actor: Actor, draft: GrantDraft): Promise<GrantAnswer>;
    get(actor: Actor, id: string): Promise<Grant>;
    /** With `doorId`: the active grants that reach that door. */
    list(
      actor: Actor,
      filter: { personId?: string; propertyId?: string; stayId?: string; state?: Grant['state']; doorId?: string },
      page: PageRequest,
    ): Promise<readonly Grant[]>;
    /** `drop` names every constraint that the change drops. */
    change(
      actor: Actor,
      id: string,
      change: Partial<GrantTerms>,
      drop: readonly GrantConstraint[],
      unchanged?: Precondition<Grant>,
    ): Promise<GrantAnswer>;
    /** Whether and why a person may open a door at a moment, now when left out; without `grants:read` about oneself. */
    explain(
      actor: Actor,
      doorId: string,
      question: { readonly personId: string; readonly at?: number; readonly operation?: GrantOperation },
    ): Promise<Explanation>;
    /** The same again answers the grant as it is. */
    revoke(actor: Actor, id: string, unchanged?: Precondition<Grant>): Promise<Grant>;
  };
  /** How locks treat those who come: normal, passage, lockdown; and opening in spite of it. */
  readonly modes: ModeUseCases;
  readonly stays: StayUseCases;
  readonly schedules: {
    list(actor: Actor, propertyId: string | undefined, page: PageRequest): Promise<readonly Schedule[]>;
    get(actor: Actor, id: string): Promise<Schedule>;
    notices(actor: Actor, id: string): Promise<readonly ScheduleNotice[]>;
    add(
      actor: Actor,
      input: New<Schedule, 'propertyId' | 'name' | 'weekly' | 'holidays' | 'exceptions'>,
    ): Promise<ScheduleAnswer>;
    change(
      actor: Actor,
      id: string,
      change: Partial<Pick<Schedule, 'name' | 'weekly' | 'holidays' | 'exceptions'>>,
      unchanged?: Precondition<Schedule>,
    ): Promise<ScheduleAnswer>;
    remove(actor: Actor, id: string, unchanged?: Precondition<Schedule>): Promise<void>;
  };
  /** Becoming somebody here by a code, and getting back in. */
  readonly registration: RegistrationUseCases;
  /** The own second factors, and what the organization asks for. */
  readonly factors: FactorUseCases;
  /** The second step of a sign-in, and passkeys. */
  readonly secondStep: SecondStepUseCases;
  /** The own sessions. */
  readonly sessions: SessionUseCases;
  /** Export and erasure of what is held of a person. */
  readonly privacy: PrivacyUseCases;
  /** How what grants give stands at the locks (docs/keys.md). */
  readonly methods: MethodUseCases;
  readonly phones: PhoneUseCases;
  /** Signing in by the key of a phone. */
  readonly phoneSignIn: PhoneSignInUseCases;
  readonly receipts: ReceiptUseCases;
  readonly pins: PinUseCases;
  /** Whom residents let in for a time. */
  readonly visitors: VisitorUseCases;
  /** What a person's own phone shows of his doors. */
  readonly own: OwnUseCases;
  /** What the XMPP door tells the core. `online` and `offline` frame a gateway's session. */
  readonly uplink: {
    verifier(gatewayId: string, hash?: ScramHashName): Promise<ScramVerifier | undefined>;
    online(gatewayId: string): Promise<void>;
    /** Resolves when what the message says is durable: only then is it acknowledged. */
    received(gatewayId: string, message: FromGateway): Promise<void>;
    offline(gatewayId: string, reason: string): void;
    /** A stream of the gateway has ended; its session may go on with the next one. */
    lost(gatewayId: string, reason: string): void;
  };
  /** Records a fact of the server as a whole, for the operators of every organization. */
  tell(type: 'alarm.certificate_not_renewed' | 'estate.certificate_renewed', detail: Event['detail']): Promise<void>;
  /** Starts the lock runners from the record; open attempts of the former process end as expired. */
  start(): Promise<void>;
  stop(): Promise<void>;
  health(): { readonly ready: boolean; readonly gatewaysOnline: number; readonly attemptsOpen: number };
}
