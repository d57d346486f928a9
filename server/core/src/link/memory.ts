import type { BindingRecord } from '@cardea/wire-profile';
import type { Lock } from '../model.ts';
import type { Place } from './binding.ts';

/** What a link knows of its lock, as the record has it or as gateways told; its parts share this one. */
export interface LinkMemory {
  lock: Lock;
  record: BindingRecord | undefined;
  place: Place | undefined;
  /** The gateway that brought the lock's last message, or carries the running command; it may have left since. */
  through: string | undefined;
  advertisementKey: Uint8Array | undefined;
  /** The newest event sequence of a restored record, until the lock has told its first ordinary event since. */
  restoredUpTo: number | undefined;
}
