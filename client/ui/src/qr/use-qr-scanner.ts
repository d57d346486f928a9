import { useCallback, useEffect, useRef, useState } from 'react';
import { pixelsOf } from './pixels.ts';
import { readQr } from './read-qr.ts';

/**
 * How it stands with the camera: not asked for, being opened, looking; refused by the person or the browser, not there,
 * or it failed (another program may have it).
 */
export type CameraState = 'off' | 'starting' | 'looking' | 'refused' | 'none' | 'failed';

/** What came of a picture file: its code was taken, it was not the one that is wanted, it has none, or it is no picture. */
export type PictureOutcome = 'taken' | 'other' | 'no_code' | 'no_picture';

/** Reads QR codes by the camera or from picture files. */
export interface QrScanner {
  readonly camera: CameraState;
  /** Goes to the `ref` of a `<video muted playsInline>`, which shows what the camera sees. */
  readonly video: (element: HTMLVideoElement | null) => void;
  /** Opens the camera; the browser asks the person first. */
  readonly start: () => void;
  /** Lets go of the camera. */
  readonly stop: () => void;
  readonly readFile: (file: Blob) => Promise<PictureOutcome>;
}

/** Time between two looks, milliseconds. */
const BETWEEN_LOOKS_MS = 120;

/**
 * A QR scanner without looks. `onText` is told each text and answers whether it was the wanted one: then the camera is let
 * go of. It is let go of too when the component goes.
 */
export function useQrScanner(onText: (text: string) => boolean): QrScanner {
  const [element, setElement] = useState<HTMLVideoElement | null>(null);
  const [stream, setStream] = useState<MediaStream>();
  const [camera, setCamera] = useState<CameraState>('off');
  const told = useRef(onText);
  told.current = onText;
  // Whoever opens the camera is outrun by every later start and stop.
  const turn = useRef(0);

  const stop = useCallback(() => {
    turn.current += 1;
    setStream(undefined);
    setCamera('off');
  }, []);

  const start = useCallback(() => {
    turn.current += 1;
    const mine = turn.current;
    setCamera('starting');
    void openCamera().then((opened) => {
      if (turn.current !== mine) {
        if (typeof opened !== 'string') release(opened);
        return;
      }
      if (typeof opened === 'string') setCamera(opened);
      else setStream(opened);
    });
  }, []);

  useEffect(
    () => () => {
      turn.current += 1;
    },
    [],
  );

  useEffect(() => {
    if (stream === undefined) return;
    const onEnded = (): void => {
      setStream(undefined);
      setCamera('failed');
    };
    for (const track of stream.getTracks()) track.addEventListener('ended', onEnded);
    return () => {
      for (const track of stream.getTracks()) track.removeEventListener('ended', onEnded);
      release(stream);
    };
  }, [stream]);

  useEffect(() => {
    if (stream === undefined || element === null) return;
    element.srcObject = stream;
    // It is refused only when the element goes meanwhile.
    void element.play().catch(() => {});
    setCamera('looking');
    const leave = lookAgainAndAgain(element, (text) => {
      if (told.current(text)) stop();
    });
    return () => {
      leave();
      element.srcObject = null;
    };
  }, [stream, element, stop]);

  const readFile = useCallback(async (file: Blob): Promise<PictureOutcome> => {
    const picture = await createImageBitmap(file).catch(() => undefined);
    const pixels = picture && pixelsOf(picture, picture, 'file');
    picture?.close();
    if (pixels === undefined) return 'no_picture';
    const text = await readQr(pixels, 'file');
    if (text === undefined) return 'no_code';
    return told.current(text) ? 'taken' : 'other';
  }, []);

  return { camera, video: setElement, start, stop, readFile };
}

async function openCamera(): Promise<MediaStream | Extract<CameraState, 'refused' | 'none' | 'failed'>> {
  // Browsers have no camera for pages without TLS.
  const devices: MediaDevices | undefined = navigator.mediaDevices;
  if (devices === undefined) return 'none';
  try {
    return await devices.getUserMedia({ video: { facingMode: 'environment', width: { ideal: 1_280 } }, audio: false });
  } catch (error) {
    const name = error instanceof Error ? error.name : '';
    if (name === 'NotAllowedError' || name === 'SecurityError') return 'refused';
    return name === 'NotFoundError' || name === 'OverconstrainedError' ? 'none' : 'failed';
  }
}

function release(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}

/** @returns what ends it */
function lookAgainAndAgain(video: HTMLVideoElement, onText: (text: string) => void): () => void {
  const canvas = document.createElement('canvas');
  let over = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const look = async (): Promise<void> => {
    const size = { width: video.videoWidth, height: video.videoHeight };
    const pixels = pixelsOf(video, size, 'frame', canvas);
    const text = pixels && (await readQr(pixels, 'frame'));
    if (over) return;
    if (text !== undefined) onText(text);
    // It may have been the wanted one, and all of this be over by it.
    if (!over) timer = setTimeout(() => void look(), BETWEEN_LOOKS_MS);
  };
  void look();
  return () => {
    over = true;
    clearTimeout(timer);
  };
}
