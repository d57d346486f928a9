import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { fromBase64, toBase64 } from '@cardea/kit-octets';
import type { Secret } from '@cardea/kit-runtime';
import type { DomainAbout } from './about.ts';
import { DOMAIN_RECORD, type StoredDomain } from './domain-store.ts';
import { DomainError } from './errors.ts';

const MAGIC = 'cardea domain 1\n';
const SALT_OCTETS = 16;
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;
const HEAD_OCTETS = MAGIC.length + SALT_OCTETS + NONCE_OCTETS;
/** 128 MiB for a try. */
const COST = { N: 2 ** 17, r: 8, p: 1, maxmem: 256 * 1024 * 1024 };
const PASSPHRASE_LEAST = 12;

const stretch = promisify(scrypt) as (text: string, salt: Buffer, octets: number, cost: typeof COST) => Promise<Buffer>;

interface Contents {
  readonly about: DomainAbout;
  /** Base64, by name. */
  readonly records: Readonly<Record<string, string>>;
}

/**
 * A backup of a domain: magic(16) | salt(16) | nonce(12) | AES-256-GCM of everything | tag(16), the key by scrypt of the
 * passphrase; nothing of the domain is in clear. @throws DomainError `invalid` for a passphrase that is too short
 */
export async function sealBackup(
  about: DomainAbout,
  records: readonly { readonly name: string; readonly octets: Uint8Array }[],
  passphrase: Secret<string>,
): Promise<Uint8Array> {
  if (passphrase.reveal().length < PASSPHRASE_LEAST) {
    throw new DomainError('invalid', `a passphrase has at least ${PASSPHRASE_LEAST} characters`, 'four words are good');
  }
  const contents: Contents = {
    about,
    records: Object.fromEntries(records.map(({ name, octets }) => [name, toBase64(octets)])),
  };
  const salt = randomBytes(SALT_OCTETS);
  const head = Buffer.concat([Buffer.from(MAGIC), salt, randomBytes(NONCE_OCTETS)]);
  const key = await stretch(passphrase.reveal(), salt, 32, COST);
  const cipher = createCipheriv('aes-256-gcm', key, head.subarray(-NONCE_OCTETS), { authTagLength: TAG_OCTETS });
  cipher.setAAD(head);
  const body = [cipher.update(JSON.stringify(contents), 'utf8'), cipher.final()];
  return new Uint8Array(Buffer.concat([head, ...body, cipher.getAuthTag()]));
}

/** What a backup holds. @throws DomainError `damaged` for a file that is none, was changed, or another passphrase */
export async function openBackup(octets: Uint8Array, passphrase: Secret<string>): Promise<StoredDomain> {
  const file = Buffer.from(octets);
  const head = file.subarray(0, HEAD_OCTETS);
  if (file.length < HEAD_OCTETS + TAG_OCTETS || head.toString('latin1', 0, MAGIC.length) !== MAGIC) {
    throw new DomainError('damaged', 'not a backup of a domain', 'name the file that `cardea domain backup` wrote');
  }
  const salt = head.subarray(MAGIC.length, MAGIC.length + SALT_OCTETS);
  const key = await stretch(passphrase.reveal(), salt, 32, COST);
  const decipher = createDecipheriv('aes-256-gcm', key, head.subarray(-NONCE_OCTETS), { authTagLength: TAG_OCTETS });
  decipher.setAAD(head);
  decipher.setAuthTag(file.subarray(-TAG_OCTETS));
  let contents: Contents;
  try {
    const text = Buffer.concat([decipher.update(file.subarray(HEAD_OCTETS, -TAG_OCTETS)), decipher.final()]);
    contents = JSON.parse(text.toString('utf8')) as Contents;
  } catch (error) {
    throw new DomainError('damaged', 'the backup does not open', 'check the passphrase and the file', { cause: error });
  }
  const { [DOMAIN_RECORD]: domain = '', ...devices } = contents.records;
  return {
    about: contents.about,
    domain: fromBase64(domain, 'domain'),
    devices: Object.entries(devices).map(([name, each]) => ({ name, octets: fromBase64(each, name) })),
  };
}
