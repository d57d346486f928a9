import { formatMoment, useApi, useTexts } from '@cardea/client-ui';
import type { Explanation, GrantOperation } from '@cardea/wire-api';
import { Group, NativeSelect, Text } from '@mantine/core';
import { CheckIcon, Cross2Icon, MinusIcon } from '@radix-ui/react-icons';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { MomentField, momentOf } from '../parts/moment-field.tsx';
import { Panel } from '../parts/page.tsx';
import { PageLink } from '../parts/page-link.tsx';
import { PersonField } from '../parts/person-field.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { Loaded } from '../parts/states.tsx';
import { useZone } from '../shell/property.tsx';
import { accessTexts } from './access-texts.ts';

const OPERATIONS = ['unlock', 'lock', 'override'] as const satisfies readonly GrantOperation[];

/** Whether and why a person can open a door at a time: each rule in words, from afar and at the door itself. */
export function Explain({
  doorId,
  personId,
  onPerson,
}: {
  readonly doorId: string;
  readonly personId: string | null;
  readonly onPerson: (id: string | null) => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(accessTexts);
  const zone = useZone();
  const [local, setLocal] = useState('');
  const [operation, setOperation] = useState<GrantOperation>('unlock');
  const answer = useRef<HTMLDivElement>(null);
  const moment = local === '' ? undefined : momentOf(local, zone);
  const unknown = local !== '' && moment === undefined;
  const at = moment === undefined ? undefined : new Date(moment).toISOString();
  const explanation = useQuery({
    queryKey: ['explain', doorId, personId, at ?? 'now', operation],
    queryFn: ({ signal }) =>
      api.explain(doorId, { person: personId ?? '', operation, ...(at !== undefined && { at }) }, { signal }),
    enabled: personId !== null && !unknown,
    staleTime: 0,
  });
  useEffect(() => {
    if (personId !== null) answer.current?.scrollIntoView({ block: 'nearest' });
  }, [personId]);
  return (
    <Panel title={say('explain')}>
      <div className="explain-question">
        <PersonField label={say('explainWho')} value={personId} onChange={onPerson} nothingFound={say('nobody')} />
        <MomentField
          label={say('explainWhen')}
          description={say('explainWhenHint', { zone })}
          value={local}
          onChange={setLocal}
          error={unknown ? say('noSuchTime') : undefined}
        />
        <NativeSelect
          label={say('explainWhat')}
          value={operation}
          onChange={(event) => {
            const chosen = event.currentTarget.value;
            setOperation(OPERATIONS.find((one) => one === chosen) ?? 'unlock');
          }}
          data={OPERATIONS.map((value) => ({ value, label: say(value) }))}
        />
      </div>
      <div ref={answer} aria-live="polite">
        {personId === null || unknown ? (
          <Text c="dimmed" mt="sm">
            {say('choose')}
          </Text>
        ) : (
          <Loaded query={explanation}>{(explained) => <Ways explained={explained} />}</Loaded>
        )}
      </div>
    </Panel>
  );
}

function Ways({ explained }: { readonly explained: Explanation }): ReactNode {
  const say = useTexts(accessTexts);
  const zone = useZone();
  const { from_afar: afar, at_the_door: atDoor } = explained;
  const until = atDoor.opens_until;
  return (
    <div className="explain-ways">
      <OneWay title={say('afar')} way={afar} />
      <OneWay title={say('atDoor')} way={atDoor}>
        {until !== null && (
          <Text size="sm" mt="xs">
            {say('opensUntil', { at: formatMoment(until, zone) })}
          </Text>
        )}
      </OneWay>
    </div>
  );
}

type Way = Explanation['from_afar'];

function OneWay({
  title,
  way: { permitted, opens, by, grant_id: grantId, rules },
  children,
}: {
  readonly title: string;
  readonly way: Way;
  readonly children?: ReactNode;
}): ReactNode {
  const say = useTexts(accessTexts);
  return (
    <section aria-label={title}>
      <Group gap="xs">
        <Text fw={600} size="sm">
          {title}
        </Text>
        <StateBadge tone={opens ? 'good' : permitted ? 'warn' : 'bad'}>
          {say(opens ? 'opens' : permitted ? 'permittedOnly' : 'opensNot')}
        </StateBadge>
        {by === 'role' && (
          <Text size="sm" c="dimmed">
            {say('byRole')}
          </Text>
        )}
        {by === 'grant' && grantId !== null && (
          <PageLink to={`/grants/${grantId}`} size="sm">
            {say('byGrant')}
          </PageLink>
        )}
      </Group>
      {children}
      <ul className="rules">
        {rules.map(({ rule, passed, detail }) => (
          <li key={rule} data-passed={passed}>
            <Passed passed={passed} />
            <b>{say(`rule_${rule}`)}</b>
            {/* In the server's own words, which are English. */}
            <span lang="en">{detail}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Passed({ passed }: { readonly passed: boolean | null }): ReactNode {
  const say = useTexts(accessTexts);
  const words = say(passed === null ? 'notAsked' : passed ? 'passed' : 'stopped');
  const Icon = passed === null ? MinusIcon : passed ? CheckIcon : Cross2Icon;
  return <Icon role="img" aria-label={words} />;
}
