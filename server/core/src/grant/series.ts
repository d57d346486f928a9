/**
 * The series of grants: what a lock's generation of one number replaces together (access.md, "Revocation"). Offline PINs
 * have a number of their own; `common` is for guests at doors that many share, which no check-in raises.
 */
export const SERIES = {
  offlinePins: 0,
  guests: 1,
  residents: 2,
  staff: 3,
  services: 4,
  common: 5,
  levels: 6,
} as const;
