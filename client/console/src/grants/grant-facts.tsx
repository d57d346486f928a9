import { useTexts } from '@cardea/client-ui';
import type { Grant } from '@cardea/wire-api';
import type { ReactNode } from 'react';
import { type Fact, Facts } from '../parts/facts.tsx';
import { PersonName } from '../parts/names.tsx';
import { StateBadge } from '../parts/state-badge.tsx';
import { When } from '../parts/when.tsx';
import { minutesWords } from '../schedules/notices.tsx';
import { ScheduleName } from '../schedules/schedule-name.tsx';
import { GRANT_TONES } from './keys.ts';
import { ScopeName } from './scope-name.tsx';
import { grantTexts } from './texts.ts';

/** All that a grant says, in words. */
export function GrantFacts({ grant }: { readonly grant: Grant }): ReactNode {
  const say = useTexts(grantTexts);
  const { geofence, second_person: secondPerson, first_use: firstUse } = grant.conditions;
  const conditions = [
    geofence && say('geofence'),
    secondPerson && say('second_person'),
    firstUse !== null && `${say('first_use')}: ${minutesWords(Math.round(firstUse.valid_for_s / 60))}`,
  ].filter((words) => words !== false);
  const facts: readonly (Fact | false)[] = [
    { name: say('state'), value: <StateBadge tone={GRANT_TONES[grant.state]}>{say(grant.state)}</StateBadge> },
    { name: say('person'), value: <PersonName id={grant.person_id} /> },
    { name: say('doors'), value: <ScopeName scope={grant.scope} propertyId={grant.property_id} /> },
    {
      name: say('window'),
      value: (
        <>
          <When at={grant.not_before} seconds /> –{' '}
          {grant.not_after === null ? say('untilRevoked') : <When at={grant.not_after} seconds />}
        </>
      ),
    },
    {
      name: say('schedule'),
      value:
        grant.schedule_id === null ? (
          say('noSchedule')
        ) : (
          <ScheduleName id={grant.schedule_id} propertyId={grant.property_id} />
        ),
    },
    {
      name: say('how'),
      value: grant.methods.length === 0 ? say('fromAfar') : grant.methods.map((one) => say(one)).join(', '),
    },
    { name: say('operations'), value: grant.operations.map((one) => say(one)).join(', ') },
    { name: say('conditions'), value: conditions.length === 0 ? say('noConditions') : conditions.join('; ') },
    {
      name: say('usesLeft'),
      value: grant.uses === null ? say('anyNumber') : say('uses', { used: grant.used, uses: grant.uses }),
    },
    grant.first_used_at !== null && { name: say('firstUsed'), value: <When at={grant.first_used_at} /> },
    grant.revoked_at !== null && { name: say('revokedAt'), value: <When at={grant.revoked_at} seconds /> },
    { name: say('givenBy'), value: <PersonName id={grant.created_by} /> },
    { name: say('givenAt'), value: <When at={grant.created_at} /> },
    grant.stay_id !== null && { name: say('origin'), value: say('ofStay') },
  ];
  return <Facts facts={facts.filter((fact) => fact !== false)} />;
}
