import type { DeviceEffect as Effect } from '@cardea/wire-profile';
import type { DurableChange } from './durable.ts';

/** What the device machine asks of the lock. */
export type DeviceEffect = Effect<DurableChange>;
