import type { Statistics } from '@cardea/wire-api';
import type { Command } from 'commander';
import type { Register } from '../context.ts';
import { usage } from '../errors.ts';
import { example } from '../help.ts';
import { localTime, momentText } from '../moment.ts';
import { plain, table } from '../output/table.ts';
import { findProperty } from '../resolve.ts';

interface Options {
  readonly property?: string;
  readonly from?: string;
  readonly to?: string;
  readonly by: string;
}

/** `cardea statistics`. */
export function statisticsCommand(program: Command, register: Register): void {
  register<[Options]>(
    example(
      program
        .command('statistics')
        .description('what the doors of a property are used for, what is refused, how long commands take, batteries')
        .option('--property <property>', 'name or id; the only one when left out')
        .option('--from <time>', 'from when on; a week before the end when left out')
        .option('--to <time>', 'until when; now when left out')
        .option('--by <bucket>', 'day (at most 400) or hour (at most 31 days)', 'day'),
      'statistics --from 2026-10-01 --to 2026-11-01',
    ),
    async (context, { property: named, from, to, by }) => {
      if (by !== 'day' && by !== 'hour') throw usage(`--by is ${JSON.stringify(by)}`, 'write day or hour');
      const api = context.api();
      const property = await findProperty(api, named);
      const at = (option: string, given: string): string => momentText(option, given, property.time_zone, Date.now());
      const counted = await api.statistics({
        property_id: property.id,
        bucket: by,
        ...(from !== undefined && { from: at('--from', from) }),
        ...(to !== undefined && { to: at('--to', to) }),
      });
      context.print(counted, () => shown(counted));
    },
  );
}

function shown(counted: Statistics): string {
  const zone = counted.time_zone;
  const at = (text: string): string => localTime(zone, text).slice(0, counted.bucket === 'day' ? 10 : 16);
  const ms = (value: number | null): string => (value === null ? '-' : `${(value / 1000).toFixed(1)} s`);
  const reasons = (rows: readonly { readonly reason: string; readonly count: number }[]): string =>
    rows.length === 0 ? 'none' : rows.map(({ reason, count }) => `${plain(reason)} ${count}`).join(', ');
  return [
    `${localTime(zone, counted.from)} to ${localTime(zone, counted.to)}, ${zone}\n\n`,
    table(
      [counted.bucket.toUpperCase(), 'REMOTE', 'KEY', 'CARD', 'PIN', 'MODE', 'INSIDE', 'DENIED', 'COMMANDS', 'P95'],
      counted.buckets.map(({ start, openings, denials, commands }) => [
        at(start),
        ...[openings.remote, openings.key, openings.card, openings.pin, openings.mode, openings.inside].map(String),
        String(denials),
        String(commands.total),
        ms(commands.p95_ms),
      ]),
    ),
    `\ndenied: ${reasons(counted.denials)}\n\n`,
    counted.commands.length === 0
      ? 'no commands\n'
      : table(
          ['COMMAND', 'ASKED', 'SUCCEEDED', 'FAILED', 'EXPIRED', 'P50', 'P95'],
          counted.commands.map((one) => [
            plain(one.operation),
            ...[one.total, one.succeeded, one.failed, one.expired].map(String),
            ms(one.p50_ms),
            ms(one.p95_ms),
          ]),
        ),
    `failed or expired: ${reasons(counted.command_failures)}\n\n`,
    counted.batteries.length === 0
      ? 'no battery was proved\n'
      : table(
          ['DOOR', 'BATTERY', 'PROVED'],
          counted.batteries
            .slice(0, BATTERIES_SHOWN)
            .map((one) => [plain(one.door_name), `${one.percent} %`, localTime(zone, one.proved_at)]),
        ),
  ].join('');
}

/** The lowest; `--json` has all. */
const BATTERIES_SHOWN = 20;
