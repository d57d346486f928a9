import { useState } from 'react';
import { enrolTexts } from '../enrol-texts.ts';
import { useTexts } from '../texts.ts';
import { readLockCode } from './lock-code.ts';
import { type CameraState, type PictureOutcome, useQrScanner } from './use-qr-scanner.ts';

/** A field for a lock's identifier without looks: what stands in it, and its QR code by camera or picture. */
export interface LockCodeEntry {
  /** Something stands in the field that names no lock. */
  readonly bad: boolean;
  readonly cameraIsOn: boolean;
  /** Opens the camera, or lets go of it. */
  readonly toggleCamera: () => void;
  /** Goes to the `ref` of a `<video muted playsInline>`, drawn while the camera is on. */
  readonly video: (element: HTMLVideoElement | null) => void;
  /** How it stands with the camera, in words; nothing while it is off. */
  readonly cameraNote: string | undefined;
  readonly readPicture: (file: Blob) => void;
  /** What was wrong with what the camera or the picture showed last, in words. */
  readonly trouble: string | undefined;
}

const CAMERA_TEXTS = {
  starting: 'starting',
  looking: 'looking',
  refused: 'refused',
  none: 'none',
  failed: 'failedCamera',
} as const satisfies Record<Exclude<CameraState, 'off'>, string>;

/**
 * @param value - the field's, as it was typed or scanned.
 * @param onChange - told the identifier that was scanned.
 */
export function useLockCode(value: string, onChange: (value: string) => void): LockCodeEntry {
  const say = useTexts(enrolTexts);
  const [trouble, setTrouble] = useState<Exclude<PictureOutcome, 'taken'> | undefined>(undefined);
  const { camera, video, start, stop, readFile } = useQrScanner((text) => {
    const identifier = readLockCode(text);
    setTrouble(identifier === undefined ? 'other' : undefined);
    if (identifier !== undefined) onChange(identifier);
    return identifier !== undefined;
  });
  const cameraIsOn = camera === 'starting' || camera === 'looking';
  return {
    bad: value.trim() !== '' && readLockCode(value) === undefined,
    cameraIsOn,
    toggleCamera: cameraIsOn ? stop : start,
    video,
    cameraNote: camera === 'off' ? undefined : say(CAMERA_TEXTS[camera]),
    readPicture(file) {
      stop();
      void readFile(file).then((outcome) => setTrouble(outcome === 'taken' ? undefined : outcome));
    },
    trouble: trouble === undefined ? undefined : say(trouble),
  };
}
