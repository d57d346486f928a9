import type { Actor } from '../actor.ts';
import type { Ending } from '../method/endings.ts';
import type { AccessMethod, Grant } from '../model.ts';
import type { PageRequest } from '../ports.ts';
import type { ImportAnswer, ImportFormat } from './import/answer.ts';
import type { Stay } from './model.ts';
import type { Moment } from './moments.ts';

/** Who comes: somebody who is known, or a name and, if there is one, an address by which the guest gets into the account. */
export type GuestInput = { readonly personId: string } | { readonly name: string; readonly contact: string | null };

/** Which rooms: their doors, or what is written on one. */
export type RoomInput = { readonly doorIds: readonly string[] } | { readonly room: string };

/** A stay as it is asked for. */
export interface NewStay {
  /** Not needed where there is only one. */
  readonly propertyId: string | undefined;
  readonly rooms: RoomInput;
  readonly guest: GuestInput;
  /** From now on when left out. */
  readonly from: Moment | undefined;
  readonly until: Moment;
}

/** How a guest is checked in. */
export interface CheckInOptions {
  /** By mobile key when left out. */
  readonly methods?: readonly AccessMethod[] | undefined;
  /** Checks out whoever is in the room though the time is not over. */
  readonly replace?: boolean | undefined;
}

/** A key that ended: until when its person can still open a door at the door itself. */
export interface StayEnding {
  readonly doorId: string;
  readonly personId: string;
  readonly grantId: string;
  readonly ending: Ending;
}

/** A stay after a verb. */
export interface StayAnswer {
  readonly stay: Stay;
  /** What opens its doors now. */
  readonly grants: readonly Grant[];
  /** Of grants that ended by this: until when their persons can still open the doors by what they hold. */
  readonly endings: readonly StayEnding[];
}

/** A door opened once, within hours, by somebody who is not staying. */
export interface OneShot {
  readonly propertyId: string;
  readonly rooms: RoomInput;
  readonly guest: GuestInput;
  /** How long it may wait for its use, 1 to 168. */
  readonly withinHours: number;
  readonly methods?: readonly AccessMethod[] | undefined;
}

/** The verbs of a hotel (product.md); each is one unit with the grants that it changes. */
export interface StayUseCases {
  list(
    actor: Actor,
    filter: { propertyId?: string; personId?: string; state?: Stay['state']; doorId?: string },
    page: PageRequest,
  ): Promise<readonly Stay[]>;
  get(actor: Actor, id: string): Promise<Stay>;
  reserve(actor: Actor, input: NewStay): Promise<Stay>;
  /** Reserves and checks in. */
  checkInNow(actor: Actor, input: NewStay, options: CheckInOptions): Promise<StayAnswer>;
  /** A new key for the rooms: the former guest's is invalid with its first use, or sooner with the next order. */
  checkIn(actor: Actor, id: string, options: CheckInOptions): Promise<StayAnswer>;
  /** The same key for another person. */
  duplicate(actor: Actor, id: string, guest: GuestInput): Promise<StayAnswer>;
  /** The stay ends at another time. */
  extend(actor: Actor, id: string, until: Moment): Promise<StayAnswer>;
  /** Other rooms for the rest of the stay. */
  move(actor: Actor, id: string, rooms: RoomInput): Promise<StayAnswer>;
  checkOut(actor: Actor, id: string): Promise<StayAnswer>;
  /** A reservation comes to nothing. */
  cancel(actor: Actor, id: string): Promise<Stay>;
  oneShot(actor: Actor, input: OneShot): Promise<Grant>;
  /** Brings reservations of a file onto these verbs, line by line; with `dryRun` only tells what would be done. */
  import(
    actor: Actor,
    input: {
      readonly propertyId: string | undefined;
      readonly format: ImportFormat;
      readonly file: string;
      readonly dryRun: boolean;
    },
  ): Promise<ImportAnswer>;
}
