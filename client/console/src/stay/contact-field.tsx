import { useTexts } from '@cardea/client-ui';
import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { stayTexts } from './texts.ts';

/** The address by which a guest signs in on the phone; it may be left empty. */
export function ContactField({
  value,
  onChange,
  error,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly error: string | undefined;
}): ReactNode {
  const say = useTexts(stayTexts);
  return (
    <TextInput
      label={say('contact')}
      description={say('contactWhy')}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      autoComplete="off"
      maxLength={254}
    />
  );
}
