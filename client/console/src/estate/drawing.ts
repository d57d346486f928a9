import { useApi } from '@cardea/client-ui';
import type { FloorDrawing, SetFloorDrawing } from '@cardea/wire-api';
import { type UseQueryResult, useQuery } from '@tanstack/react-query';

/** Query key of the pictures behind plans; whoever sets or removes one invalidates it. */
export const DRAWINGS_KEY = ['floor-drawings'] as const;

/** Formats that the server takes; none of them can hold a script. */
export const DRAWING_TYPES: readonly SetFloorDrawing['media_type'][] = ['image/png', 'image/jpeg', 'image/webp'];
/** Most octets of a picture: 1 MiB. */
export const DRAWING_OCTETS_MOST = 1_048_576;

/** The picture behind the plan of a floor; nothing is asked for without one. */
export function useDrawing(floorId: string | undefined): UseQueryResult<FloorDrawing> {
  const api = useApi();
  return useQuery({
    queryKey: [...DRAWINGS_KEY, floorId],
    queryFn: ({ signal }) => api.floors.drawing(floorId ?? '', { signal }),
    enabled: floorId !== undefined,
    staleTime: 5 * 60_000,
  });
}

/** The address of a picture for an `img`: it is in the page itself, and asks nobody. */
export function drawingAddress({ media_type: type, data }: NonNullable<FloorDrawing['picture']>): string {
  return `data:${type};base64,${data}`;
}

/** A file as the server takes it; undefined where it is no picture that it would take, by its type or its size. */
export async function readDrawing(file: Blob): Promise<SetFloorDrawing | undefined> {
  const type = DRAWING_TYPES.find((one) => one === file.type);
  if (type === undefined || file.size === 0 || file.size > DRAWING_OCTETS_MOST) return undefined;
  return { media_type: type, data: toBase64(new Uint8Array(await file.arrayBuffer())) };
}

/** So many octets at a time: a call takes only so many arguments. */
const CHUNK_OCTETS = 24_576;

function toBase64(octets: Uint8Array): string {
  const parts: string[] = [];
  for (let at = 0; at < octets.length; at += CHUNK_OCTETS) {
    parts.push(btoa(String.fromCharCode(...octets.subarray(at, at + CHUNK_OCTETS))));
  }
  return parts.join('');
}
