import { ApiProblem } from '@cardea/client-sdk';
import { useApi, useTexts } from '@cardea/client-ui';
import { Button, Stack, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { ProblemNote } from '../parts/problem-note.tsx';
import { ShownPin } from '../parts/shown-pin.tsx';
import { GRANTS_KEY, methodsKey } from './keys.ts';
import { grantTexts } from './texts.ts';

/** Makes a PIN for the doors of a grant, and shows it this once. */
export function GrantPinMaker({
  grantId,
  again = false,
}: {
  readonly grantId: string;
  readonly again?: boolean;
}): ReactNode {
  const api = useApi();
  const say = useTexts(grantTexts);
  const [pin, setPin] = useState<string>();
  const make = useAct<void, string>({
    inline: true,
    stale: [methodsKey(grantId), GRANTS_KEY],
    work: async () => {
      const made = await api.pins.make(grantId, { kind: 'online' });
      if (made.pin === null) throw new ApiProblem('malformed_answer', 'The server made a PIN and did not tell it.');
      return made.pin;
    },
    after: setPin,
  });
  return (
    <Stack gap="xs" align="start">
      {pin !== undefined && (
        <div role="status">
          <ShownPin label={say('pinIs')} pin={pin} />
          <Text size="xs" c="dimmed">
            {say('pinOnce')}
          </Text>
        </div>
      )}
      <ProblemNote error={make.error} />
      {pin === undefined && (
        <Button variant="default" loading={make.busy} onClick={() => void make.run()}>
          {say(again ? 'newPin' : 'makePin')}
        </Button>
      )}
    </Stack>
  );
}
