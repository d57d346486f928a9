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
