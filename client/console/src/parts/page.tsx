import { useTexts } from '@cardea/client-ui';
import { Box, Group, Text, Title } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import { appTexts } from '../texts.ts';

/** A page: its one h1, what can be done on it, and its content. The window's title is the heading's. */
export function Page({
  title,
  lead,
  actions,
  children,
}: {
  readonly title: string;
  /** One sentence below the heading. */
  readonly lead?: ReactNode;
  /** Buttons beside the heading. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const say = useTexts(appTexts);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · ${say('short')}`;
  }, [title, say]);
  // A new page begins at its heading, for whoever hears it; a dialog or field that took the focus keeps it.
  useEffect(() => {
    if (document.activeElement === document.body || document.activeElement?.closest('nav')) heading.current?.focus();
  }, []);
  return (
    <Box maw="84rem" mx="auto">
      <Group justify="space-between" align="start" gap="sm" mb="md">
        <div>
          <Title order={1} tabIndex={-1} ref={heading}>
            {title}
          </Title>
          {lead !== undefined && (
            <Text c="dimmed" size="sm" mt={2} maw="48rem">
              {lead}
            </Text>
          )}
        </div>
        {actions !== undefined && <Group gap="xs">{actions}</Group>}
      </Group>
      {children}
    </Box>
  );
}

/** A framed part of a page. With a `title` it is a section of that name. */
export function Panel({
  title,
  actions,
  padded = true,
  children,
}: {
  readonly title?: string;
  readonly actions?: ReactNode;
  /** Without padding, for a table that goes to the frame. */
  readonly padded?: boolean;
  readonly children: ReactNode;
}): ReactNode {
  return (
    <Box
      component="section"
      aria-label={title}
      bg="var(--cardea-surface)"
      bd="1px solid var(--cardea-line)"
      bdrs="md"
      mb="md"
    >
      {(title !== undefined || actions !== undefined) && (
        <Group justify="space-between" px="md" pt="sm" pb={padded ? 0 : 'xs'} gap="xs">
          {title !== undefined && <Title order={2}>{title}</Title>}
          {actions}
        </Group>
      )}
      <Box p={padded ? 'md' : 0}>{children}</Box>
    </Box>
  );
}
