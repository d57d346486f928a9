import type { Lock } from '../model.ts';

/** The legitimacy check against DDMS: 0 legitimate, 1 not. `lock` is what the organization itself knows of it. */
export function legitimacy(lock: Lock | undefined): { readonly status: 0 | 1; readonly reason: string | null } {
  if (lock === undefined) return { status: 1, reason: 'unknown' };
  if (lock.state === 'withdrawn') return { status: 1, reason: 'withdrawn' };
  return { status: 0, reason: null };
}
