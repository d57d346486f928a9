import { momentsOf } from '@cardea/client-ui';
import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

/** A day and a time of day as the clocks of the property show them, `2026-03-29T14:05`; empty while there is none. */
export function MomentField({
  label,
  description,
  value,
  onChange,
  error,
}: {
  readonly label: string;
  readonly description?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
}): ReactNode {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      description={description}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
    />
  );
}

/** The moment (Unix ms) of what a {@link MomentField} holds: the first where the clocks show it twice; undefined where never. */
export function momentOf(local: string, zone: string): number | undefined {
  return momentsOf(local, zone)[0];
}
