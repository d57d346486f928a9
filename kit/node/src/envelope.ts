import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import { lstat, readFile } from 'node:fs/promises';
import { Secret } from '@cardea/kit-runtime';
import { writeFileDurably } from './durable-file.ts';
import { EnvelopeError } from './errors.ts';

const VERSION = 1;
const NONCE_OCTETS = 12;
const TAG_OCTETS = 16;
const HEAD_OCTETS = 1 + 4 + NONCE_OCTETS;
/** Keys that a key file may hold: the newest seals, the others still open. */
const MOST_KEYS = 64;

/**
 * Seals stored secrets under keys of a file of their own (mode 0600), kept apart from the data.
 *
 * Sealed: version(1)=1 | key id(4) | nonce(12) | AES-256-GCM ciphertext | tag(16). `context` (which table, row and
 * column) is authenticated with it, so that a sealed secret cannot be moved to another place.
 * Key file: one key a line, `<id, 8 hex> <key, 64 hex>`, the newest last.
 */
export interface Envelope {
  /** Id of the key that seals now: whoever re-seals after a rotation compares with it. */
  readonly keyId: number;
  seal(secret: Secret, context: string): Uint8Array;
  /** @throws EnvelopeError `unknown_key`, `sealed_shape`, `tag` */
  open(sealed: Uint8Array, context: string): Secret;
  /** Id of the key under which it was sealed. @throws EnvelopeError `sealed_shape` */
  keyIdOf(sealed: Uint8Array): number;
  /** Adds a key that seals from now on, durable before it is used. Re-seal what {@link keyIdOf} says is older. */
  rotate(): Promise<number>;
  /** Takes all keys but the sealing one out of the file: after everything has been sealed again. */
  forgetOldKeys(): Promise<void>;
}

interface EnvelopeKey {
  readonly id: number;
  readonly key: KeyObject;
}

/**
 * The envelope of `keyFile`, which is made with one key when it does not exist.
 * @throws EnvelopeError `key_file` (not readable or malformed), `key_file_mode` (others may read it)
 */
export async function createEnvelope(keyFile: string): Promise<Envelope> {
  let keys = await readKeys(keyFile);
  if (keys.length === 0) {
    keys = [newKey(keys)];
    await writeKeys(keyFile, keys);
  }
  const newest = (): EnvelopeKey => {
    const key = keys.at(-1);
    if (key === undefined) throw new EnvelopeError('key_file', `${keyFile}: holds no key`);
    return key;
  };

  return {
    get keyId() {
      return newest().id;
    },
    seal(secret, context) {
      const { id, key } = newest();
      const head = Buffer.alloc(HEAD_OCTETS);
      head.writeUInt8(VERSION, 0);
      head.writeUInt32BE(id, 1);
      const nonce = randomBytes(NONCE_OCTETS);
      nonce.copy(head, 5);
      const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_OCTETS });
      cipher.setAAD(associated(head, context));
      const body = [cipher.update(secret.reveal()), cipher.final()];
      return new Uint8Array(Buffer.concat([head, ...body, cipher.getAuthTag()]));
    },
    open(sealed, context) {
      const id = sealedKeyId(sealed);
      const found = keys.find((key) => key.id === id);
      if (found === undefined) throw new EnvelopeError('unknown_key', `${keyFile}: holds no key ${hexId(id)}`);
      const head = sealed.subarray(0, HEAD_OCTETS);
      const end = sealed.length - TAG_OCTETS;
      const decipher = createDecipheriv('aes-256-gcm', found.key, head.subarray(5), { authTagLength: TAG_OCTETS });
      decipher.setAAD(associated(head, context));
      decipher.setAuthTag(sealed.subarray(end));
      try {
        const octets = Buffer.concat([decipher.update(sealed.subarray(HEAD_OCTETS, end)), decipher.final()]);
        return new Secret(new Uint8Array(octets));
      } catch (error) {
        throw new EnvelopeError('tag', `${context}: was changed, or sealed for another place`, { cause: error });
      }
    },
    keyIdOf: sealedKeyId,
    async rotate() {
      if (keys.length >= MOST_KEYS) throw new EnvelopeError('key_file', `${keyFile}: holds ${MOST_KEYS} keys already`);
      const next = [...keys, newKey(keys)];
      await writeKeys(keyFile, next);
      keys = next;
      return newest().id;
    },
    async forgetOldKeys() {
      const next = [newest()];
      await writeKeys(keyFile, next);
      keys = next;
    },
  };
}

function sealedKeyId(sealed: Uint8Array): number {
  if (sealed.length < HEAD_OCTETS + TAG_OCTETS || sealed[0] !== VERSION) {
    throw new EnvelopeError('sealed_shape', 'not a sealed secret of version 1');
  }
  return new DataView(sealed.buffer, sealed.byteOffset).getUint32(1);
}

function associated(head: Uint8Array, context: string): Uint8Array {
  return Buffer.concat([head, Buffer.from(context, 'utf8')]);
}

function newKey(known: readonly EnvelopeKey[]): EnvelopeKey {
  const last = known.at(-1)?.id ?? 0;
  return { id: last + 1, key: createSecretKey(randomBytes(32)) };
}

const hexId = (id: number): string => id.toString(16).padStart(8, '0');

async function writeKeys(keyFile: string, keys: readonly EnvelopeKey[]): Promise<void> {
  const lines = keys.map(({ id, key }) => `${hexId(id)} ${key.export().toString('hex')}\n`);
  await writeFileDurably(keyFile, lines.join(''), 0o600);
}

async function readKeys(keyFile: string): Promise<readonly EnvelopeKey[]> {
  const text = await readIfThere(keyFile);
  if (text === undefined) return [];
  const lines = text.trimEnd().split('\n');
  const keys = lines.map((line, i) => {
    const match = /^([0-9a-f]{8}) ([0-9a-f]{64})$/.exec(line);
    if (match?.[1] === undefined || match[2] === undefined) {
      throw new EnvelopeError('key_file', `${keyFile}: line ${i + 1} is not a key; restore the file from its backup`);
    }
    return { id: Number.parseInt(match[1], 16), key: createSecretKey(Buffer.from(match[2], 'hex')) };
  });
  if (keys.length > MOST_KEYS || new Set(keys.map((key) => key.id)).size !== keys.length) {
    throw new EnvelopeError('key_file', `${keyFile}: has too many keys or one id twice`);
  }
  return keys;
}

async function readIfThere(keyFile: string): Promise<string | undefined> {
  try {
    const { mode } = await lstat(keyFile);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new EnvelopeError('key_file_mode', `${keyFile}: others may read it; chmod 600 it and rotate its key`);
    }
    return await readFile(keyFile, 'utf8');
  } catch (error) {
    if (error instanceof EnvelopeError) throw error;
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new EnvelopeError('key_file', `${keyFile}: cannot be read`, { cause: error });
  }
}
