import { Button, Group, Stack } from '@mantine/core';
import type { ReactNode } from 'react';
import type { Act } from './act.ts';
import { ProblemNote } from './problem-note.tsx';

/**
 * A form with its one button. What the server refused is said above the button, unless it stands at a field (`act.wrong`).
 * A form that `check`s itself says at its fields what is missing; without it the browser looks at `required` and the like.
 */
export function Form({
  act,
  action,
  ready = true,
  check,
  grave = false,
  wide = false,
  aside,
  children,
}: {
  /** What is done, once at a time: an `Act` with `inline`, or the same in the hands of whoever asked. */
  readonly act: Pick<Act<void>, 'busy' | 'error'> & { readonly run: () => unknown };
  /** On the button: the verb itself, not "OK". */
  readonly action: string;
  /** Whether there is enough to do it with; until then the button cannot be pressed. */
  readonly ready?: boolean;
  /** Asked when the button is pressed: whether to go on. */
  readonly check?: () => boolean;
  /** Takes something away. */
  readonly grave?: boolean;
  /** The button as wide as the form, in a narrow card. */
  readonly wide?: boolean;
  /** Other buttons beside it. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const button = (
    <Button type="submit" disabled={!ready} loading={act.busy} {...(grave && { color: 'red.9' })}>
      {action}
    </Button>
  );
  return (
    <form
      noValidate={check !== undefined}
      onSubmit={(event) => {
        event.preventDefault();
        // A dialog's form lies within another's in React's tree: it is not the other's to send.
        event.stopPropagation();
        if (ready && !act.busy && (check === undefined || check())) void act.run();
      }}
    >
      <Stack gap="md">
        {children}
        <ProblemNote error={act.error} />
        {wide ? (
          button
        ) : (
          <Group justify="end" gap="xs">
            {aside}
            {button}
          </Group>
        )}
      </Stack>
    </form>
  );
}
