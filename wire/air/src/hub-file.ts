import { fromHex } from '@cardea/kit-octets';
import { AirError } from './errors.ts';
import { TOKEN_OCTETS } from './limits.ts';

/** Where the hub of this data folder listens: what hub.json holds, `{host, port, token}`. */
export interface HubAddress {
  readonly host: string;
  readonly port: number;
  /** Secret: whoever has it may use and disturb the simulated air. */
  readonly token: Uint8Array;
}

/** The hub's address from parsed JSON; `token` is 64 hex digits. @throws AirError `malformed` */
export function parseHubAddress(value: unknown): HubAddress {
  const found: { host?: unknown; port?: unknown; token?: unknown } =
    typeof value === 'object' && value !== null ? value : {};
  const { host, port, token } = found;
  if (typeof host !== 'string' || host === '') throw new AirError('malformed', 'host: must be an address');
  if (typeof port !== 'number' || !Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new AirError('malformed', 'port: must be from 1 to 65535');
  }
  if (typeof token !== 'string' || !new RegExp(`^[0-9a-f]{${2 * TOKEN_OCTETS}}$`).test(token)) {
    throw new AirError('malformed', `token: must be ${2 * TOKEN_OCTETS} lower-case hex digits`);
  }
  return { host, port, token: fromHex(token) };
}
