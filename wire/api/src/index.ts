export { Alert } from './alert.ts';
export {
  Attempt,
  AttemptOperation,
  AttemptReason,
  AttemptState,
  ConfirmAttempt,
  isOver,
  Operate,
  Position,
  Receipt,
} from './attempt.ts';
export {
  AuditConsistency,
  AuditHead,
  AuditInclusion,
  AuditKey,
  AuditLeaf,
  AuditLeaves,
  AuditWitnessing,
} from './audit.ts';
export { ChainGap, ChainHead, LockChain } from './chain.ts';
export { Finding, SecurityCheck } from './checkup.ts';
export { type Endpoint, endpoint, type StaticOf } from './endpoint.ts';
export {
  type AnswerOf,
  type BodyOf,
  type EndpointKey,
  endpointKeys,
  endpoints,
  type Method,
  methodAndPath,
  type ParamsOf,
  type QueryOf,
} from './endpoints.ts';
export {
  ChangeDoor,
  ChangeFloor,
  ChangeProperty,
  Door,
  DoorKind,
  DrawFloorPlan,
  Floor,
  FloorDrawing,
  FloorPlan,
  Geofence,
  NewDoor,
  NewFloor,
  NewProperty,
  PlanPosition,
  Property,
  SetFloorDrawing,
} from './estate.ts';
export { Event, EventRetention, StreamEnd, StreamProof } from './event.ts';
export { AddedGateway, EnrolGateway, Gateway, GatewayEnrolment, GatewayRadio, NewGateway } from './gateway.ts';
export {
  AccessMethod,
  ChangeGrant,
  Explanation,
  Grant,
  GrantAnswer,
  GrantConditions,
  GrantConstraint,
  GrantOperation,
  GrantScope,
  NewGrant,
} from './grant.ts';
export { Health, Readiness } from './health.ts';
export {
  CarriedReceipts,
  CarriedResults,
  DoorKey,
  FetchKeys,
  KeyBundle,
  LostPhone,
  NewPhone,
  Phone,
  PhoneChallenge,
  PhoneSignIn,
  PhoneSignInChallenge,
} from './key.ts';
export {
  Bolt,
  DoorSensor,
  EnrolLock,
  Legitimacy,
  Lock,
  LockMode,
  LockReport,
  Manifest,
  ManifestAnswer,
  SetTime,
} from './lock.ts';
export { Ending, GrantMethod, GrantMethods, KeypadReopening, MethodState, RevokedGrant } from './method.ts';
export { DoorMode, LockdownStarted } from './mode.ts';
export { Notice, NoticePage, NoticesRead, ReadNotices } from './notice.ts';
export { openApi, refusalsOf } from './open-api.ts';
export { AddedOrganization, NewOrganization, Organization } from './organization.ts';
export { OwnDoor, OwnLock } from './own-door.ts';
export {
  AddedPasskey,
  AskCode,
  AskedCode,
  ConfirmCode,
  Contact,
  EndedSessions,
  Invitation,
  NewInvitation,
  NewTotp,
  OwnSession,
  Passkey,
  PasskeyCreation,
  PasskeyRequest,
  PendingSignIn,
  PersonExport,
  RecoveryCodes,
  Register,
  SecondFactors,
  SecondStep,
  SignInPolicy,
} from './people.ts';
export {
  ChangePassword,
  CreatedToken,
  Me,
  NewPerson,
  NewToken,
  Person,
  Session,
  SignIn,
  Token,
} from './person.ts';
export { GrantPins, MadePin, NewPin, OfflinePin } from './pin.ts';
export { Problem, type ProblemCode, type ProblemKind, problemCodes, problemKinds, problemType } from './problem.ts';
export {
  ChangeSchedule,
  DayException,
  DayWindow,
  NewSchedule,
  Schedule,
  ScheduleAnswer,
  ScheduleNotice,
  Weekday,
  WeeklyWindow,
} from './schedule.ts';
export { Role, Scope } from './scope.ts';
export { OutboxMessage, SimFault, type SimFaultName, simFaultNames, simFaults } from './sim.ts';
export {
  BatteryState,
  CommandCounts,
  OpeningCounts,
  ReasonCount,
  Statistics,
  StatisticsBucket,
} from './statistics.ts';
export { Stay, StayAnswer, StayImport, StayState } from './stay.ts';
export { InvitedVisitor, NewVisitor, RevokedVisitor, Visitor, VisitorPage } from './visitor.ts';
