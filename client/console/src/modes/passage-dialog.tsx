import { useApi, useTexts } from '@cardea/client-ui';
import type { Property } from '@cardea/wire-api';
import { MultiSelect, Text } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useDoors } from '../estate/use-estate.ts';
import { notifyProblem, useAct } from '../parts/act.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { fromLocal } from '../parts/local-moment.ts';
import { MomentField } from '../parts/moment-field.tsx';
import { MODES_KEY } from './modes-of.ts';
import { modesTexts } from './texts.ts';

/** Asks the locks of some doors to stay open until a time. What they answer is shown in the table behind. */
export function PassageDialog({
  property,
  onClose,
}: {
  readonly property: Property;
  readonly onClose: () => void;
}): ReactNode {
  const api = useApi();
  const say = useTexts(modesTexts);
  const doors = (useDoors(property.id).data ?? []).filter(({ lock_id: lock }) => lock !== null);
  const [doorIds, setDoorIds] = useState<readonly string[]>([]);
  const [until, setUntil] = useState('');
  const end = fromLocal(until, property.time_zone, 'until');
  const wrong =
    until === '' || end !== undefined
      ? end !== undefined && Date.parse(end) <= Date.now()
        ? say('past')
        : undefined
      : say('noSuchTime');
  const act = useAct<void, readonly PromiseSettledResult<unknown>[]>({
    inline: true,
    stale: [MODES_KEY],
    work: async () => {
      const asked = await Promise.allSettled(doorIds.map((id) => api.doors.setMode(id, 'passage', end ?? null)));
      const [first] = asked;
      // With none of them begun it is the form that says why.
      if (first?.status === 'rejected' && asked.every(({ status }) => status === 'rejected')) throw first.reason;
      return asked;
    },
    after: (asked) => {
      const refused = asked.filter(({ status }) => status === 'rejected').length;
      if (refused > 0) notifyProblem(new Error(say('partly', { count: refused })));
      onClose();
    },
  });
  return (
    <Dialog title={say('passage')} onClose={onClose}>
      <Form act={act} action={say('start')} ready={doorIds.length > 0 && wrong === undefined}>
        <Text size="sm" c="dimmed">
          {say('passageWhat')}
        </Text>
        <MultiSelect
          label={say('doors')}
          placeholder={doorIds.length === 0 ? say('chooseDoors') : ''}
          data={doors.map(({ id, name }) => ({ value: id, label: name }))}
          value={[...doorIds]}
          onChange={setDoorIds}
          comboboxProps={{ withinPortal: false }}
          limit={100}
          maxValues={50}
          searchable
          hidePickedOptions
          data-autofocus
        />
        <MomentField
          label={say('until')}
          description={say('untilWhy', { zone: property.time_zone })}
          value={until}
          onChange={setUntil}
          error={wrong}
        />
      </Form>
    </Dialog>
  );
}
