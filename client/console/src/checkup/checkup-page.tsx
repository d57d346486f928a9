import './checkup.css';
import { useTexts } from '@cardea/client-ui';
import type { Finding } from '@cardea/wire-api';
import { Button, Text } from '@mantine/core';
import { UpdateIcon } from '@radix-ui/react-icons';
import type { ReactNode } from 'react';
import { pageTexts } from '../page-texts.ts';
import { Page, Panel } from '../parts/page.tsx';
import { Loaded } from '../parts/states.tsx';
import { When } from '../parts/when.tsx';
import { FindingCard } from './finding-card.tsx';
import { checkupTexts } from './texts.ts';
import { useCheckup } from './use-checkup.ts';

const LEVELS = ['warning', 'advice', 'ok'] as const satisfies readonly Finding['level'][];

/** How safely the organization is set up: findings by what they ask for. */
export function CheckupPage(): ReactNode {
  const say = useTexts(checkupTexts);
  const sayPage = useTexts(pageTexts);
  const check = useCheckup();
  return (
    <Page
      title={sayPage('checkup')}
      lead={say('lead')}
      actions={
        <Button
          variant="default"
          leftSection={<UpdateIcon aria-hidden />}
          loading={check.isFetching}
          onClick={() => void check.refetch()}
        >
          {say('again')}
        </Button>
      }
    >
      <Loaded query={check}>
        {({ checked_at: at, findings }) => (
          <>
            <Text size="sm" c="dimmed" mb="sm">
              {say('checked')}: <When at={at} distance />
            </Text>
            {LEVELS.map((level) => (
              <Level key={level} level={level} findings={findings.filter((one) => one.level === level)} />
            ))}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Level({ level, findings }: { readonly level: Finding['level']; readonly findings: readonly Finding[] }) {
  const say = useTexts(checkupTexts);
  if (findings.length === 0 && level !== 'warning') return null;
  return (
    <Panel title={say(level)}>
      {findings.length === 0 ? (
        <Text size="sm">{say('noneWarning')}</Text>
      ) : (
        <ul className="findings">
          {findings.map((finding) => (
            <FindingCard key={finding.id} finding={finding} />
          ))}
        </ul>
      )}
    </Panel>
  );
}
