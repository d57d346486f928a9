/** Unix milliseconds as RFC 3339 in UTC. */
export function time(unixMs: number): string {
  return new Date(unixMs).toISOString();
}

/** The same of a moment that may not have come. */
export function timeOrNull(unixMs: number | null): string | null {
  return unixMs === null ? null : time(unixMs);
}
