import type { BindingRecord } from '@cardea/wire-profile';
import type { Lock } from '../model.ts';
import type { Place } from './binding.ts';

/** What a link knows of its lock, as the record has it or as gateways told; its parts share this one. */
export interface LinkMemory {
  lock: Lock;
  record: BindingRecord | undefined;
  place: Place | undefined;
  /** The gateway that brought the lock's last message, or carries the running command. */
  through: string | undefined;
  advertisementKey: Uint8Array | undefined;
}
