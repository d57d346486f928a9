/** One advertisement as a scanner hears it. */
export interface AdvertisementReport {
  /** The advertiser's current Bluetooth address, 12 upper-case hex digits; it may be random and change. */
  readonly address: string;
  /** The 128-bit service that the advertisement belongs to (an adapter maps a company identifier onto it). */
  readonly service: string;
  /** Manufacturer data: at most 24 octets fit beside the flags in a legacy advertisement. */
  readonly data: Uint8Array;
  /** Received signal strength in dBm. */
  readonly rssiDbm: number;
  readonly connectable: boolean;
}

/** What a peripheral offers: one GATT service with its characteristics (128-bit UUIDs in lower case with dashes). */
export interface GattService {
  readonly uuid: string;
  readonly characteristics: readonly { readonly uuid: string; readonly write: boolean; readonly notify: boolean }[];
}

/** A central's connection as the peripheral sees it. */
export interface PeripheralLink {
  readonly id: number;
  /** ATT MTU in octets, 23 to 517; a notification or write carries at most `mtu - 3`. */
  readonly mtu: number;
  /** Notifies. Lost silently when the link is gone, as on air. */
  notify(characteristic: string, value: Uint8Array): void;
  disconnect(): void;
}

/** The callbacks of a peripheral. */
export interface PeripheralHandler {
  connected(link: PeripheralLink): void;
  written(link: PeripheralLink, characteristic: string, value: Uint8Array): void;
  disconnected(link: PeripheralLink): void;
}

/** A peripheral on the air. */
export interface Peripheral {
  /** Replaces what is advertised; `undefined` stops advertising. A new `address` is a new random address. */
  advertise(advertisement: { readonly address: string; readonly data: Uint8Array } | undefined): void;
  close(): void;
}

/** A connection as the central sees it. */
export interface CentralLink {
  readonly address: string;
  /** ATT MTU in octets, 23 to 517: what is known of it, which may grow. */
  readonly mtu: number;
  /** Resolves when the peer's stack has acknowledged the write. @throws RadioError */
  write(characteristic: string, value: Uint8Array): Promise<void>;
  /** Called for each notification. Subscribes when called. */
  onNotify(characteristic: string, listener: (value: Uint8Array) => void): void;
  /** Called once, for whatever reason the link ends. */
  onDisconnect(listener: () => void): void;
  disconnect(): void;
}

/**
 * The one seam to Bluetooth Low Energy. Nothing above it knows whether it is the simulated medium, a hub joined over
 * loopback, or a real adapter.
 */
export interface Radio {
  /** Starts a peripheral. It is not on the air before `advertise`. Bluetooth `version` decides LL payload and MTU. */
  serve(service: GattService, handler: PeripheralHandler, options: PeripheralOptions): Peripheral;
  /** Reports advertisements of the given services until the returned function is called. */
  scan(services: readonly string[], onReport: (report: AdvertisementReport) => void): () => void;
  /** Connects to an address that is advertising now. @throws RadioError `out-of-range`, `timeout`, `busy` */
  connect(address: string, options: { readonly timeoutMs: number }): Promise<CentralLink>;
}

/** How a peripheral's own radio behaves. */
export interface PeripheralOptions {
  /** Who this is to the simulation (the lock's identifier); never on the air. */
  readonly name: string;
  /** 4.2: LL payload 27 and MTU 23; 5.0: LL payload 251 and MTU up to 247. */
  readonly bluetooth: '4.2' | '5.0';
  /** The largest ATT MTU that it accepts: 23 to 517. */
  readonly mtu: number;
}

/** Why a radio operation failed. */
export type RadioErrorCode = 'out-of-range' | 'timeout' | 'disconnected' | 'busy' | 'unsupported' | 'closed';

/** The one error of this package. */
export class RadioError extends Error {
  readonly code: RadioErrorCode;
  constructor(code: RadioErrorCode, message: string) {
    super(message);
    this.name = 'RadioError';
    this.code = code;
  }
}
