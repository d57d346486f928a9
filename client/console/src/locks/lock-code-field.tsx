import './lock-code-field.css';
import { enrolTexts, useLockCode, useTexts } from '@cardea/client-ui';
import { Button, FileButton, Group, Stack, Text, TextInput } from '@mantine/core';
import { CameraIcon, ImageIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';

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
  const { bad, cameraIsOn, video, toggleCamera, readPicture, cameraNote, trouble } = useLockCode(value, onChange);
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
        <Button variant="default" size="xs" leftSection={<CameraIcon aria-hidden />} onClick={toggleCamera}>
          {say(cameraIsOn ? 'stopCamera' : 'camera')}
        </Button>
        <FileButton accept="image/*" onChange={(file) => file !== null && readPicture(file)}>
          {(props) => (
            <Button variant="default" size="xs" leftSection={<ImageIcon aria-hidden />} {...props}>
              {say('picture')}
            </Button>
          )}
        </FileButton>
      </Group>
      {cameraIsOn && <video ref={video} className="lock-camera" muted playsInline aria-label={say('view')} />}
      <div role="status">
        {cameraNote !== undefined && (
          <Text size="sm" c="dimmed">
            {cameraNote}
          </Text>
        )}
        {trouble !== undefined && (
          <Text size="sm" c="var(--cardea-warn)">
            {trouble}
          </Text>
        )}
      </div>
    </Stack>
  );
}
