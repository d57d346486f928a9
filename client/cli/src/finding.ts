/** One thing that was looked at. */
export interface Finding {
  readonly state: 'ok' | 'warn' | 'fail';
  readonly check: string;
  readonly detail: string;
  readonly remedy?: string;
}
