export { type CardParts, createCard } from './card.ts';
export { chooseKey, renewalDueS, usableUntilS } from './choose-key.ts';
export {
  type Enrolment,
  enrolPhone,
  fetchKeys,
  type HandedIn,
  handIn,
  type KeyServer,
  type KeySignIn,
  type SignInServer,
  signInByKey,
} from './desk.ts';
export { bundleOf, type DoorKey, readDoorKey, type StoredDoorKey, storeDoorKey } from './door-key.ts';
export { PhoneError, type PhoneErrorCode } from './errors.ts';
export type { PhoneHands, PhoneKey } from './hands.ts';
export { type Opening, openPhone, type Phone, type PhoneParts, TAP_MS } from './phone.ts';
export { type Presented, type Presenting, presentKey, type Tap } from './present.ts';
export {
  CARRIED_MAX,
  type CarriedEvent,
  decodePhoneRecord,
  encodePhoneRecord,
  NEW_PHONE,
  type PhoneRecord,
  type PhoneStore,
} from './record.ts';
export { type LocalPipe, localWay } from './way/local-way.ts';
export { type ProviderLockKey, type ProviderWayParts, providerWay } from './way/provider-way.ts';
export { type RadioWayParts, radioWay } from './way/radio-way.ts';
export type { LinkListener, LockLink, WantedLock, Way } from './way/way.ts';
