import { useTexts } from '@cardea/client-ui';
import type { LockMode } from '@cardea/wire-api';
import { Radio, Stack } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../parts/dialog.tsx';
import { Form } from '../parts/form.tsx';
import { MomentField, momentOf } from '../parts/moment-field.tsx';
import { useZone } from '../shell/property.tsx';
import { type DoorDialog, useBeginning } from './door-dialog.ts';
import { doorPageTexts } from './door-page-texts.ts';

const MODES = ['normal', 'passage', 'lockdown'] as const satisfies readonly LockMode[];

/** Chooses how a lock treats those who come, and begins to tell it. */
export function ModeDialog(dialog: DoorDialog): ReactNode {
  const { doorId, onClose } = dialog;
  const say = useTexts(doorPageTexts);
  const zone = useZone();
  const [mode, setMode] = useState<LockMode>('normal');
  const [until, setUntil] = useState('');
  const end = mode === 'normal' ? undefined : momentOf(until, zone);
  const wrong = mode === 'normal' || until === '' || end !== undefined ? undefined : say('noSuchTime');
  const past = end !== undefined && end <= Date.now() ? say('past') : undefined;
  const set = useBeginning(dialog, 'until', (api, signal) =>
    api.doors.setMode(doorId, mode, end === undefined ? null : new Date(end).toISOString(), { signal }),
  );
  return (
    <Dialog title={say('modeTitle')} onClose={onClose}>
      <Form act={set} action={say('setMode')} ready={wrong === undefined && past === undefined}>
        <Radio.Group
          aria-label={say('mode')}
          value={mode}
          onChange={(value) => setMode(MODES.find((one) => one === value) ?? 'normal')}
        >
          <Stack gap="xs">
            {MODES.map((one, at) => (
              <Radio
                key={one}
                value={one}
                label={say(one)}
                description={say(`${one}What`)}
                {...(at === 0 && { 'data-autofocus': true })}
              />
            ))}
          </Stack>
        </Radio.Group>
        {mode !== 'normal' && (
          <MomentField
            label={say('until')}
            description={say('untilHint', { zone })}
            value={until}
            onChange={setUntil}
            error={wrong ?? past ?? set.wrong('until')}
          />
        )}
      </Form>
    </Dialog>
  );
}
