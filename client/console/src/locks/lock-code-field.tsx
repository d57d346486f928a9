import './lock-code-field.css';
import { enrolTexts, type PictureOutcome, readLockCode, useQrScanner, useTexts } from '@cardea/client-ui';
import { Button, FileButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { CameraIcon, ImageIcon } from '@radix-ui/react-icons';
import { type ReactNode, useState } from 'react';

const CAMERA_TEXTS = {
  starting: 'starting',
  looking: 'looking',
  refused: 'refused',
  none: 'none',
  failed: 'failedCamera',
} as const;

/** The identifier of a lock: typed, or read from its QR code by the camera or from a picture. */
export function LockCodeField({
  value,
  onChange,
  error,
}: {
  /** As it was typed or scanned. */
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
}): ReactNode {
  const say = useTexts(enrolTexts);
  const [trouble, setTrouble] = useState<Exclude<PictureOutcome, 'taken'>>();
  const { camera, video, start, stop, readFile } = useQrScanner((text) => {
    const identifier = readLockCode(text);
    setTrouble(identifier === undefined ? 'other' : undefined);
    if (identifier !== undefined) onChange(identifier);
    return identifier !== undefined;
  });
  const on = camera === 'starting' || camera === 'looking';
  const bad = value.trim() !== '' && readLockCode(value) === undefined;
  return (
    <Stack gap="xs">
      <TextInput
        label={say('identifier')}
        description={say('identifierWhy')}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        error={error ?? (bad ? say('identifierBad') : undefined)}
        autoComplete="off"
        spellCheck={false}
        maxLength={60}
      />
      <Group gap="xs">
        <Button variant="default" size="xs" leftSection={<CameraIcon aria-hidden />} onClick={on ? stop : start}>
          {say(on ? 'stopCamera' : 'camera')}
        </Button>
        <FileButton
          accept="image/*"
          onChange={(file) => {
            if (file === null) return;
            stop();
            void readFile(file).then((outcome) => setTrouble(outcome === 'taken' ? undefined : outcome));
          }}
        >
          {(props) => (
            <Button variant="default" size="xs" leftSection={<ImageIcon aria-hidden />} {...props}>
              {say('picture')}
            </Button>
          )}
        </FileButton>
      </Group>
      {on && <video ref={video} className="lock-camera" muted playsInline aria-label={say('view')} />}
      <div role="status">
        {camera !== 'off' && (
          <Text size="sm" c="dimmed">
            {say(CAMERA_TEXTS[camera])}
          </Text>
        )}
        {trouble !== undefined && (
          <Text size="sm" c="var(--cardea-warn)">
            {say(trouble)}
          </Text>
        )}
      </div>
    </Stack>
  );
}
