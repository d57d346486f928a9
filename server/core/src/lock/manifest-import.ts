import { equal, fromBase64, fromHex, OctetsError } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import {
  type Manifest,
  ManifestError,
  type ManifestLock,
  parseManifest,
  unwrapFactoryKey,
  verifyManifest,
} from '@cardea/wire-manifest';
import type { Context } from '../context.ts';
import type { Actor } from '../core.ts';
import { CoreError } from '../errors.ts';
import { requireScope } from '../person/roles.ts';

const PUBLIC_KEY_OCTETS = 65;
const TRANSPORT_KEY_OCTETS = 32;
/** After so many keys have been unwrapped, others get their turn. */
const UNWRAP_AT_ONCE = 64;

interface Request {
  readonly manifest: Manifest;
  readonly makerKey: Uint8Array;
  readonly transportKey: Secret;
}

/**
 * Takes in `{manifest, maker_key, transport_key}`: the signature is the maker's, whose key is pinned at the first import;
 * every factory key opens under the transport key; then all locks are stored in one unit, or none.
 * @throws CoreError `invalid` naming the field, `conflict` for a maker's other key, or a lock that another maker's manifest has
 */
export async function importManifest(
  context: Context,
  actor: Actor,
  input: unknown,
): Promise<{ added: number; known: number }> {
  requireScope(actor, 'locks:manage');
  const { manifest, makerKey, transportKey } = parse(input);
  const pinned = await context.read((tx) => tx.makers.key(actor.organizationId, manifest.maker));
  checkPinned(pinned, makerKey, manifest.maker);
  if (!(await verifyManifest(manifest, makerKey, context.ports.keys.verify))) {
    throw new CoreError('invalid', "the signature is not the maker's over this manifest", {
      field: 'manifest.signature',
    });
  }
  const keys = await unwrapAll(context, manifest, transportKey);
  return context.write(async (tx, note) => {
    // Read again: another import may have pinned a key meanwhile.
    const now = await tx.makers.key(actor.organizationId, manifest.maker);
    checkPinned(now, makerKey, manifest.maker);
    if (now === undefined) await tx.makers.pin(actor.organizationId, manifest.maker, makerKey, context.now());
    let known = 0;
    for (const [at, { lock, key }] of keys.entries()) {
      const there = await tx.locks.byIdentifier(actor.organizationId, lock.identifier);
      if (there !== undefined) {
        if (there.maker !== manifest.maker) {
          throw new CoreError('conflict', `the lock ${lock.identifier} is registered as another maker's`, {
            field: `manifest.locks[${at}].identifier`,
          });
        }
        known++;
        continue;
      }
      const id = context.newId('lock');
      await tx.locks.insert({
        id,
        organizationId: actor.organizationId,
        identifier: lock.identifier,
        maker: manifest.maker,
        model: lock.model,
        bluetooth: lock.bluetooth,
        state: 'manifest',
        createdAt: context.now(),
      });
      await tx.locks.setFactoryKey(id, key);
      await tx.locks.setSerial(id, {
        publicKey: fromBase64(lock.serial_public_key),
        printedCodeHash: fromHex(lock.printed_code_hash),
      });
    }
    const added = keys.length - known;
    await note({
      organizationId: actor.organizationId,
      type: 'estate.manifest_imported',
      personId: actor.personId,
      detail: { maker: manifest.maker, added, known },
    });
    return { added, known };
  });
}

function checkPinned(pinned: Uint8Array | undefined, makerKey: Uint8Array, maker: string): void {
  if (pinned !== undefined && !equal(pinned, makerKey)) {
    throw new CoreError('conflict', `the maker ${maker} is known by another key`, { field: 'maker_key' });
  }
}

async function unwrapAll(
  context: Context,
  manifest: Manifest,
  transportKey: Secret,
): Promise<readonly { readonly lock: ManifestLock; readonly key: Secret }[]> {
  const all: { lock: ManifestLock; key: Secret }[] = [];
  for (const [at, lock] of manifest.locks.entries()) {
    if (at > 0 && at % UNWRAP_AT_ONCE === 0) {
      await new Promise<void>((resolve) => context.ports.clock.after(0, resolve));
    }
    all.push({
      lock,
      key: named(() => unwrapFactoryKey(context.ports.primitives, transportKey, manifest.maker, lock, at)),
    });
  }
  return all;
}

function parse(input: unknown): Request {
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    throw new CoreError('invalid', 'the request must be an object with manifest, maker_key and transport_key');
  }
  const members = new Map<string, unknown>(Object.entries(input));
  for (const name of members.keys()) {
    if (!['manifest', 'maker_key', 'transport_key'].includes(name)) {
      throw new CoreError('invalid', `${name} is not a known member`, { field: name });
    }
  }
  return {
    manifest: named(() => parseManifest(members.get('manifest'))),
    makerKey: octets('maker_key', members.get('maker_key'), PUBLIC_KEY_OCTETS),
    transportKey: new Secret(octets('transport_key', members.get('transport_key'), TRANSPORT_KEY_OCTETS)),
  };
}

function octets(field: string, value: unknown, sizeOctets: number): Uint8Array {
  const shape = `${field} must be base64 of ${sizeOctets} octets`;
  if (typeof value !== 'string' || value.length !== 4 * Math.ceil(sizeOctets / 3)) {
    throw new CoreError('invalid', shape, { field });
  }
  try {
    const found = fromBase64(value, field);
    if (found.length === sizeOctets) return found;
  } catch (error) {
    if (!(error instanceof OctetsError)) throw error;
  }
  throw new CoreError('invalid', shape, { field });
}

/** Turns the manifest package's error into a refusal that names the field of the request. */
function named<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ManifestError)) throw error;
    const field = error.field === 'manifest' ? 'manifest' : `manifest.${error.field}`;
    throw new CoreError('invalid', error.message, { field });
  }
}
