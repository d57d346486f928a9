/** Why the stand-in could not come up. */
export type BluezErrorCode = 'dbus-daemon-failed' | 'name-taken';

/** The one error of this package. What goes wrong for a client of the bus is a D-Bus error to that client instead. */
export class BluezError extends Error {
  readonly code: BluezErrorCode;
  constructor(code: BluezErrorCode, message: string) {
    super(message);
    this.name = 'BluezError';
    this.code = code;
  }
}
