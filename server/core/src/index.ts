export {
  type AuditVerification,
  type AuditVerificationOptions,
  type RecordFinding,
  verifyAudit,
} from './audit/verify-audit.ts';
export type { AuditKey, ConsistencyView, HeadView, InclusionView } from './audit/views.ts';
export type * from './checkup/model.ts';
export type {
  Actor,
  ChainView,
  Core,
  GatewayView,
  GrantAnswer,
  LockView,
  New,
  Precondition,
  PropertySettings,
  ScheduleAnswer,
} from './core.ts';
export { type CoreOptions, createCore } from './create-core.ts';
export { CoreError, type CoreErrorCode, type PendingSignIn } from './errors.ts';
export type { DrawingType, FloorDrawing } from './estate/drawing.ts';
export type { PlanDrawing } from './estate/plan.ts';
export type { GatewayRadio, HeardLock } from './gateway/radio.ts';
export type { Position } from './geofence/position.ts';
export type { GrantConstraint, GrantTerms } from './grant/constraints.ts';
export { type Decision, decide } from './grant/decide.ts';
export type { GrantDraft } from './grant/draft.ts';
export type { ExplainedRule, ExplainedWay, Explanation } from './grant/explanation.ts';
export type { GrantChanged, GrantGiver, GrantKeeper } from './grant/keeper.ts';
export { type MethodPlanner, noPlanner } from './grant/planner.ts';
export type { RuleName } from './grant/rule.ts';
export { SERIES } from './grant/series.ts';
export type { DoorKey, KeyBundle, NoKeyReason } from './key/bundle.ts';
export { signInSigned } from './key/phone-sign-in.ts';
export { enrolmentSigned } from './key/phones.ts';
export type * from './key/use-cases.ts';
export type { ReceiptResult } from './key/use-cases.ts';
export type { Proof } from './lock/proofs.ts';
export { type Ending, endingAt, type MethodView, methodViews } from './method/endings.ts';
export type { MethodUseCases } from './method/use-cases.ts';
export { type ModeView, modeInForce } from './mode/model.ts';
export type { DoorModeStarted, DoorModeView, ModeUseCases } from './mode/use-cases.ts';
export type * from './model.ts';
export type { OwnDoor, OwnLock, Way } from './own/own-door.ts';
export type * from './own/use-cases.ts';
export { localActor } from './person/access.ts';
export type * from './person/people.ts';
export { resetPassword } from './person/reset-password.ts';
export {
  INSTALLATION_SCOPES,
  OPERATION_CLASS,
  OPERATION_SCOPE,
  ROLES,
  type RoleRights,
  SCOPES,
} from './person/roles.ts';
export type * from './pin/use-cases.ts';
export type { WindowName } from './pin/windows.ts';
export type * from './ports.ts';
export { type RestoredBackup, recordRestore } from './restore/record-restore.ts';
export {
  type CompiledSchedule,
  compileSchedule,
  TABLE_RENEWED_DAYS,
  TABLE_VALID_DAYS,
} from './schedule/compile.ts';
export type { ScheduleNotice } from './schedule/notices.ts';
export { isOpenAt } from './schedule/wall-clock.ts';
export type { Bucket } from './statistics/buckets.ts';
export type * from './statistics/model.ts';
export { type OpeningWay, WAYS } from './statistics/ways.ts';
export type { ImportAnswer, ImportFormat, ImportLine } from './stay/import/answer.ts';
export { type Moment, momentOf } from './stay/moments.ts';
export type {
  CheckInOptions,
  GuestInput,
  NewStay,
  OneShot,
  RoomInput,
  StayAnswer,
  StayEnding,
  StayUseCases,
} from './stay/use-cases.ts';
export type * from './visitor/use-cases.ts';
