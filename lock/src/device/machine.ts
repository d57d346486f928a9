import type { GattService } from '@cardea/kit-radio';
import type { Secret, Step } from '@cardea/kit-runtime';
import type { DeviceContext, DeviceEffect, DeviceInput, LinkCodec } from '@cardea/wire-profile';
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
