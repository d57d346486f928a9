import type { Reader, Writer } from '@cardea/kit-octets';
import type { OfflineGrant, OfflineOperation } from '@cardea/wire-profile';
import { inRange } from './errors.ts';

/** Octets of a grant id: the UUID of the RAS's own. */
export const GRANT_ID_SIZE_OCTETS = 16;

/** Version of both kinds of grant. */
const VERSION = 1;
/** P-256, SHA-256, AES-SIV. */
const SUITE = 1;
const FLAG_NO_CLOCK = 0x01;

/**
 * What a phone asks for, as the octet in message 22 and as its bit in a grant's operations: 1 unlock, 2 lock,
 * 4 override.
 */
export const OFFLINE_OPERATION_OCTET: Readonly<Record<OfflineOperation, number>> = { unlock: 1, lock: 2, override: 4 };

const OPERATIONS = ['unlock', 'lock', 'override'] as const satisfies readonly OfflineOperation[];

/** The operation of its octet. @throws AccessError `range` */
export function offlineOperationOf(octet: number): OfflineOperation {
  const found = OPERATIONS.find((operation) => OFFLINE_OPERATION_OCTET[operation] === octet);
  inRange(found !== undefined, `no operation ${octet}`);
  return found ?? 'lock';
}

/** version(1)=1 suite(1)=1 flags(1: b0 no-clock), before the lock or the place. @throws OctetsError */
export function writeGrantHead(writer: Writer, grant: OfflineGrant): Writer {
  return writer
    .uint('version', VERSION, 1)
    .uint('suite', SUITE, 1)
    .uint('flags', grant.noClock ? FLAG_NO_CLOCK : 0, 1);
}

/** The head's one fact. @throws OctetsError, AccessError `range` */
export function readGrantHead(reader: Reader): Pick<OfflineGrant, 'noClock'> {
  inRange(reader.uint('version', 1) === VERSION, 'unknown version of a grant');
  inRange(reader.uint('suite', 1) === SUITE, 'unknown suite of a grant');
  const flags = reader.uint('flags', 1);
  inRange(flags <= FLAG_NO_CLOCK, 'unknown flags of a grant');
  return { noClock: flags === FLAG_NO_CLOCK };
}

/**
 * What follows the lock or the place, 108 octets: grantId(16) phoneKey(65) operations(2) notBefore notAfter leaseEnd
 * issuedAt (4 each) series(1) generation(4) uses(2) scheduleId(2). @throws OctetsError, AccessError `range`
 */
export function writeGrantBody(writer: Writer, grant: OfflineGrant): Writer {
  checkBody(grant);
  return writer
    .octets('grant id', grant.grantId, GRANT_ID_SIZE_OCTETS)
    .octets('phone key', grant.phoneKey, 65)
    .uint('operations', bitsOf(grant.operations), 2)
    .uint('not before', grant.notBeforeS, 4)
    .uint('not after', grant.notAfterS, 4)
    .uint('lease end', grant.leaseEndS, 4)
    .uint('issued at', grant.issuedAtS, 4)
    .uint('series', grant.series, 1)
    .uint('generation', grant.generation, 4)
    .uint('uses', grant.uses, 2)
    .uint('schedule', grant.scheduleNumber, 2);
}

/** The inverse of {@link writeGrantBody}. @throws OctetsError, AccessError `range` */
export function readGrantBody(reader: Reader): Omit<OfflineGrant, 'noClock'> {
  const body = {
    grantId: reader.octets('grant id', GRANT_ID_SIZE_OCTETS),
    phoneKey: reader.octets('phone key', 65),
    operations: operationsOf(reader.uint('operations', 2)),
    notBeforeS: reader.uint('not before', 4),
    notAfterS: reader.uint('not after', 4),
    leaseEndS: reader.uint('lease end', 4),
    issuedAtS: reader.uint('issued at', 4),
    series: reader.uint('series', 1),
    generation: reader.uint('generation', 4),
    uses: reader.uint('uses', 2),
    scheduleNumber: reader.uint('schedule', 2),
  };
  checkBody(body);
  return body;
}

function checkBody(body: Omit<OfflineGrant, 'noClock'>): void {
  inRange(body.phoneKey[0] === 0x04, 'a phone key is an uncompressed point');
  inRange(body.operations.length > 0, 'a grant permits something');
  inRange(body.notBeforeS < body.notAfterS, 'a window ends after its beginning');
}

function bitsOf(operations: readonly OfflineOperation[]): number {
  return operations.reduce((bits, operation) => bits | OFFLINE_OPERATION_OCTET[operation], 0);
}

function operationsOf(bits: number): readonly OfflineOperation[] {
  inRange(bits <= 0b111, 'unknown operations');
  return OPERATIONS.filter((operation) => (bits & OFFLINE_OPERATION_OCTET[operation]) !== 0);
}
