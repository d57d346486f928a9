/** `reserved` before the guest is there, `cancelled` when he never was. */
export type StayState = 'reserved' | 'checked_in' | 'checked_out' | 'cancelled';

/** Somebody has a room for a time. What opens its door are the grants of the stay. */
export interface Stay {
  readonly id: string;
  readonly organizationId: string;
  readonly propertyId: string;
  /** Whose stay it is; more may have keys ({@link Grant.stayId}). */
  readonly personId: string;
  /** The rooms' doors. */
  readonly doorIds: readonly string[];
  /** [from, to), Unix ms in whole seconds. */
  readonly fromAt: number;
  readonly toAt: number;
  readonly state: StayState;
  /** Who brought it: the desk, or a file of reservations. */
  readonly source: 'desk' | 'csv' | 'ical';
  /** By which whoever brought it knows it, unique in its property. */
  readonly reference: string | null;
  readonly checkedInAt: number | null;
  readonly checkedOutAt: number | null;
  readonly createdBy: string;
  readonly createdAt: number;
}
