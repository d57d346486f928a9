export {
  APDU_DATA_MAX_OCTETS,
  CARD_AID,
  CARD_VERSION,
  CLA,
  type CommandApdu,
  decodeCommand,
  decodeResponse,
  EXCHANGE_P1,
  encodeCommand,
  encodeResponse,
  INS,
  type ResponseApdu,
  STATUS,
} from './card/apdu.ts';
export { type CardContext, type CardEffect, type CardInput, type CardState, IDLE_CARD, stepCard } from './card/card.ts';
export {
  type CardRefusal,
  IDLE_READER,
  type ReaderEffect,
  type ReaderInput,
  type ReaderState,
  stepReader,
} from './card/reader.ts';
export { CARRIED_SIZE_OCTETS, openCarried, sealCarried } from './carried.ts';
export {
  CHANGE_DETAIL,
  CHANGE_DIGEST_SIZE_OCTETS,
  changeDigest,
  decodeChange,
  encodeChange,
  openChange,
  PIN_SLOTS,
  sealAccessChange,
  sealChange,
  TABLE_SIZE_MAX_OCTETS,
  type TableChange,
} from './change.ts';
export { AccessError, type AccessErrorCode } from './errors.ts';
export {
  decodeHello,
  decodeKeyAnswer,
  decodePresentation,
  decodeProof,
  encodeHello,
  encodeKeyAnswer,
  encodePresentation,
  encodeProof,
  type Hello,
  type KeyAnswer,
  NONCE_SIZE_OCTETS,
  type Presentation,
  type Proof,
  RECEIPT_FRAME_SIZE_OCTETS,
} from './exchange/messages.ts';
export {
  EXCHANGE_ANSWER_MS,
  EXCHANGE_STEP_MS,
  type ExchangeRefusal,
  IDLE_PHONE,
  type KeyBundle,
  type PhoneContext,
  type PhoneEffect,
  type PhoneInput,
  type PhoneState,
  stepPhone,
} from './exchange/phone.ts';
export {
  type PresentationContext,
  presentationSigned,
  proofTag,
  proves,
  type ReceiptKeys,
  receiptKeys,
} from './exchange/transcript.ts';
export {
  type Admission,
  actorOf,
  admitKey,
  type GateRefusal,
  type PresentedKey,
} from './gate/admit-key.ts';
export { admitPin, forgetWrongEntries, PIN_SERIES, type PinAdmission, type PinContext } from './gate/admit-pin.ts';
export { type ChangeDecision, type ChangeResult, decideChange, decideOrder } from './gate/change-access.ts';
export { type GateClock, modeAt } from './gate/clock.ts';
export {
  type AccessDelta,
  applyDelta,
  applyDeltas,
  DELTAS_MAX,
  decodeDeltas,
  encodeDeltas,
} from './gate/delta.ts';
export {
  type AccessRecord,
  DENIED_KEPT_MAX,
  type DeniedGrant,
  decodeAccessRecord,
  EMPTY_ACCESS,
  encodeAccessRecord,
  type GrantUses,
  generationOf,
  isDenied,
  type KeptPin,
  type KeptSchedule,
  SCHEDULES_KEPT_MAX,
  SCHEDULES_SIZE_MAX_OCTETS,
  SERIES_KEPT_MAX,
  type SeriesGeneration,
  USES_KEPT_MAX,
} from './gate/record.ts';
export {
  decodeGrant,
  encodeGrant,
  GRANT_SIZE_OCTETS,
  openGrant,
  SEALED_GRANT_SIZE_OCTETS,
  sealGrant,
} from './grant.ts';
export { GRANT_ID_SIZE_OCTETS, OFFLINE_OPERATION_OCTET, offlineOperationOf } from './grant-fields.ts';
export {
  carryKey,
  grantKey,
  offlinePinKey,
  onlinePinKey,
  orderKey,
  presentationKey,
  tableKey,
} from './keys.ts';
export {
  decodeLevelGrant,
  decodeSignedLevelGrant,
  encodeLevelGrant,
  encodeSignedLevelGrant,
  LEVEL_GRANT_SIZE_OCTETS,
  levelCovers,
  levelGrantSigned,
  SIGNED_LEVEL_GRANT_SIZE_OCTETS,
} from './level-grant.ts';
export { ACCESS_MESSAGE } from './messages.ts';
export { decodeOrder, encodeOrder, ORDER_DENIED_MAX, ORDER_SERIES_MAX, openOrder, sealOrder } from './order.ts';
export {
  bootKeypad,
  KEYPAD_FORGETS_S,
  KEYPAD_WAIT_FIRST_S,
  KEYPAD_WAIT_MAX_S,
  type Keypad,
  keypadAt,
  keypadForgetsMs,
  keypadOpen,
  keypadWaitS,
  WRONG_ENTRIES_FREE,
  WRONG_ENTRIES_MAX,
  wrongEntry,
} from './pin/keypad.ts';
export {
  isOfflineEntry,
  OFFLINE_PIN_DIGITS,
  offlinePin,
  offlinePinGeneration,
  PIN_EPOCH_S,
  PIN_WINDOWS,
  type PinWindow,
  pinWindow,
  truncate,
} from './pin/offline-pin.ts';
export { isOnlineEntry, ONLINE_PIN_DIGITS_MAX, ONLINE_PIN_DIGITS_MIN, onlinePinVerifier } from './pin/online-pin.ts';
export { nextChange, offsetAt, openAt } from './schedule/open-at.ts';
export { decodeScheduleTable, encodeScheduleTable, type ScheduleTable, type TableWindow } from './schedule/table.ts';
