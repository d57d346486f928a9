import type { Client } from '@cardea/client-sdk';
import { nodeKeyAgreement, nodePrimitives } from '@cardea/kit-node';
import { equal, toBase64 } from '@cardea/kit-octets';
import { headOfNote, type KnownLog, publicKeyOf, type TreeHead, type Verify, withHead } from '@cardea/wire-audit';
import type { Context } from '../context.ts';
import { CliError } from '../errors.ts';
import { knownLogsPath, readKnownLogs, writeKnownLog } from './known-logs.ts';

/** By what signatures are verified here. */
export const verification: { readonly primitives: typeof nodePrimitives; readonly verify: Verify } = {
  primitives: nodePrimitives,
  verify: nodeKeyAgreement.verify,
};

/** A log with the key by which it is verified. */
export interface TrustedLog {
  readonly origin: string;
  readonly publicKey: Uint8Array;
  /** `pinned` long ago, `new` just now, or `unknown`: taken from what is being verified, which proves little. */
  readonly key: 'pinned' | 'new' | 'unknown';
  readonly seen: readonly TreeHead[];
  readonly known: KnownLog | undefined;
}

/** The signed-in organization's log, by the key that was pinned when it was first seen. @throws CliError `failed` */
export async function trustedLog(context: Context, api: Client): Promise<TrustedLog> {
  const answer = await api.audit.key();
  const publicKey = publicKeyOf(answer.public_key);
  const log = logOf(context, answer.origin, publicKey);
  if (log.key === 'pinned' && !equal(log.publicKey, publicKey)) {
    throw new CliError('failed', `the key of ${answer.origin} is not the one that was seen first`, {
      remedy:
        `if it was replaced on purpose, compare ${toBase64(publicKey)} with what the operator says, ` +
        `then take the log out of ${knownLogsPath(context.profilePath)}`,
    });
  }
  return log.key === 'pinned' ? log : { ...log, key: 'new' };
}

/** A log by what this profile knows of it, else by the key given. */
export function logOf(context: Context, origin: string, publicKey: Uint8Array): TrustedLog {
  const known = readKnownLogs(knownLogsPath(context.profilePath)).get(origin);
  if (known === undefined) return { origin, publicKey, key: 'unknown', seen: [], known };
  return { origin, publicKey: known.publicKey, key: 'pinned', seen: known.heads.map(headOfNote), known };
}

/** Keeps the key and a head that was seen to hold. Heads that an admitted restore has taken back are let go. */
export function keepHead(context: Context, log: TrustedLog, note: string, cameBackAt: number | undefined): void {
  const known = { publicKey: log.publicKey, heads: log.known?.heads ?? [] };
  writeKnownLog(knownLogsPath(context.profilePath), log.origin, withHead(known, note, cameBackAt));
}
