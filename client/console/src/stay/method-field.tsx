import { useTexts } from '@cardea/client-ui';
import type { AccessMethod } from '@cardea/wire-api';
import { Checkbox, Group } from '@mantine/core';
import type { ReactNode } from 'react';
import { stayTexts } from './texts.ts';

const METHODS: readonly AccessMethod[] = ['mobile_key', 'pin', 'card'];

/** By what a guest opens: any of the three. */
export function MethodField({
  value,
  onChange,
  error,
}: {
  readonly value: readonly AccessMethod[];
  readonly onChange: (value: readonly AccessMethod[]) => void;
  readonly error: string | undefined;
}): ReactNode {
  const say = useTexts(stayTexts);
  return (
    <Checkbox.Group
      label={say('how')}
      value={[...value]}
      onChange={(chosen) => onChange(METHODS.filter((one) => chosen.includes(one)))}
      error={error}
    >
      <Group gap="lg" mt={4}>
        {METHODS.map((one) => (
          <Checkbox key={one} value={one} label={say(one)} />
        ))}
      </Group>
    </Checkbox.Group>
  );
}
