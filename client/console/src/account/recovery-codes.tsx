import { useTexts } from '@cardea/client-ui';
import { Button, Code, Group, SimpleGrid, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { CopyButton } from '../parts/copy-button.tsx';
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
    <Stack className="printed-alone">
      <Text size="sm">{say('recoveryWhy')}</Text>
      <SimpleGrid cols={2} spacing="xs" component="ul" p={0} m={0} style={{ listStyle: 'none' }}>
        {codes.map((code) => (
          <li key={code}>
            <Code fz="sm">{code}</Code>
          </li>
        ))}
      </SimpleGrid>
      <Group justify="space-between">
        <Group gap="xs" className="not-printed">
          <CopyButton text={codes.join('\n')} />
          <Button variant="default" onClick={() => window.print()}>
            {say('print')}
          </Button>
        </Group>
        <Button className="not-printed" onClick={onKept}>
          {say('kept')}
        </Button>
      </Group>
    </Stack>
  );
}
