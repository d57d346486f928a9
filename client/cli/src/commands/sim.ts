import { type SimFaultName, simFaultNames, simFaults } from '@cardea/wire-api';
import type { Command } from 'commander';
import type { Context, Register } from '../context.ts';
import { usage } from '../errors.ts';
import { example } from '../help.ts';
import { plain } from '../output/table.ts';
import { findDoor, findGateway, lockIdentifier } from '../resolve.ts';

/** A value of each fault that help shows. */
const EXAMPLES: Readonly<Record<SimFaultName, string>> = {
  jam: '101 on',
  battery: '101 2',
  range: '101 out',
  clock: '101 +125',
  door: '101 open',
  press: '101 button',
  tamper: '101 on',
  delay: '101 12',
  gateway: '"Gateway 1" off',
};

/** `cardea sim FAULT DOOR VALUE`: faults and presses at virtual locks, on demo estates only. */
export function simCommands(program: Command, register: Register): void {
  const sim = program
    .command('sim')
    .description('on demo estates: make a fault at a virtual lock, or press its button');
  for (const fault of simFaultNames) {
    const at = fault === 'gateway' ? 'gateway' : 'door';
    register<[string, string]>(
      example(
        sim
          .command(fault)
          .argument(`<${at}>`, at === 'door' ? 'name or id of a door, or identifier of a lock' : 'name or id')
          .argument('<value>', simFaults[fault].values)
          // A value may begin with a minus sign, as in `clock 101 -90`.
          .allowUnknownOption()
          .description(`${fault}: ${simFaults[fault].values}`),
        `sim ${fault} ${EXAMPLES[fault]}`,
      ),
      (context, given, value) => apply(context, fault, given, value),
    );
  }
}

async function apply(context: Context, fault: SimFaultName, given: string, value: string): Promise<undefined> {
  if (!new RegExp(simFaults[fault].pattern).test(value)) {
    throw usage(`VALUE is ${JSON.stringify(value)}`, `${fault} takes ${simFaults[fault].values}`);
  }
  const api = context.api();
  const identifier = fault === 'gateway' ? undefined : lockIdentifier(given);
  const target =
    fault === 'gateway'
      ? { gateway_id: (await findGateway(api, given)).id }
      : identifier === undefined
        ? { door_id: (await findDoor(api, given)).id }
        : { identifier };
  await api.sim(fault, { ...target, value });
  context.print({ fault, ...target, value }, () => `${plain(given)}: ${fault} ${value}\n`);
  return undefined;
}
