import { useTexts } from '@cardea/client-ui';
import { PasswordInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { accountTexts } from './texts.ts';

/** The server takes no shorter password. */
export const MIN_PASSWORD_CHARACTERS = 12;

/** A field for a password that is to be set: says how many characters are missing. */
export function NewPasswordField({
  value,
  onChange,
  error,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
}): ReactNode {
  const say = useTexts(accountTexts);
  const missing = MIN_PASSWORD_CHARACTERS - value.length;
  return (
    <PasswordInput
      label={say('newPassword')}
      description={value !== '' && missing > 0 ? say('tooShort', { count: missing }) : say('newPasswordHint')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      autoComplete="new-password"
      minLength={MIN_PASSWORD_CHARACTERS}
      maxLength={200}
      required
      withAsterisk={false}
    />
  );
}

/** A field for the password that is good now. */
export function CurrentPasswordField({
  value,
  onChange,
  error,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error?: string | undefined;
}): ReactNode {
  const say = useTexts(accountTexts);
  return (
    <PasswordInput
      label={say('currentPassword')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      autoComplete="current-password"
      required
      withAsterisk={false}
    />
  );
}
