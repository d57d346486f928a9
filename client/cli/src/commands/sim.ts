import type { Client } from '@cardea/client-sdk';
import { type SimFaultName, simFaultNames, simFaults } from '@cardea/wire-api';
import type { Command } from 'commander';
import { all } from '../all.ts';
import type { Context, Register } from '../context.ts';
import { CliError, usage } from '../errors.ts';
import { example } from '../help.ts';
import { hubFileOf, onAir } from '../hub.ts';
import { plain } from '../output/table.ts';
import { findDoor, findLock, lockIdentifier } from '../resolve.ts';
import { simCardCommand } from './sim-card.ts';
import { simLabelCommand } from './sim-label.ts';
import { simOutboxCommand } from './sim-outbox.ts';

/** A value of each fault that help shows. */
const EXAMPLES: Readonly<Record<SimFaultName, string>> = {
  jam: '101 on',
  battery: '101 2',
  range: '101 out',
  clock: '101 +125',
  door: '101 open',
  press: '101 button',
  pin: '101 4711471147',
  tamper: '101 on',
  delay: '101 12',
  gateway: '"Gateway 1" off',
};

interface SimOptions {
  readonly hub?: string;
}

/** `cardea sim FAULT DOOR VALUE`: faults and presses at virtual locks, on demo estates only. */
export function simCommands(program: Command, register: Register): void {
  const sim = program
    .command('sim')
    .description('on demo estates: make a fault at a virtual lock, or press its button');
  for (const fault of simFaultNames) {
    const at = fault === 'gateway' ? 'gateway' : 'door';
    register<[string, string, SimOptions]>(
      example(
        sim
          .command(fault)
          .argument(
            `<${at}>`,
            at === 'door' ? 'name or id of a door, or identifier of a lock' : 'name or id, or a door that it reaches',
          )
          .argument('<value>', simFaults[fault].values)
          .option('--hub <file>', 'go to the air itself, past the server; the door by the identifier of its lock')
          // A value may begin with a minus sign, as in `clock 101 -90`.
          .allowUnknownOption()
          .description(`${fault}: ${simFaults[fault].values}`),
        `sim ${fault} ${EXAMPLES[fault]}`,
      ),
      (context, given, value, { hub }) => apply(context, fault, given, value, hub),
    );
  }
  simCardCommand(sim, register);
  simLabelCommand(sim, register);
  simOutboxCommand(sim, register);
}

async function apply(
  context: Context,
  fault: SimFaultName,
  given: string,
  value: string,
  hub: string | undefined,
): Promise<undefined> {
  if (!new RegExp(simFaults[fault].pattern).test(value)) {
    throw usage(`VALUE is ${JSON.stringify(value)}`, `${fault} takes ${simFaults[fault].values}`);
  }
  if (hub !== undefined) {
    await applyOnAir(context, fault, given, value, hub);
    return undefined;
  }
  const api = context.api();
  const target = fault === 'gateway' ? { gateway_id: await gatewayOf(api, given) } : await lockOf(api, given);
  await api.sim(fault, { ...target, value });
  context.print({ fault, ...target, value }, () => `${plain(given)}: ${fault} ${value}\n`);
  return undefined;
}

/** The server may be gone: nobody is there who knows which lock is at which door. */
async function applyOnAir(
  context: Context,
  fault: SimFaultName,
  given: string,
  value: string,
  hub: string,
): Promise<void> {
  const identifier = lockIdentifier(given);
  if (identifier === undefined || fault === 'gateway') {
    throw usage(`DOOR is ${JSON.stringify(given)}`, 'with --hub it must be the identifier of a lock');
  }
  await onAir(hubFileOf(context, hub), 'cardea sim', (air) => air.control(fault, identifier, value));
  context.print({ fault, identifier, value }, () => `${identifier}: ${fault} ${value}\n`);
}

async function lockOf(api: Client, given: string): Promise<{ door_id: string } | { identifier: string }> {
  const identifier = lockIdentifier(given);
  return identifier === undefined ? { door_id: (await findDoor(api, given)).id } : { identifier };
}

/** A gateway by its own name or id, or the one by which a door's lock is reached. */
async function gatewayOf(api: Client, given: string): Promise<string> {
  const gateways = await all(api.gateways.list());
  const named = gateways.find((one) => one.name === given || one.id === given);
  if (named !== undefined) return named.id;
  const lock = await findLock(api, given);
  if (lock.gateway_id !== null) return lock.gateway_id;
  // While it is off no gateway reaches the lock: where there is only one, there is no doubt which one is meant.
  const inUse = gateways.filter((one) => one.state === 'enrolled');
  const [only] = inUse;
  if (only !== undefined && inUse.length === 1) return only.id;
  throw new CliError('refused', `no gateway reaches ${plain(given)} now`, {
    field: 'GATEWAY',
    remedy: 'name the gateway itself',
  });
}
