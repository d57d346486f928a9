export { againstWords } from './against-words.ts';
export { ApiContext, createOwnServer, useApi } from './api.ts';
export {
  type AttemptWords,
  attemptWords,
  type KeyReason,
  reasonWords,
  receiptWords,
  type ToldReceipt,
} from './attempt-words.ts';
export { deviceName } from './device-name.ts';
export { describeEnding, latestEndings, mayStillOpen } from './ending.ts';
export { enrolTexts } from './enrol-texts.ts';
export { EVENT_TYPES, operationTexts } from './event-texts.ts';
export { type EventWords, eventWords, wasToldLate } from './event-words.ts';
export { formatDay, formatDistance, formatMoment, formatTimeOfDay } from './moment.ts';
export { answerByPasskey, makePasskey, type PasskeyOutcome, passkeysWork } from './passkey.ts';
export { fieldOf, problemWords, requestIdOf } from './problem-words.ts';
export { readLockCode } from './qr/lock-code.ts';
export { QrCode } from './qr/qr-code.tsx';
export { readQr } from './qr/read-qr.ts';
export { type LockCodeEntry, useLockCode } from './qr/use-lock-code.ts';
export {
  chooseLanguage,
  defineTexts,
  LANGUAGES,
  type Language,
  language,
  type Say,
  say,
  startTexts,
  type Texts,
  type TextTable,
  type TextValues,
  useTexts,
} from './texts.ts';
export { startTrustedTypes } from './trusted-types.ts';
export { addDays, momentsOf, startOfDay, type WallClock, wallClock } from './zoned.ts';
