import type { Command } from 'commander';
import { all } from '../all.ts';
import type { Register } from '../context.ts';
import { example } from '../help.ts';
import { fields, plain, table } from '../output/table.ts';
import { ago } from '../output/time.ts';
import { findGateway, findProperty } from '../resolve.ts';

/** `cardea gateway list|show|add|remove`. */
export function gatewayCommands(program: Command, register: Register): Command {
  const gateway = program.command('gateway').description('gateways: the radio between server and locks');
  register(
    example(gateway.command('list').description('list gateways with their presence'), 'gateway list'),
    async (context) => {
      const items = await all(context.api().gateways.list());
      context.print({ items }, () =>
        table(
          ['NAME', 'STATE', 'PRESENCE', 'QUEUE', 'ID'],
          items.map((one) => [plain(one.name), one.state, presence(one), String(one.queue_length ?? ''), one.id]),
        ),
      );
    },
  );
  register<[string]>(
    example(
      gateway.command('show').argument('<gateway>', 'name or id').description('show a gateway'),
      'gateway show "Gateway 1"',
    ),
    async (context, given) => {
      const one = await findGateway(context.api(), given);
      context.print(one, () =>
        fields([
          ['gateway', plain(one.name)],
          ['state', one.state],
          ['presence', presence(one)],
          ['queue', one.queue_length === null ? 'unknown' : String(one.queue_length)],
          ['property', one.property_id],
          ['id', one.id],
        ]),
      );
    },
  );
  register<[string, { property?: string }]>(
    example(
      gateway
        .command('add')
        .argument('<name>', 'what it is called')
        .option('--property <property>', 'name or id; not needed when there is only one')
        .description('add a gateway and show its enrolment token (once; it works once, for an hour)'),
      'gateway add "Gateway 2"',
    ),
    async (context, name, options) => {
      const api = context.api();
      const property = await findProperty(api, options.property);
      const added = await api.gateways.add({ property_id: property.id, name });
      context.print(
        added,
        () =>
          `added gateway ${plain(added.gateway.name)} (${added.gateway.id})\n` +
          `enrolment token, shown this once: ${added.enrolment_token}\n`,
      );
    },
  );
  register<[string]>(
    example(
      gateway
        .command('remove')
        .argument('<gateway>', 'name or id')
        .description('withdraw a gateway; its session ends at once'),
      'gateway remove "Gateway 2"',
    ),
    async (context, given) => {
      const one = await findGateway(context.api(), given);
      await context.api().gateways.remove(one.id);
      context.print(one, () => `withdrew gateway ${plain(one.name)}\n`);
    },
  );
  return gateway;
}

const presence = (one: { online: boolean; last_seen_at: string | null }): string =>
  one.online ? 'online' : `offline, last seen ${ago(one.last_seen_at, Date.now())}`;
