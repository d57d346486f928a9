import type { DoorOperation } from '@cardea/client-sdk';
import { useApi, useTexts } from '@cardea/client-ui';
import { Button, Menu } from '@mantine/core';
import { ChevronDownIcon } from '@radix-ui/react-icons';
import { type ReactNode, useState } from 'react';
import { notifyProblem } from '../parts/act.ts';
import { useScopes } from '../session/session.tsx';
import { doorPageTexts } from './door-page-texts.ts';
import { ModeDialog } from './mode-dialog.tsx';
import { OverrideDialog } from './override-dialog.tsx';
import type { Command } from './use-command.ts';

const BUTTONS = [
  ['unlock', 'unlock'],
  ['lock', 'lockIt'],
  ['status', 'status'],
] as const satisfies readonly (readonly [DoorOperation, string])[];

/** What can be asked of a door. */
export function Actions({ doorId, command }: { readonly doorId: string; readonly command: Command }): ReactNode {
  const api = useApi();
  const say = useTexts(doorPageTexts);
  const holds = useScopes();
  const [dialog, setDialog] = useState<'override' | 'mode'>();
  const close = () => setDialog(undefined);
  const ask = (operation: DoorOperation) =>
    command.begin((signal) => api.doors.start(doorId, operation, { signal })).catch(notifyProblem);
  return (
    <>
      {BUTTONS.filter(([operation]) => holds(operation === 'status' ? 'locks:read' : 'locks:operate')).map(
        ([operation, text]) => (
          <Button
            key={operation}
            variant={operation === 'unlock' ? 'filled' : 'default'}
            disabled={command.busy}
            onClick={() => void ask(operation)}
          >
            {say(text)}
          </Button>
        ),
      )}
      {holds('locks:manage') && (
        <Menu position="bottom-end" width={220}>
          <Menu.Target>
            <Button variant="default" disabled={command.busy} rightSection={<ChevronDownIcon aria-hidden />}>
              {say('moreActions')}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => setDialog('mode')}>{say('changeMode')}</Menu.Item>
            <Menu.Item color="red" onClick={() => setDialog('override')}>
              {say('override')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {dialog === 'override' && <OverrideDialog doorId={doorId} command={command} onClose={close} />}
      {dialog === 'mode' && <ModeDialog doorId={doorId} command={command} onClose={close} />}
    </>
  );
}
