/**
 * Why a lock cannot start or take a command: its flash is damaged or full, the hub is not there, or the command's value
 * has no meaning.
 */
export type VirtualLockErrorCode =
  | 'flash_corrupt'
  | 'flash_full'
  | 'flash_unreadable'
  | 'mechanics_corrupt'
  | 'hub_unreachable'
  | 'power_cut'
  | 'invalid';

/** The one error of this package. */
export class VirtualLockError extends Error {
  readonly code: VirtualLockErrorCode;
  constructor(code: VirtualLockErrorCode, message: string) {
    super(message);
    this.name = 'VirtualLockError';
    this.code = code;
  }
}
