import { problemWords, requestIdOf, useTexts } from '@cardea/client-ui';
import { Alert, Button, Group, Loader, Stack, Text, Title } from '@mantine/core';
import { ExclamationTriangleIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { partTexts } from './texts.ts';

/** Something is being loaded. */
export function Loading(): ReactNode {
  const say = useTexts(partTexts);
  return (
    <Group justify="center" p="xl" gap="sm" role="status">
      <Loader size="sm" aria-hidden />
      <Text c="dimmed">{say('loading')}</Text>
    </Group>
  );
}

/** There is nothing here yet: says so, why that may be, and what to do about it. */
export function Empty({
  title,
  children,
  action,
}: {
  readonly title: string;
  readonly children?: ReactNode;
  readonly action?: ReactNode;
}): ReactNode {
  return (
    <Stack align="center" gap="xs" px="md" py={48} ta="center">
      <Title order={2} size="h3">
        {title}
      </Title>
      {children !== undefined && (
        <Text c="dimmed" maw="32rem">
          {children}
        </Text>
      )}
      {action !== undefined && <Group mt="xs">{action}</Group>}
    </Stack>
  );
}

/** Something could not be loaded: says why, for people, with the server's number for it, and offers to try again. */
export function Failed({ error, retry }: { readonly error: unknown; readonly retry?: () => void }): ReactNode {
  const say = useTexts(partTexts);
  const id = requestIdOf(error);
  return (
    <Alert color="red" icon={<ExclamationTriangleIcon />} title={say('failed')} role="alert" my="md">
      <Stack gap="xs" align="start">
        <Text size="sm">{problemWords(error)}</Text>
        {id !== undefined && (
          <Text size="xs" c="dimmed">
            {say('reference', { id })}
          </Text>
        )}
        {retry !== undefined && (
          <Button size="xs" variant="default" onClick={retry}>
            {say('retry')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** What a query of TanStack says of itself, as far as it matters here. */
interface Asked<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
}

/** Shows what a query answered once it is there; until then that it is loading, or why it is not there. */
export function Loaded<T>({
  query,
  children,
}: {
  readonly query: Asked<T>;
  readonly children: (data: T) => ReactNode;
}): ReactNode {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Loading />;
}
