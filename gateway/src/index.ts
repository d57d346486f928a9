export { createGateway, type Gateway, type GatewayOptions } from './create-gateway.ts';
export { GatewayError, type GatewayErrorCode } from './errors.ts';
export { domainCommand } from './process/domain-command.ts';
export { type RunGatewayOptions, type RunningGateway, runGateway } from './process/run-gateway.ts';
export { openFileJournal } from './report/file-journal.ts';
export { createMemoryJournal, type JournalEntry, type JournalStorage, type LockMessage } from './report/journal.ts';
export { makeDomain } from './scpm/create-domain.ts';
export { createDomainPart, type DomainPart } from './scpm/domain-part.ts';
export type { DomainView, KeyView, LockView, ProviderView } from './scpm/domain-view.ts';
export { DomainError, type DomainErrorCode } from './scpm/errors.ts';
export { createUplink } from './uplink/create-uplink.ts';
export { UplinkError, type UplinkErrorCode } from './uplink/errors.ts';
export { type TlsTransportOptions, tlsTransport } from './uplink/tls-transport.ts';
export type {
  Connect,
  CreateUplink,
  DeriveKey,
  Transport,
  TransportEvents,
  Uplink,
  UplinkOptions,
} from './uplink/uplink.ts';
