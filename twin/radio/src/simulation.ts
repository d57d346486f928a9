import { AirError } from '@cardea/wire-air';
import type { Guest, SimulationCommand } from './guest.ts';
import type { Medium } from './medium.ts';

const DELAY_LIMIT_S = 600;

/** Who carries out simulation commands: the air itself, a process that serves the lock, or the lock in this process. */
export interface SimulationRoute {
  readonly medium: Medium;
  guests(): Iterable<Guest>;
  /** Commands for locks of this process; false when it has no such lock. @throws Error with the reason */
  local(command: SimulationCommand): Promise<boolean>;
}

/**
 * Carries out one simulation command: `range` in|out, `delay` SECONDS (0 to 600), `loss` PERCENT are faults of the air;
 * everything else goes to the lock. @throws AirError `refused`
 */
export async function simulate(route: SimulationRoute, command: SimulationCommand): Promise<void> {
  const { fault, identifier, value } = command;
  const known = route.medium.peripherals().some(({ name }) => name === identifier);
  if (!known) throw new AirError('refused', `no virtual lock ${identifier} is on this air`);
  switch (fault) {
    case 'range':
      if (value !== 'in' && value !== 'out') throw new AirError('refused', 'range: must be in or out');
      route.medium.setFaults(identifier, { range: value });
      return;
    case 'delay':
      route.medium.setFaults(identifier, { delayMs: 1_000 * numberOf('delay', value, DELAY_LIMIT_S, 'seconds') });
      return;
    case 'loss':
      route.medium.setFaults(identifier, { loss: numberOf('loss', value, 100, 'percent') / 100 });
      return;
    default: {
      if (await route.local(command)) return;
      for (const guest of route.guests()) if (guest.serves(identifier)) return guest.control(command);
      throw new AirError('refused', `the lock ${identifier} takes no simulation commands`);
    }
  }
}

function numberOf(fault: string, value: string, limit: number, unit: string): number {
  const found = /^\d{1,4}(\.\d{1,3})?$/.test(value) ? Number(value) : Number.NaN;
  if (!(found <= limit)) throw new AirError('refused', `${fault}: must be from 0 to ${limit} ${unit}`);
  return found;
}
