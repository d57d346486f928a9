import { useEffect, useState } from 'react';
import { drawingAddress, useDrawing } from '../estate/drawing.ts';
import type { FloorDoors } from './layout.ts';

/** Longest side of a picture that is painted, pixels: a larger one is made smaller once, not at every frame. */
const MAX_SIDE_PX = 3_000;

/**
 * The picture behind the plan, decoded and ready to be painted, where one floor is shown alone and has sides. Undefined
 * until it is there, where there is none, and where it cannot be read: the doors are shown all the same.
 */
export function useBackdrop(floors: readonly FloorDoors[]): ImageBitmap | undefined {
  const only = floors.length === 1 ? floors[0] : undefined;
  const { data } = useDrawing(only?.plan == null ? undefined : only.id);
  const picture = data?.picture ?? undefined;
  const address = picture === undefined ? undefined : drawingAddress(picture);
  const [shown, setShown] = useState<ImageBitmap>();
  useEffect(() => {
    if (address === undefined) return;
    let left = false;
    const show = async (): Promise<void> => {
      const decoded = await decode(address);
      if (left) decoded.close();
      else setShown(decoded);
    };
    show().catch(() => {});
    return () => {
      left = true;
      // Not closed: a frame that is under way may still paint it.
      setShown(undefined);
    };
  }, [address]);
  return shown;
}

async function decode(address: string): Promise<ImageBitmap> {
  const image = new Image();
  image.src = address;
  await image.decode();
  const { naturalWidth: width, naturalHeight: height } = image;
  const share = MAX_SIDE_PX / Math.max(width, height);
  if (share >= 1) return createImageBitmap(image);
  return createImageBitmap(image, {
    resizeWidth: Math.max(1, Math.round(width * share)),
    resizeHeight: Math.max(1, Math.round(height * share)),
    resizeQuality: 'high',
  });
}
