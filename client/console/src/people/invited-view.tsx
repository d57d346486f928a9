import { formatMoment, QrCode, useTexts } from '@cardea/client-ui';
import type { Person } from '@cardea/wire-api';
import { Alert, Button, Center, Code, Group, Stack, Text } from '@mantine/core';
import { CheckCircledIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { CopyButton } from '../parts/copy-button.tsx';
import { CopyLine } from '../parts/copy-line.tsx';
import { useZone } from '../shell/property.tsx';
import { inviteTexts } from './texts.ts';

/** What came of an invitation. */
export type Invited =
  | {
      readonly way: 'code';
      readonly person: Person;
      /** RFC 3339. */
      readonly until: string;
      /** What was sent, where it can be seen: on demo estates. */
      readonly link: string | undefined;
    }
  | { readonly way: 'password'; readonly person: Person; readonly password: string };

/** What the invited person gets, to be handed over where nothing is sent. */
export function InvitedView({
  invited,
  onAnother,
}: {
  readonly invited: Invited;
  readonly onAnother?: () => void;
}): ReactNode {
  const say = useTexts(inviteTexts);
  const zone = useZone();
  const { name, email: address } = invited.person;
  return (
    <Stack gap="md">
      {invited.way === 'code' ? (
        <>
          <Alert color="teal" icon={<CheckCircledIcon />} role="status">
            {invited.link === undefined
              ? say('sent', { name, address, until: formatMoment(invited.until, zone) })
              : say('demo', { name })}
          </Alert>
          {invited.link !== undefined && (
            <>
              <Center>
                <QrCode text={invited.link} label={say('qr', { name })} />
              </Center>
              <CopyLine text={invited.link} label={say('copyLink')} />
            </>
          )}
        </>
      ) : (
        <>
          <Text fw={560}>{say('password', { name })}</Text>
          <Code block fz="lg">
            {invited.password}
          </Code>
          <Text size="sm">{say('passwordOnce', { name, address })}</Text>
          <Group>
            <CopyButton text={invited.password} label={say('copyPassword')} />
          </Group>
        </>
      )}
      {onAnother !== undefined && (
        <Group justify="end">
          <Button variant="default" onClick={onAnother}>
            {say('another')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
