import type { Lock } from '../model.ts';

/**
 * The legitimacy check against DDMS: 0 legitimate, 1 not. `lock` is what the organization itself knows of it. One that was
 * withdrawn is legitimate still: whether it has been reset since, the lock itself says when it is to be bound (6.3).
 */
export function legitimacy(lock: Lock | undefined): { readonly status: 0 | 1; readonly reason: string | null } {
  if (lock === undefined) return { status: 1, reason: 'unknown' };
  return { status: 0, reason: null };
}
