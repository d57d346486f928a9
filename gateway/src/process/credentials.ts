import { readFile } from 'node:fs/promises';
import { type Envelope, EnvelopeError, writeFileDurably } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { GatewayError } from '../errors.ts';

/** What a gateway was given when it enrolled. */
export interface Credentials {
  readonly gatewayId: string;
  readonly password: Secret<string>;
  readonly xmpp: { readonly host: string; readonly port: number; readonly domain: string };
  /** SHA-256 in hex of the token that was used up for them: a restart with the same token enrols no second time. */
  readonly tokenHash: string;
  /** The authority that is pinned, PEM; without one those that the system knows. */
  readonly ca?: string | undefined;
  /** Its own certificate, PEM, and that one's key, which was made here; both or none. */
  readonly certificate?: string;
  readonly key?: Secret<string>;
  /** The RAS has bound a channel once: from then on nothing less is taken. */
  readonly channelBinding: boolean;
}

const CONTEXT = 'gateway credentials 1';

/** The stored credentials, or undefined before enrolment. @throws GatewayError `credentials` */
export async function readCredentials(path: string, envelope: Envelope): Promise<Credentials | undefined> {
  let sealed: Uint8Array;
  try {
    sealed = new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new GatewayError('credentials', `${path}: cannot be read`, { cause: error });
  }
  try {
    const stored = JSON.parse(new TextDecoder().decode(envelope.open(sealed, CONTEXT).reveal()));
    const { password, key, channelBinding = false } = stored;
    return {
      ...stored,
      password: new Secret(password),
      channelBinding,
      ...(key === undefined ? {} : { key: new Secret(key) }),
    };
  } catch (error) {
    if (!(error instanceof EnvelopeError)) throw error;
    throw new GatewayError('credentials', `${path}: does not open under its key; enrol the gateway again`, {
      cause: error,
    });
  }
}

/** Stores the credentials, sealed. */
export async function writeCredentials(path: string, envelope: Envelope, credentials: Credentials): Promise<void> {
  const { password, key } = credentials;
  const text = JSON.stringify({ ...credentials, password: password.reveal(), key: key?.reveal() });
  await writeFileDurably(path, envelope.seal(new Secret(new TextEncoder().encode(text)), CONTEXT), 0o600);
}
