import { say } from '@cardea/client-ui';
import { Alert, Button, Stack, Text } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { partTexts } from './texts.ts';

interface Props {
  /** A change of it, such as of the page's address, tries again. */
  readonly at: string;
  readonly children: ReactNode;
}

/** Keeps a mistake in one page from taking the console with it. */
export class ErrorBoundary extends Component<Props, { readonly failed: Error | undefined }> {
  override state: { readonly failed: Error | undefined } = { failed: undefined };

  static getDerivedStateFromError(failed: Error): { readonly failed: Error } {
    return { failed };
  }

  override componentDidUpdate(before: Props): void {
    if (before.at !== this.props.at && this.state.failed !== undefined) this.setState({ failed: undefined });
  }

  override render(): ReactNode {
    const { failed } = this.state;
    if (failed === undefined) return this.props.children;
    return (
      <Alert color="red" title={say(partTexts, 'crashed')} role="alert">
        <Stack gap="xs" align="start">
          <Text size="sm">{say(partTexts, 'crashedWhy')}</Text>
          <Text size="xs" c="dimmed">
            {failed.message}
          </Text>
          <Button size="xs" variant="default" onClick={() => this.setState({ failed: undefined })}>
            {say(partTexts, 'retry')}
          </Button>
        </Stack>
      </Alert>
    );
  }
}
