import { fromHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { DH_GROUPS } from '@cardea/wire-scpm';
import type { NewDomainChoice } from './create-domain.ts';
import { DomainError } from './errors.ts';

/** What may be asked of a domain: `cardea domain`, as JSON over the control socket. */
export type DomainRequest =
  | { readonly command: 'status' }
  | ({ readonly command: 'create' } & NewDomainChoice)
  | {
      readonly command: 'join';
      readonly pin: Secret<string>;
      readonly lock: string;
      readonly serialKey?: Secret;
      /** The lock was reset: what is known of its keys is forgotten. */
      readonly afterReset: boolean;
    }
  | { readonly command: 'remove'; readonly pin: Secret<string>; readonly lock: string }
  /** Without `provider` the user key. */
  | { readonly command: 'rotate'; readonly pin: Secret<string>; readonly provider?: string }
  | {
      readonly command: 'provider-add';
      readonly pin: Secret<string>;
      readonly name: string;
      readonly locks: readonly string[];
      /** So long is waited for the locks to take their keys. */
      readonly waitMs: number;
    }
  | { readonly command: 'provider-remove'; readonly pin: Secret<string>; readonly name: string }
  | { readonly command: 'backup'; readonly pin: Secret<string>; readonly passphrase: Secret<string> }
  | {
      readonly command: 'restore';
      readonly pin: Secret<string>;
      readonly passphrase: Secret<string>;
      readonly backup: Uint8Array;
    };

const WAIT_MOST_S = 600;
/** A thousand locks, and room. */
const BACKUP_MOST_OCTETS = 2 * 1024 * 1024;

/** A request from JSON. @throws DomainError `invalid` naming the field */
export function readDomainRequest(json: unknown): DomainRequest {
  const from = (typeof json === 'object' && json !== null ? json : {}) as Readonly<Record<string, unknown>>;
  const text = (field: string, pattern: RegExp): string => {
    const value = from[field];
    if (typeof value === 'string' && pattern.test(value)) return value;
    throw new DomainError('invalid', `${field} is missing, or not as it has to be`, 'see the help of the command');
  };
  const number = (field: string, most: number): number => {
    const value = from[field];
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 && value <= most) return value;
    throw new DomainError('invalid', `${field} is missing, or no number up to ${most}`, 'see the help of the command');
  };
  const optional = <Value>(field: string, read: () => Value): Value | undefined =>
    from[field] === undefined || from[field] === null ? undefined : read();
  const secret = (field: string): Secret<string> => new Secret(text(field, /^[^\r\n]{1,256}$/));
  const lock = (): string => text('lock', LOCK);
  const command = text('command', /^[a-z-]{1,32}$/);
  switch (command) {
    case 'status':
      return { command };
    case 'create':
      return {
        command,
        pin: secret('pin'),
        profile: text('profile', /^(hardened|standard)$/) === 'standard' ? 'standard' : 'hardened',
        algorithm: text('algorithm', /^(cbc|ccm)$/) === 'cbc' ? 'cbc' : 'ccm',
        group: groupOf(text('group', /^[a-z0-9]{1,16}$/)),
        rotateEveryMs: number('rotate_every_s', 10 * 366 * 86_400) * 1000,
      };
    case 'join': {
      const serialKey = optional('serial_key', () => new Secret(fromHex(text('serial_key', /^([0-9A-Fa-f]{2}){16}$/))));
      const afterReset = from.after_reset === true;
      return {
        command,
        pin: secret('pin'),
        lock: lock(),
        afterReset,
        ...(serialKey === undefined ? {} : { serialKey }),
      };
    }
    case 'remove':
      return { command, pin: secret('pin'), lock: lock() };
    case 'rotate': {
      const provider = optional('provider', () => text('provider', NAME));
      return { command, pin: secret('pin'), ...(provider === undefined ? {} : { provider }) };
    }
    case 'provider-add': {
      const { locks } = from;
      if (
        !Array.isArray(locks) ||
        locks.length === 0 ||
        !locks.every((one) => typeof one === 'string' && LOCK.test(one))
      )
        throw new DomainError('invalid', 'locks must be identifiers of locks', 'such as --locks C0FFEE000001');
      const waitMs = number('wait_s', WAIT_MOST_S) * 1000;
      return { command, pin: secret('pin'), name: text('name', NAME), locks, waitMs };
    }
    case 'provider-remove':
      return { command, pin: secret('pin'), name: text('name', NAME) };
    case 'backup':
      return { command, pin: secret('pin'), passphrase: secret('passphrase') };
    case 'restore': {
      const given = text('backup', /^[A-Za-z0-9+/=]+$/);
      if (given.length > BACKUP_MOST_OCTETS) throw new DomainError('invalid', 'the backup is too long', 'is it one?');
      const backup = new Uint8Array(Buffer.from(given, 'base64'));
      return { command, pin: secret('pin'), passphrase: secret('passphrase'), backup };
    }
    default:
      throw new DomainError('invalid', `there is no command ${command}`, 'the gateway may be older than this program');
  }
}

const LOCK = /^[0-9A-F]{12}$/;
/** Letters and digits of any script, and what stands between them. */
const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._-]{0,39}$/u;

function groupOf(name: string): number {
  const found = Object.values(DH_GROUPS).find((group) => group.name === name);
  if (found !== undefined) return found.id;
  const names = Object.values(DH_GROUPS).map((group) => group.name);
  throw new DomainError('invalid', `there is no group ${name}`, `the groups are ${names.join(', ')}`);
}
