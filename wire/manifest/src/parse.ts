import { ManifestError } from './errors.ts';
import { base64, hex, invalid, members, name, point, text } from './fields.ts';
import { MANIFEST_LOCKS_LIMIT, MANIFEST_VERSION, type Manifest, type ManifestLock } from './manifest.ts';

const BLUETOOTH = ['4.0', '4.1', '4.2', '5.0'] as const;

/**
 * A manifest from parsed JSON: shape and ranges only. Nothing in it may be believed before {@link verifyManifest}.
 * @throws ManifestError `invalid`, `too_large`; its `field` names the value
 */
export function parseManifest(value: unknown): Manifest {
  const steps = parseManifestSteps(value);
  for (;;) {
    const { done, value: parsed } = steps.next();
    if (done === true) return parsed;
  }
}

/** {@link parseManifest} a lock at a time, for whoever has others to serve meanwhile. */
export function* parseManifestSteps(value: unknown): Generator<undefined, Manifest> {
  const found = members(value, 'manifest', ['version', 'maker', 'model', 'issued_at', 'locks', 'signature']);
  if (found.get('version') !== MANIFEST_VERSION) throw invalid('version', `must be ${MANIFEST_VERSION}`);
  const maker = name(found.get('maker'), 'maker');
  const model = name(found.get('model'), 'model');
  const issued_at = time(found.get('issued_at'));
  const signature = base64(found.get('signature'), 'signature', 64);
  const list = found.get('locks');
  if (!Array.isArray(list) || list.length === 0) throw invalid('locks', 'must be a list of at least one lock');
  if (list.length > MANIFEST_LOCKS_LIMIT) {
    throw new ManifestError(
      'too_large',
      'locks',
      `has ${list.length} locks, at most ${MANIFEST_LOCKS_LIMIT} are taken`,
    );
  }
  const locks: ManifestLock[] = [];
  const seen = new Map<string, number>();
  for (const [at, item] of list.entries()) {
    const lock = parseLock(item, at);
    const first = seen.get(lock.identifier);
    if (first !== undefined) throw invalid(`locks[${at}].identifier`, `is the same as that of locks[${first}]`);
    seen.set(lock.identifier, at);
    locks.push(lock);
    yield;
  }
  return { version: MANIFEST_VERSION, maker, model, issued_at, locks, signature };
}

function parseLock(value: unknown, at: number): ManifestLock {
  const field = `locks[${at}]`;
  const found = members(value, field, [
    'identifier',
    'model',
    'bluetooth',
    'factory_key',
    'serial_public_key',
    'printed_code_hash',
  ]);
  const bluetooth = BLUETOOTH.find((version) => version === found.get('bluetooth'));
  if (bluetooth === undefined) throw invalid(`${field}.bluetooth`, `must be one of ${BLUETOOTH.join(', ')}`);
  return {
    identifier: text(found.get('identifier'), `${field}.identifier`, /^[0-9A-F]{12}$/, '12 upper-case hex digits'),
    model: name(found.get('model'), `${field}.model`),
    bluetooth,
    factory_key: hex(found.get('factory_key'), `${field}.factory_key`, 32),
    serial_public_key: point(found.get('serial_public_key'), `${field}.serial_public_key`),
    printed_code_hash: hex(found.get('printed_code_hash'), `${field}.printed_code_hash`, 32),
  };
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function time(value: unknown): string {
  const shape = 'an RFC 3339 UTC time in whole seconds, such as 2026-01-31T09:00:00Z';
  const found = text(value, 'issued_at', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/, shape);
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.split(/[-T:Z]/).map(Number);
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  const days = month === 2 && leap ? 29 : (DAYS[month - 1] ?? 0);
  if (day < 1 || day > days || hour > 23 || minute > 59 || second > 59) throw invalid('issued_at', `must be ${shape}`);
  return found;
}
