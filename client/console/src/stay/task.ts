import type { Grant, Stay, StayAnswer } from '@cardea/wire-api';
import type { GivenPin } from './pins.ts';

/** What the desk is about to do. */
export type Task =
  | { readonly kind: 'checkIn' | 'oneShot' | 'importFile' }
  | {
      readonly kind: 'checkInReserved' | 'duplicate' | 'extend' | 'move' | 'checkOut' | 'cancelStay';
      readonly stay: Stay;
    };

/** What came of it, as it is shown. */
export type Outcome =
  | {
      readonly kind: 'stay';
      readonly verb: 'checkIn' | 'duplicate' | 'extend' | 'move' | 'checkOut';
      readonly answer: StayAnswer;
      readonly pins: readonly GivenPin[];
      /** Whether there is an address by which the guest gets into the account; null where nobody was named just now. */
      readonly contact: boolean | null;
    }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'oneShot'; readonly grant: Grant; readonly name: string; readonly pins: readonly GivenPin[] };
