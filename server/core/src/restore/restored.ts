import type { Restore } from '../model.ts';

/** The newest restore of the record, known once the core has started; its parts share this one. */
export interface Restored {
  newest: Restore | undefined;
}
