import { TextInput, type TextInputProps } from '@mantine/core';
import type { ReactNode } from 'react';

/** The longest name that the server takes, characters. */
const MAX_NAME = 100;

/** What something or somebody is called. The browser does not offer names that were typed elsewhere. */
export function NameField({
  onChange,
  ...field
}: Omit<TextInputProps, 'value' | 'onChange' | 'maxLength'> & {
  readonly value: string;
  readonly onChange: (name: string) => void;
}): ReactNode {
  return (
    <TextInput
      autoComplete="off"
      {...field}
      maxLength={MAX_NAME}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
