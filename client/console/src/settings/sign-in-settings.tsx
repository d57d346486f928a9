import { useApi, useTexts } from '@cardea/client-ui';
import type { SignInPolicy } from '@cardea/wire-api';
import { Radio, Stack } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { useAct } from '../parts/act.ts';
import { Form } from '../parts/form.tsx';
import { Panel } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { settingTexts } from './texts.ts';

const POLICY_KEY = ['sign-in-policy'] as const;

/** What the organization asks of whoever signs in, and who may make an account. */
export function SignInSettings(): ReactNode {
  const api = useApi();
  const say = useTexts(settingTexts);
  const policy = useQuery({ queryKey: POLICY_KEY, queryFn: ({ signal }) => api.signInPolicy.get({ signal }) });
  return (
    <Panel title={say('signIn')}>
      <Loaded query={policy}>{(now) => <PolicyForm policy={now} />}</Loaded>
    </Panel>
  );
}

function PolicyForm({ policy }: { readonly policy: SignInPolicy }): ReactNode {
  const api = useApi();
  const say = useTexts(settingTexts);
  const [secondFactor, setSecondFactor] = useState(policy.second_factor);
  const [registration, setRegistration] = useState(policy.registration);
  const changed = secondFactor !== policy.second_factor || registration !== policy.registration;
  const act = useAct({
    inline: true,
    stale: [POLICY_KEY],
    work: () => api.signInPolicy.change({ second_factor: secondFactor, registration }),
    done: say('saved'),
  });
  return (
    <Form act={act} action={say('save')} ready={changed}>
      <Radio.Group
        label={say('secondFactor')}
        value={secondFactor}
        onChange={(chosen) => setSecondFactor(chosen === 'optional' ? 'optional' : 'required')}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="required" label={say('required')} description={say('requiredWhy')} />
          <Radio value="optional" label={say('optional')} description={say('optionalWhy')} />
        </Stack>
      </Radio.Group>
      <Radio.Group
        label={say('registration')}
        value={registration}
        onChange={(chosen) => setRegistration(chosen === 'open' ? 'open' : 'invited')}
      >
        <Stack gap="xs" mt="xs">
          <Radio value="invited" label={say('invited')} description={say('invitedWhy')} />
          <Radio value="open" label={say('open')} description={say('openWhy')} />
        </Stack>
      </Radio.Group>
    </Form>
  );
}
