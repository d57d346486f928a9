/** Connections that a lock serves at once. */
export const LINKS_MAX = 4;
