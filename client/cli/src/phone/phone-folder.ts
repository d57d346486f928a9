import { existsSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { openPhone, type Phone, PhoneError, type PhoneKey, type Way } from '@cardea/client-key';
import {
  importP256,
  nodeKeyAgreement,
  nodePrimitives,
  signP256,
  systemClock,
  systemRandom,
  writeFileDurably,
} from '@cardea/kit-node';
import { fromHex, toHex } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { CliError } from '../errors.ts';

/** A phone or card of the simulation in a folder of its own: key.json (its private key) and phone.json (what it was given). */
export interface PhoneFolder {
  readonly folder: string;
  readonly kind: 'phone' | 'card';
  readonly key: PhoneKey;
  /** The phone with what it kept; without a way to doors it opens none. */
  open(way?: Way): Promise<Phone>;
}

/** Makes a new phone: its key never leaves the folder. @throws CliError `refused` when there is one already */
export async function makePhone(folder: string, kind: 'phone' | 'card'): Promise<PhoneFolder> {
  const file = keyFile(folder);
  if (existsSync(file)) {
    throw new CliError('refused', `${folder} holds a phone already`, { remedy: 'name another folder with --phone' });
  }
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  await writeFileDurably(file, JSON.stringify({ kind, private_key: toHex(newScalar()) }));
  return readPhone(folder);
}

/** The phone in a folder. @throws CliError `refused` when there is none, or others may read it; `usage` when it is damaged */
export function readPhone(folder: string): PhoneFolder {
  const file = keyFile(folder);
  if (!existsSync(file)) {
    throw new CliError('refused', `there is no phone in ${folder}`, {
      remedy: 'make one with `cardea phone new`, or name its folder with --phone',
    });
  }
  if (process.platform !== 'win32' && (statSync(file).mode & 0o077) !== 0) {
    throw new CliError('refused', `others may read ${file}, which is the key of this phone`, {
      remedy: 'report the phone as lost and make a new one',
    });
  }
  const { kind, scalar } = parseKey(file, readFileSync(file, 'utf8'));
  const pair = importP256(scalar.reveal());
  const key: PhoneKey = {
    publicKey: pair.publicKey,
    sign: (message) => Promise.resolve(signP256(pair.privateKey, message)),
  };
  return {
    folder,
    kind,
    key,
    async open(way) {
      try {
        return await openPhone({
          key,
          way,
          clock: systemClock(),
          hands: {
            primitives: nodePrimitives,
            random: systemRandom,
            generate: nodeKeyAgreement.generate,
            agree: nodeKeyAgreement.agree,
          },
          store: fileStore(join(folder, 'phone.json')),
        });
      } catch (error) {
        if (!(error instanceof PhoneError)) throw error;
        throw new CliError('usage', `${join(folder, 'phone.json')}: ${error.message}`, {
          remedy: 'remove the file and fetch the keys again',
          cause: error,
        });
      }
    },
  };
}

function fileStore(file: string): { load(): Promise<string | undefined>; save(text: string): Promise<void> } {
  return {
    load: () => Promise.resolve(existsSync(file) ? readFileSync(file, 'utf8') : undefined),
    save: (text) => writeFileDurably(file, text),
  };
}

const keyFile = (folder: string): string => join(folder, 'key.json');

function parseKey(file: string, text: string): { kind: 'phone' | 'card'; scalar: Secret } {
  const bad = new CliError('usage', `${file} is damaged`, { remedy: 'make a new phone in another folder' });
  try {
    const { kind, private_key }: { kind?: unknown; private_key?: unknown } = JSON.parse(text);
    if (kind !== 'phone' && kind !== 'card') throw bad;
    if (typeof private_key !== 'string' || !/^[0-9a-f]{64}$/.test(private_key)) throw bad;
    const scalar = new Secret(fromHex(private_key));
    importP256(scalar.reveal());
    return { kind, scalar };
  } catch {
    // Neither the parser's words nor the scalar belong into a message.
    throw bad;
  }
}

/** A private scalar of P-256: 32 octets. */
function newScalar(): Uint8Array {
  for (;;) {
    const drawn = systemRandom.octets(32);
    try {
      importP256(drawn);
      return drawn;
    } catch (error) {
      // Once in 2^32 a scalar is out of range.
      if (!(error instanceof TypeError)) throw error;
    }
  }
}
