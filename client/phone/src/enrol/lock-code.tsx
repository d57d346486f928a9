import { enrolTexts, useLockCode, useTexts } from '@cardea/client-ui';
import type { ReactNode } from 'react';
import { Field } from '../parts/field.tsx';

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
  const { bad, cameraIsOn, video, toggleCamera, readPicture, cameraNote, trouble } = useLockCode(value, onChange);
  return (
    <>
      <button type="button" className="secondary" onClick={toggleCamera}>
        {say(cameraIsOn ? 'stopCamera' : 'camera')}
      </button>
      {cameraIsOn && <video ref={video} className="view" muted playsInline aria-label={say('view')} />}
      <div role="status">
        {cameraNote !== undefined && <p className="hint">{cameraNote}</p>}
        {trouble !== undefined && <p className="note warn">{trouble}</p>}
      </div>
      <div className="field">
        <label htmlFor="field-picture">{say('picture')}</label>
        <input
          id="field-picture"
          type="file"
          accept="image/*"
          onChange={(event) => {
            const file = event.currentTarget.files?.[0];
            if (file !== undefined) readPicture(file);
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
