import { enrolTexts, type PictureOutcome, readLockCode, useQrScanner, useTexts } from '@cardea/client-ui';
import { type ReactNode, useState } from 'react';
import { Field } from '../parts/field.tsx';

const CAMERA_TEXTS = {
  starting: 'starting',
  looking: 'looking',
  refused: 'refused',
  none: 'none',
  failed: 'failedCamera',
} as const;

/** The identifier of a lock: read from its QR code by the camera or from a picture, or typed. */
export function LockCode({
  value,
  onChange,
}: {
  /** As it was typed or scanned. */
  readonly value: string;
  readonly onChange: (value: string) => void;
}): ReactNode {
  const say = useTexts(enrolTexts);
  const [trouble, setTrouble] = useState<Exclude<PictureOutcome, 'taken'> | undefined>(undefined);
  const { camera, video, start, stop, readFile } = useQrScanner((text) => {
    const identifier = readLockCode(text);
    setTrouble(identifier === undefined ? 'other' : undefined);
    if (identifier !== undefined) onChange(identifier);
    return identifier !== undefined;
  });
  const on = camera === 'starting' || camera === 'looking';
  const bad = value.trim() !== '' && readLockCode(value) === undefined;
  return (
    <>
      <button type="button" className="secondary" onClick={on ? stop : start}>
        {say(on ? 'stopCamera' : 'camera')}
      </button>
      {on && <video ref={video} className="view" muted playsInline aria-label={say('view')} />}
      <div role="status">
        {camera !== 'off' && <p className="hint">{say(CAMERA_TEXTS[camera])}</p>}
        {trouble !== undefined && <p className="note warn">{say(trouble)}</p>}
      </div>
      <div className="field">
        <label htmlFor="field-picture">{say('picture')}</label>
        <input
          id="field-picture"
          type="file"
          accept="image/*"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file === undefined) return;
            stop();
            void readFile(file).then((outcome) => setTrouble(outcome === 'taken' ? undefined : outcome));
          }}
        />
      </div>
      <Field
        name="lock"
        label={say('identifier')}
        hint={say(bad ? 'identifierBad' : 'identifierWhy')}
        value={value}
        onChange={onChange}
        maxLength={60}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={bad}
      />
    </>
  );
}
