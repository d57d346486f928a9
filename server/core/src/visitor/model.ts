/** Somebody whom a person lets through doors of his own for a time (docs/grants.md, "Visitors"). */
export interface Visitor {
  readonly id: string;
  readonly organizationId: string;
  /** Who invited. */
  readonly hostId: string;
  /** The one who visits. */
  readonly personId: string;
  readonly propertyId: string;
  /** What the host calls the visitor. */
  readonly name: string;
  readonly doorIds: readonly string[];
  /** First moment, Unix ms. */
  readonly notBefore: number;
  /** The window is [notBefore, notAfter), as it was given. */
  readonly notAfter: number;
  /** When the host, or staff, took it back. */
  readonly revokedAt: number | null;
  readonly createdAt: number;
}
