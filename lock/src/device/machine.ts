import type { Primitives, PrivateKeyHandle } from '@cardea/kit-crypto';
import type { GattService } from '@cardea/kit-radio';
import type { Instant, Secret, Step } from '@cardea/kit-runtime';
import type { EventCode, LinkCodec } from '@cardea/wire-profile';
import type { DurableCodec } from '../flash/store.ts';

/** Who a lock is: fixed at manufacture. */
export interface LockFactoryIdentity {
  /** MAC address as 12 upper-case hex digits. */
  readonly identifier: string;
  /** 16 bits, on the air while unbound. */
  readonly model: number;
  /** Kdev, 16 octets. */
  readonly factoryKey: Secret;
  /** The code on the lock's label; undefined when it has only a button. */
  readonly printedCode: Secret<string> | undefined;
}

/** What the body shows. */
export interface BodyStatus {
  readonly bits: {
    readonly boltOut: boolean;
    readonly jammed: boolean;
    readonly doorOpen: boolean;
    readonly tamper: boolean;
    readonly privacy: boolean;
  };
  readonly batteryPercent: number;
}

/** What happens to a lock: the inputs that the device machines of all makers share. */
export type DeviceInput =
  | { readonly kind: 'powered-on'; readonly status: BodyStatus }
  | { readonly kind: 'connected'; readonly link: number }
  | { readonly kind: 'disconnected'; readonly link: number }
  | { readonly kind: 'message'; readonly link: number; readonly channel: number; readonly octets: Uint8Array }
  | { readonly kind: 'button' }
  | { readonly kind: 'code'; readonly code: string }
  | { readonly kind: 'open-window' }
  | { readonly kind: 'factory-reset' }
  | { readonly kind: 'status'; readonly status: BodyStatus }
  | {
      readonly kind: 'acted';
      readonly token: number;
      readonly result: 'done' | 'jammed' | 'battery_empty' | 'privacy' | 'failed';
      readonly detail: number;
      readonly status: BodyStatus;
    }
  | { readonly kind: 'happened'; readonly code: EventCode; readonly actor: number; readonly detail: number }
  | { readonly kind: 'wake' }
  | { readonly kind: 'persisted'; readonly id: number }
  | {
      readonly kind: 'ephemeral';
      readonly id: number;
      readonly random: Uint8Array;
      readonly publicKey: Uint8Array;
      readonly privateKey: PrivateKeyHandle;
    }
  | { readonly kind: 'random'; readonly id: number; readonly random: Uint8Array }
  | { readonly kind: 'signed'; readonly id: number; readonly signature: Uint8Array | undefined }
  | { readonly kind: 'agreed'; readonly id: number; readonly z: Uint8Array | undefined };

/** What device machines ask of the lock, to be done in this order. */
export type DeviceEffect<Change> =
  | { readonly kind: 'send'; readonly link: number; readonly channel: number; readonly octets: Uint8Array }
  | { readonly kind: 'drop-link'; readonly link: number }
  | { readonly kind: 'act'; readonly operation: 'unlock' | 'lock'; readonly token: number }
  | { readonly kind: 'configure'; readonly autoRelockS: number; readonly heldOpenS: number }
  | { readonly kind: 'persist'; readonly id: number; readonly change: Change }
  | { readonly kind: 'make-ephemeral'; readonly id: number; readonly sizeOctets: number }
  | { readonly kind: 'make-random'; readonly id: number; readonly sizeOctets: number }
  | { readonly kind: 'agree'; readonly id: number; readonly privateKey: PrivateKeyHandle; readonly peer: Uint8Array }
  | { readonly kind: 'sign'; readonly id: number; readonly message: Uint8Array }
  | { readonly kind: 'advertise'; readonly address: string; readonly data: Uint8Array }
  | { readonly kind: 'confirmation-wanted'; readonly wanted: boolean }
  | { readonly kind: 'cleared' }
  | { readonly kind: 'wake'; readonly atMonotonicMs: number };

/** What a machine is given besides its input. `now.unixMs` is the lock's hardware clock, right or wrong. */
export interface DeviceContext {
  readonly primitives: Primitives;
  readonly now: Instant;
}

/** One maker's lock: its pure machine, its flash records, its GATT service. The actor knows nothing else of a maker. */
export interface DeviceMachine<State, Durable, Change> {
  readonly maker: string;
  readonly service: GattService;
  readonly durable: DurableCodec<Durable, Change>;
  /** The state of a lock that has just got power and read its flash. Its first input is `powered-on`. */
  initial(context: DeviceContext, identity: LockFactoryIdentity, durable: Durable): State;
  step(context: DeviceContext, state: State, input: DeviceInput): Step<State, DeviceEffect<Change>>;
  /** The lock's end of a connection: `encode` gives notifications, `decode` takes writes. */
  link(mtu: number): LinkCodec;
}
