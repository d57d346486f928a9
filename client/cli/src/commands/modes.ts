import type { Client } from '@cardea/client-sdk';
import { type DoorMode, isOver, type LockdownStarted, type LockMode } from '@cardea/wire-api';
import type { Command } from 'commander';
import { all } from '../all.ts';
import { exitCodeOf, followAttempt } from '../attempt.ts';
import type { Context, Register } from '../context.ts';
import { EXIT, usage } from '../errors.ts';
import { example } from '../help.ts';
import { localTime, momentText } from '../moment.ts';
import { describeOutcome } from '../outcome.ts';
import { progressLine } from '../output/progress-line.ts';
import { plain, table } from '../output/table.ts';
import { doorNames, findDoor, findProperty } from '../resolve.ts';
import { progress } from './operate.ts';

const MODES: readonly LockMode[] = ['normal', 'passage', 'lockdown'];

/** `cardea mode`, `cardea lockdown`, `cardea override`: how locks treat those who come. */
export function modeCommands(program: Command, register: Register): void {
  register<[string, string, { until?: string }]>(
    example(
      program
        .command('mode')
        .argument('<door>', 'name or id')
        .argument('<mode>', `one of ${MODES.join(', ')}`)
        .option(
          '--until <time>',
          'when the lock ends it by its own clock, in the zone of the property; +2h is from now',
        )
        .description("set a lock's mode and wait for its receipt; passage stays unlocked, lockdown opens for nobody"),
      'mode Lobby passage --until "2026-05-01 18:00"',
    ),
    async (context, given, word, { until }) => {
      const mode = MODES.find((one) => one === word);
      if (mode === undefined) throw usage(`MODE is ${JSON.stringify(word)}`, `it must be one of ${MODES.join(', ')}`);
      const api = context.api();
      const door = await findDoor(api, given);
      const { time_zone: zone } = await api.properties.get(door.property_id);
      const ends = until === undefined ? undefined : momentText('--until', until, zone, Date.now());
      const started = await api.doors.setMode(door.id, mode, ends);
      const attempt = await followAttempt(context, api, started, progress);
      context.print(attempt, () => describeOutcome(attempt, door.name, context.io.colors));
      return exitCodeOf(attempt);
    },
  );
  register<[string, { property?: string; until?: string }]>(
    example(
      program
        .command('lockdown')
        .argument('<on|off>', 'begin or end it')
        .option('--property <property>', 'name or id; not needed when there is only one')
        .option(
          '--until <time>',
          'when the locks end it by their own clocks, in the zone of the property; +2h is from now',
        )
        .description('lock every door of a property down, and tell of each once its lock has confirmed it'),
      'lockdown on',
      'lockdown off',
    ),
    async (context, word, { property: given, until }) => {
      if (word !== 'on' && word !== 'off') throw usage(`lockdown ${JSON.stringify(word)}`, 'say on or off');
      const api = context.api();
      const property = await findProperty(api, given);
      const { time_zone: zone } = property;
      const begun = await api.lockdown(property.id, {
        on: word === 'on',
        ...(until !== undefined && { until: momentText('--until', until, zone, Date.now()) }),
      });
      const doors = await untilAllOver(context, api, property.id, begun);
      const names = context.json ? new Map<string, string>() : await doorNames(api);
      context.print({ items: doors }, () => lockdownText(doors, names, zone));
      const wanted = word === 'on' ? 'lockdown' : 'normal';
      const missing = doors.some(({ has_lock: locked, mode }) => locked && mode !== wanted);
      return missing ? EXIT.failed : EXIT.succeeded;
    },
  );
  register<[string, { reason: string }]>(
    example(
      program
        .command('override')
        .argument('<door>', 'name or id')
        .requiredOption('--reason <text>', 'on record for good, with who asked')
        .description('open although privacy or a lockdown is on; an alert is raised'),
      'override 101 --reason "smoke in the room"',
    ),
    async (context, given, { reason }) => {
      const api = context.api();
      const door = await findDoor(api, given);
      const attempt = await followAttempt(context, api, await api.doors.override(door.id, reason), progress);
      context.print(attempt, () => describeOutcome(attempt, door.name, context.io.colors));
      return exitCodeOf(attempt);
    },
  );
}

/** Follows what was begun at each door; answers the doors with their modes then. */
async function untilAllOver(
  context: Context,
  api: Client,
  propertyId: string,
  { doors }: LockdownStarted,
): Promise<readonly DoorMode[]> {
  const line = progressLine(context.io);
  const open = doors.flatMap(({ attempt }) => (attempt === null ? [] : [attempt]));
  try {
    for (const [at, started] of open.entries()) {
      let attempt = started;
      while (!isOver(attempt)) {
        line.show(`${at} of ${open.length} doors have answered ...`);
        attempt = await api.attempts.get(attempt.id, 20, { signal: context.io.interrupted });
      }
    }
  } finally {
    line.clear();
  }
  return all(api.modes(propertyId));
}

function lockdownText(doors: readonly DoorMode[], names: ReadonlyMap<string, string>, zone: string): string {
  return table(
    ['DOOR', 'MODE', 'CONFIRMED', 'LAST ATTEMPT'],
    doors.map(({ door_id: id, has_lock: locked, mode, confirmed_at: at, asked }) => [
      names.get(id) ?? id,
      locked ? (mode ?? 'unknown') : 'no lock',
      at === null ? '' : localTime(zone, at),
      asked === null ? '' : plain(`${asked.mode} ${asked.attempt.state} ${asked.attempt.reason ?? ''}`.trim()),
    ]),
  );
}
