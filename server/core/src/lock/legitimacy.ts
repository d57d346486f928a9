import type { Lock } from '../model.ts';

/** The legitimacy check against DDMS: 0 legitimate, 1 not. Another organization's lock is as unknown as none. */
export function legitimacy(
  lock: Lock | undefined,
  organizationId: string,
): { readonly status: 0 | 1; readonly reason: string | null } {
  if (lock === undefined || lock.organizationId !== organizationId) return { status: 1, reason: 'unknown' };
  if (lock.state === 'withdrawn') return { status: 1, reason: 'withdrawn' };
  return { status: 0, reason: null };
}
