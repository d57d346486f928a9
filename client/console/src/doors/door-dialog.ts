import type { Client } from '@cardea/client-sdk';
import { useApi } from '@cardea/client-ui';
import type { Attempt } from '@cardea/wire-api';
import { type Act, useAct } from '../parts/act.ts';
import type { Command } from './use-command.ts';

/** What every dialog that begins a command at a door is handed. */
export interface DoorDialog {
  readonly doorId: string;
  readonly command: Command;
  readonly onClose: () => void;
}

/**
 * Begins the command of a dialog and closes it once the server has taken it. What the server refuses stands in the
 * dialog, at `field` where the server names that one.
 */
export function useBeginning(
  { command, onClose }: DoorDialog,
  field: string,
  ask: (api: Client, signal: AbortSignal) => Promise<Attempt>,
): Act<void> {
  const api = useApi();
  return useAct({
    inline: true,
    fields: [field],
    work: () => command.begin((signal) => ask(api, signal)),
    after: onClose,
  });
}
