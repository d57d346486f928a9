import { TextInput, type TextInputProps } from '@mantine/core';
import type { ReactNode } from 'react';

/** A code that was sent, or that an authenticator shows. */
export function CodeField({
  onChange,
  ...field
}: Omit<TextInputProps, 'value' | 'onChange'> & {
  readonly value: string;
  readonly onChange: (code: string) => void;
}): ReactNode {
  return (
    <TextInput
      inputMode="numeric"
      autoComplete="one-time-code"
      required
      withAsterisk={false}
      {...field}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}
