import { useTexts } from '@cardea/client-ui';
import { Box, Collapse, Group, Text, Title, UnstyledButton } from '@mantine/core';
import { CheckIcon, ChevronDownIcon, ChevronUpIcon } from '@radix-ui/react-icons';
import { type ReactNode, useId } from 'react';
import { setupTexts } from './texts.ts';

/** One step of the guide: what it is, how far it is, and once it is opened, the work itself. */
export function Step({
  number,
  title,
  status,
  done,
  opened,
  onToggle,
  children,
}: {
  /** From 1. */
  readonly number: number;
  readonly title: string;
  /** What is there, or what the step is for. */
  readonly status: ReactNode;
  readonly done: boolean;
  readonly opened: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}): ReactNode {
  const say = useTexts(setupTexts);
  const id = useId();
  const Chevron = opened ? ChevronUpIcon : ChevronDownIcon;
  return (
    <li className="setup-step" data-done={done}>
      <Title order={2}>
        <UnstyledButton w="100%" px="md" py="sm" aria-expanded={opened} aria-controls={id} onClick={onToggle}>
          <Group component="span" wrap="nowrap" gap="md">
            <span className="setup-number" aria-hidden>
              {done ? <CheckIcon /> : number}
            </span>
            <Box component="span" flex={1} miw={0} display="block">
              <Text span inherit>
                {title}
              </Text>
              <Text span size="sm" c="dimmed" display="block">
                {status}
              </Text>
            </Box>
            <Text span size="xs" c="dimmed" className="setup-state">
              {say(done ? 'done' : 'open')}
            </Text>
            <Chevron aria-hidden />
          </Group>
        </UnstyledButton>
      </Title>
      <Collapse expanded={opened} id={id}>
        <Box px="md" pb="md" className="setup-body">
          {/* What is closed is not there: nothing of it asks the server. */}
          {opened && children}
        </Box>
      </Collapse>
    </li>
  );
}
