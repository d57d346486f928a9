export { type RemoteCard, remoteCard } from './cards.ts';
export { AirError, type AirErrorCode } from './errors.ts';
export { AirStream, frameAirMessage } from './framing.ts';
export { type HubAddress, parseHubAddress } from './hub-file.ts';
export { type Air, type AirPeripheral, type JoinOptions, joinAir, printableDetail } from './join.ts';
export { AIR_VERSION, HELLO_LIMIT_OCTETS, MESSAGE_LIMIT_OCTETS, PERIPHERALS_LIMIT, TOKEN_OCTETS } from './limits.ts';
export { type AirMessage, type AirMessageOf, decodeAirMessage, encodeAirMessage } from './messages.ts';
export type { AirTransport } from './transport.ts';
