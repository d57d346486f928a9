import { concat, equal, fromAscii } from '@cardea/kit-octets';
import type { GrantLevel, LevelGrant, LockPlace } from '@cardea/wire-profile';
import { inRange, reading, writing } from './errors.ts';
import { readGrantBody, readGrantHead, writeGrantBody, writeGrantHead } from './grant-fields.ts';

/** Octets of a level grant without its signature. */
export const LEVEL_GRANT_SIZE_OCTETS = 136;
/** Octets of a level grant with its signature. */
export const SIGNED_LEVEL_GRANT_SIZE_OCTETS = 200;

/** As the key kinds of M1 number them. */
const LEVEL_OCTET: Readonly<Record<GrantLevel, number>> = { room: 2, floor: 3, hotel: 4 };
const LEVELS = ['room', 'floor', 'hotel'] as const satisfies readonly GrantLevel[];

/**
 * A level grant, 136 octets: version(1) suite(1) flags(1) level(1: 2 room, 3 floor, 4 hotel) hotelId(16) floor(4)
 * room(4), then as in a grant from grantId on. Floor and room are 0 where the level does not name them.
 * @throws AccessError `range`
 */
export function encodeLevelGrant(grant: LevelGrant): Uint8Array {
  checkPlace(grant);
  return writing((writer) =>
    writeGrantBody(
      writeGrantHead(writer, grant)
        .uint('level', LEVEL_OCTET[grant.level], 1)
        .octets('hotel id', grant.hotelId, 16)
        .uint('floor', grant.floor, 4)
        .uint('room', grant.room, 4),
      grant,
    ),
  );
}

/** The inverse of {@link encodeLevelGrant}. @throws AccessError `length`, `range` */
export function decodeLevelGrant(octets: Uint8Array): LevelGrant {
  return reading('a level grant', octets, (reader) => {
    const head = readGrantHead(reader);
    const octet = reader.uint('level', 1);
    const level = LEVELS.find((each) => LEVEL_OCTET[each] === octet);
    inRange(level !== undefined, `no level ${octet}`);
    const place = {
      level: level ?? 'room',
      hotelId: reader.octets('hotel id', 16),
      floor: reader.uint('floor', 4),
      room: reader.uint('room', 4),
    };
    checkPlace(place);
    return { ...head, ...place, ...readGrantBody(reader) };
  });
}

/** What the property's grant key signs (ES256): "cardea-level-grant-1" | the 136 octets. */
export function levelGrantSigned(octets: Uint8Array): Uint8Array {
  return concat(fromAscii('cardea-level-grant-1'), octets);
}

/** Grant and signature (r | s, 64) as a phone presents them: 200 octets. @throws AccessError `range` */
export function encodeSignedLevelGrant(grant: LevelGrant, signature: Uint8Array): Uint8Array {
  return concat(
    encodeLevelGrant(grant),
    writing((writer) => writer.octets('signature', signature, 64)),
  );
}

/** The inverse of {@link encodeSignedLevelGrant}; the signature is still to be verified. @throws AccessError `length`, `range` */
export function decodeSignedLevelGrant(octets: Uint8Array): {
  readonly grant: LevelGrant;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
} {
  return reading('a signed level grant', octets, (reader) => {
    const unsigned = reader.octets('level grant', LEVEL_GRANT_SIZE_OCTETS);
    const signature = reader.octets('signature', 64);
    return { grant: decodeLevelGrant(unsigned), signed: levelGrantSigned(unsigned), signature };
  });
}

/** Whether a level grant is for the lock at `place`. */
export function levelCovers(grant: LevelGrant, place: LockPlace): boolean {
  if (!equal(grant.hotelId, place.hotelId)) return false;
  switch (grant.level) {
    case 'hotel':
      return true;
    case 'floor':
      return grant.floor === place.floor;
    case 'room':
      return grant.floor === place.floor && grant.room === place.room;
  }
}

function checkPlace({ level, floor, room }: Pick<LevelGrant, 'level' | 'floor' | 'room'>): void {
  inRange(level === 'room' || room === 0, 'only a room grant names a room');
  inRange(level !== 'hotel' || floor === 0, 'a hotel grant names no floor');
}
