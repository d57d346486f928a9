/** What a grant lets its person do at a door. `override` opens although privacy is on. */
export type GrantOperation = 'unlock' | 'lock' | 'override';

/** By what somebody may open with a grant. */
export type AccessMethod = 'mobile_key' | 'pin' | 'card';

/** The doors that a grant reaches: named ones, every door of a floor, or every door of the property. */
export type GrantScope =
  | { readonly kind: 'doors'; readonly doorIds: readonly string[] }
  | { readonly kind: 'floor'; readonly floorId: string }
  | { readonly kind: 'property'; readonly propertyId: string };

/** What only the server can decide about an opening. */
export interface GrantConditions {
  /** The phone says that it is inside the property's geofence. */
  readonly geofence: boolean;
  /** Another person who may open the door confirms each opening. */
  readonly secondPerson: boolean;
  /** The grant begins with its first opening, and ends so long after it. */
  readonly firstUse: { readonly validForS: number } | null;
}

/** A person may open doors in a window, by a schedule, under conditions (product.md, "Words"). */
export interface Grant {
  readonly id: string;
  readonly organizationId: string;
  readonly personId: string;
  /** All doors of a grant are in one property, whose zone its schedule is read in (docs/grants.md, 1). */
  readonly propertyId: string;
  readonly scope: GrantScope;
  /** First moment, Unix ms. */
  readonly notBefore: number;
  /** The window is [notBefore, notAfter); null: until revoked. */
  readonly notAfter: number | null;
  readonly scheduleId: string | null;
  readonly conditions: GrantConditions;
  readonly operations: readonly GrantOperation[];
  readonly methods: readonly AccessMethod[];
  /** Openings in all, 1 to 65,535; null: any number. */
  readonly uses: number | null;
  /** Openings from afar so far, counted by the server; each lock counts those at the door for itself. */
  readonly used: number;
  /** When a grant with `conditions.firstUse` began. */
  readonly firstUsedAt: number | null;
  /** The group of grants that a lock's generation replaces together, 0 to 255 ({@link SERIES}). */
  readonly series: number;
  readonly stayId: string | null;
  /** The grant from which its holder has given this one on; it is never more than that one. Null: staff's own giving. */
  readonly sourceGrantId: string | null;
  /** The visitor whom it is for. */
  readonly visitorId: string | null;
  /** `revoked` by somebody, `ended` by its time or because it was used up. */
  readonly state: 'active' | 'revoked' | 'ended';
  /** When it was revoked or ended. */
  readonly revokedAt: number | null;
  readonly createdBy: string;
  readonly createdAt: number;
  /** Rises with each change that somebody makes: the ETag. */
  readonly version: number;
}

/** A use that an attempt has taken of a grant and that is not settled yet; its id is the attempt's. */
export interface GrantUse {
  readonly id: string;
  readonly organizationId: string;
  readonly grantId: string;
}
