import type { Alert } from '@cardea/wire-api';
import type { Command } from 'commander';
import { all } from '../all.ts';
import type { Register } from '../context.ts';
import { example } from '../help.ts';
import { fields, plain, table } from '../output/table.ts';
import { doorNames, knownById } from '../resolve.ts';

/** What each rule says, in words for an operator. */
const MEANING: Readonly<Record<Alert['rule'], string>> = {
  denied_burst: 'one person asked again and again for what is not theirs',
  refused_at_lock: 'a lock refused again and again',
  sign_in_burst: "somebody guesses at one person's password",
  sign_in_stuffing: 'passwords are tried over many accounts',
  forged_messages: 'messages in the name of a lock do not verify: replayed, altered or forged',
  clock_jump: "a lock's clock jumped",
  gateway_flapping: 'a gateway comes and goes',
  event_gap: 'events of a lock are missing',
  event_chain: 'what a lock has signed of its events does not fit the record, or does not come',
  key_trouble: "a lock's key or reset count does not fit the record",
  tamper: 'a lock was tampered with, or its door forced',
  unasked_open: 'a lock opened by a command that the record knows nothing of',
  override_used: 'somebody opened, or tried to, in spite of privacy or a lockdown',
};

/** `cardea alert list|show|acknowledge`. */
export function alertCommands(program: Command, register: Register): Command {
  const alert = program.command('alert').description('alerts: what the monitor of the record has found');
  register<[{ all?: boolean }]>(
    example(
      alert
        .command('list')
        .option('--all', 'also those that have been acknowledged')
        .description('list open alerts, oldest first'),
      'alert list',
    ),
    async (context, options) => {
      const api = context.api();
      const items = await all(api.alerts.list(options.all === true ? {} : { state: 'open' }));
      const doors = context.json || items.length === 0 ? new Map<string, string>() : await doorNames(api);
      context.print({ items }, () =>
        items.length === 0
          ? 'no open alerts\n'
          : table(
              ['LAST', 'COUNT', 'RULE', 'DOOR', 'ABOUT', 'STATE', 'ID'],
              items.map((one) => [
                one.last_at,
                String(one.count),
                one.rule,
                one.door_id === null ? '-' : (doors.get(one.door_id) ?? one.door_id),
                plain(one.subject_id),
                one.state,
                one.id,
              ]),
            ),
      );
    },
  );
  register<[string]>(
    example(
      alert.command('show').argument('<alert>', 'its id').description('show an alert with the events that it rests on'),
      'alert show alr_0190a5b2-7c1e-7000-8000-000000000000',
    ),
    async (context, id) => {
      const one = await knownById('alert', id, () => context.api().alerts.get(id));
      context.print(one, () => shown(one));
    },
  );
  register<[string]>(
    example(
      alert
        .command('acknowledge')
        .argument('<alert>', 'its id')
        .description('say that an alert has been seen to; what comes after it becomes a new one'),
      'alert acknowledge alr_0190a5b2-7c1e-7000-8000-000000000000',
    ),
    async (context, id) => {
      const one = await knownById('alert', id, () => context.api().alerts.acknowledge(id));
      context.print(one, () => `acknowledged ${one.rule}, ${one.id}\n`);
    },
  );
  return alert;
}

function shown(alert: Alert): string {
  return fields([
    ['alert', alert.id],
    ['rule', alert.rule],
    ['meaning', MEANING[alert.rule]],
    ['about', plain(alert.subject_id)],
    ['state', alert.state],
    ['events', String(alert.count)],
    ['from', alert.first_at],
    ['to', alert.last_at],
    ['acknowledged', alert.acknowledged_at === null ? '-' : `${alert.acknowledged_at} by ${alert.acknowledged_by}`],
    ['evidence', alert.evidence.join('\n')],
  ]);
}
