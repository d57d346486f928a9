import { useTexts } from '@cardea/client-ui';
import { Box, Center, Group, Stack, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { Preferences } from '../shell/preferences.tsx';
import { appTexts } from '../texts.ts';

/** The frame of what is shown before the console itself: one card in the middle. */
export function Card({
  title,
  lead,
  children,
}: {
  readonly title: string;
  readonly lead?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const say = useTexts(appTexts);
  useEffect(() => {
    document.title = `${title} · ${say('short')}`;
  }, [title, say]);
  return (
    <Stack mih="100dvh" gap={0}>
      <Group component="header" justify="space-between" px="md" h={52}>
        <Text fw={650} fz="lg" lts="-0.01em">
          {say('short')}
        </Text>
        <Preferences />
      </Group>
      <Center component="main" flex={1} p="md" pb={104}>
        <Box w="100%" maw="24rem" p="xl" bg="var(--cardea-surface)" bd="1px solid var(--cardea-line)" bdrs="lg">
          <Title order={1} mb={lead === undefined ? 'lg' : 4}>
            {title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" size="sm" mb="lg">
              {lead}
            </Text>
          )}
          {children}
        </Box>
      </Center>
    </Stack>
  );
}
