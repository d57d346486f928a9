import { useTexts } from '@cardea/client-ui';
import { Button, Code, CopyButton, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import { CheckIcon, CopyIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { accountTexts } from './texts.ts';

/** Recovery codes, shown this once. */
export function RecoveryCodeList({
  codes,
  onKept,
}: {
  readonly codes: readonly string[];
  readonly onKept: () => void;
}): ReactNode {
  const say = useTexts(accountTexts);
  return (
    <Stack>
      <Text size="sm">{say('recoveryWhy')}</Text>
      <SimpleGrid cols={2} spacing="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {codes.map((code) => (
          <li key={code}>
            <Code fz="sm">{code}</Code>
          </li>
        ))}
      </SimpleGrid>
      <Group justify="space-between">
        <CopyButton value={codes.join('\n')}>
          {({ copied, copy }) => (
            <Button
              variant="default"
              onClick={copy}
              leftSection={copied ? <CheckIcon aria-hidden /> : <CopyIcon aria-hidden />}
            >
              {say(copied ? 'copied' : 'copy')}
            </Button>
          )}
        </CopyButton>
        <Button onClick={onKept}>{say('kept')}</Button>
      </Group>
    </Stack>
  );
}
