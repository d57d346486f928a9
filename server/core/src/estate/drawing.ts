import { CoreError } from '../errors.ts';

/** Formats of a drawing. None of them can hold a script, as SVG and PDF can. */
export const DRAWING_TYPES = ['image/png', 'image/jpeg', 'image/webp'] as const;
export type DrawingType = (typeof DRAWING_TYPES)[number];

/** A picture of a floor that stands behind its plan. */
export interface FloorDrawing {
  readonly floorId: string;
  readonly organizationId: string;
  readonly mediaType: DrawingType;
  readonly octets: Uint8Array;
  readonly createdAt: number;
}

/** The record of drawings: one a floor. */
export interface DrawingTables {
  readonly drawings: {
    get(floorId: string): Promise<FloorDrawing | undefined>;
    set(row: FloorDrawing): Promise<void>;
    remove(floorId: string): Promise<boolean>;
  };
}

/** Most octets of a drawing: 1 MiB. */
export const DRAWING_OCTETS_MOST = 1_048_576;

/**
 * Checks that a picture is of the format that it is said to be, by the octets with which every file of that format begins
 * (PNG 3, 5.2; JPEG, ITU-T T.81 B.1.1.3; WebP, RFC 9649 2.4), and not too large. Nothing of it is drawn or measured here.
 * @throws CoreError `invalid` naming `data` or `media_type`
 */
export function checkDrawingPicture(mediaType: string, octets: Uint8Array): DrawingType {
  const type = DRAWING_TYPES.find((one) => one === mediaType);
  if (type === undefined) {
    throw new CoreError('invalid', 'a drawing is PNG, JPEG or WebP', { field: 'media_type' });
  }
  if (octets.length > DRAWING_OCTETS_MOST) {
    throw new CoreError('invalid', 'a drawing has at most 1 MiB', { field: 'data' });
  }
  if (!beginsAs[type](octets)) {
    throw new CoreError('invalid', `these are not the octets of ${type}`, { field: 'data' });
  }
  return type;
}

const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];
const JPEG = [0xff, 0xd8, 0xff];
const RIFF = [0x52, 0x49, 0x46, 0x46];
const WEBP = [0x57, 0x45, 0x42, 0x50];
/** `RIFF`, four octets of length, `WEBP`. */
const WEBP_AT = 8;

const beginsAs: Readonly<Record<DrawingType, (octets: Uint8Array) => boolean>> = {
  'image/png': (octets) => has(octets, PNG),
  'image/jpeg': (octets) => has(octets, JPEG),
  'image/webp': (octets) => has(octets, RIFF) && has(octets, WEBP, WEBP_AT),
};

function has(octets: Uint8Array, expected: readonly number[], at = 0): boolean {
  return expected.every((octet, index) => octets[at + index] === octet);
}
