import { equal, fromBase64, fromHex, OctetsError } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import {
  canonicalManifestSteps,
  type Manifest,
  ManifestError,
  parseManifestSteps,
  unwrapFactoryKey,
  verifyCanonicalManifest,
} from '@cardea/wire-manifest';
import type { Actor } from '../actor.ts';
import type { Context } from '../context.ts';
import { CoreError } from '../errors.ts';
import type { Lock } from '../model.ts';
import { requireScope } from '../person/roles.ts';
import type { LockSerial } from '../ports.ts';
import { createSlices, inSlices, type Slices } from '../slices.ts';

const PUBLIC_KEY_OCTETS = 65;
const TRANSPORT_KEY_OCTETS = 32;

interface Request {
  readonly manifest: Manifest;
  readonly makerKey: Uint8Array;
  readonly transportKey: Secret;
}

/** One lock of the manifest as it will be stored. */
interface Arrival {
  readonly lock: Omit<Lock, 'id' | 'createdAt'>;
  readonly key: Secret;
  readonly serial: LockSerial;
}

/**
 * Takes in `{manifest, maker_key, transport_key}`: the signature is the maker's, whose key is pinned at the first import;
 * every factory key opens under the transport key; then all locks are stored in one unit, or none. A manifest of ten
 * thousand locks is half a second of work: it is done in slices, the unit too, so that nobody else is held up for long.
 * @throws CoreError `invalid` naming the field, `conflict` for a maker's other key, or a lock that another maker's manifest has
 */
export async function importManifest(
  context: Context,
  actor: Actor,
  input: unknown,
): Promise<{ added: number; known: number }> {
  requireScope(actor, 'locks:manage');
  const slices = createSlices(context.ports.clock);
  const { manifest, makerKey, transportKey } = await parse(slices, input);
  const pinned = await context.read((tx) => tx.makers.key(actor.organizationId, manifest.maker));
  checkPinned(pinned, makerKey, manifest.maker);
  const signed = await inSlices(slices, canonicalManifestSteps(manifest));
  if (!(await verifyCanonicalManifest(signed, manifest.signature, makerKey, context.ports.keys.verify))) {
    throw new CoreError('invalid', "the signature is not the maker's over this manifest", {
      field: 'manifest.signature',
    });
  }
  const arrivals = await inSlices(slices, arrivalSteps(context, actor, manifest, transportKey)).catch(rename);
  return context.write(async (tx, note) => {
    // Read again: another import may have pinned a key meanwhile.
    const now = await tx.makers.key(actor.organizationId, manifest.maker);
    checkPinned(now, makerKey, manifest.maker);
    if (now === undefined) await tx.makers.pin(actor.organizationId, manifest.maker, makerKey, context.now());
    let known = 0;
    for (const [at, { lock, key, serial }] of arrivals.entries()) {
      await slices.turn();
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
      await tx.locks.insert({ ...lock, id, createdAt: context.now() });
      await tx.locks.setFactoryKey(id, key);
      await tx.locks.setSerial(id, serial);
    }
    const added = arrivals.length - known;
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

function* arrivalSteps(
  context: Context,
  { organizationId }: Actor,
  { maker, locks }: Manifest,
  transportKey: Secret,
): Generator<undefined, readonly Arrival[]> {
  const arrivals: Arrival[] = [];
  for (const [at, lock] of locks.entries()) {
    const { identifier, model, bluetooth } = lock;
    arrivals.push({
      lock: { organizationId, identifier, maker, model, bluetooth, state: 'manifest' },
      key: unwrapFactoryKey(context.ports.primitives, transportKey, maker, lock, at),
      serial: {
        publicKey: fromBase64(lock.serial_public_key),
        printedCodeHash: fromHex(lock.printed_code_hash),
      },
    });
    yield;
  }
  return arrivals;
}

async function parse(slices: Slices, input: unknown): Promise<Request> {
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
    manifest: await inSlices(slices, parseManifestSteps(members.get('manifest'))).catch(rename),
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

/** Throws the manifest package's error as a refusal that names the field of the request. */
function rename(error: unknown): never {
  if (!(error instanceof ManifestError)) throw error;
  const field = error.field === 'manifest' ? 'manifest' : `manifest.${error.field}`;
  throw new CoreError('invalid', error.message, { field });
}
