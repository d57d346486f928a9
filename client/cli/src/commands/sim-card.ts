import { resolve } from 'node:path';
import { createCard, type Presented } from '@cardea/client-key';
import { nodeKeyAgreement, nodePrimitives, systemRandom } from '@cardea/kit-node';
import type { Command } from 'commander';
import type { Context, Register } from '../context.ts';
import { CliError, EXIT } from '../errors.ts';
import { example } from '../help.ts';
import { hubFileOf, onAir } from '../hub.ts';
import { describeOpening, openingDocument } from '../phone/opening.ts';
import { readPhone } from '../phone/phone-folder.ts';
import { lockIdentifier } from '../resolve.ts';

/** A card is held to a reader no longer than this. */
const HOLD_MS = 5_000;

/** `cardea sim card DOOR FOLDER`: somebody holds a card to the reader of a virtual lock. The server has no part in it. */
export function simCardCommand(sim: Command, register: Register): void {
  register<[string, string, { hub?: string }]>(
    example(
      sim
        .command('card')
        .argument('<door>', 'name or id of a door that the card has a key for, or identifier of a lock')
        .argument('<folder>', 'of the card, as `cardea phone new --card` made it')
        .option('--hub <file>', 'hub.json of the simulated air (beside the profile unless told)')
        .description('hold a card to the reader of a virtual lock'),
      'sim card 101 card-12',
    ),
    hold,
  );
}

async function hold(context: Context, door: string, folder: string, options: { hub?: string }): Promise<number> {
  const own = readPhone(resolve(context.io.cwd, folder));
  const { keys } = await own.open();
  const identifier =
    keys.find((key) => key.doorName === door || key.doorId === door)?.identifier ?? lockIdentifier(door);
  if (identifier === undefined) {
    throw new CliError('refused', `the card has no key for ${JSON.stringify(door)}`, {
      remedy: `load it: cardea phone keys --phone ${folder}; or name the lock by its identifier`,
    });
  }
  let tell: (presented: Presented) => void = () => {};
  const over = new Promise<Presented>((done) => {
    tell = done;
  });
  const card = createCard({
    key: own.key,
    keys,
    hands: {
      primitives: nodePrimitives,
      random: systemRandom,
      generate: nodeKeyAgreement.generate,
      agree: nodeKeyAgreement.agree,
    },
    onPresented: tell,
  });
  const presented = await onAir(hubFileOf(context, options.hub), 'card', async (air) => {
    const takeAway = await air.present(identifier, card);
    const late = AbortSignal.any([AbortSignal.timeout(HOLD_MS), context.io.interrupted]);
    const given = await Promise.race([
      over,
      new Promise<undefined>((done) => late.addEventListener('abort', () => done(undefined))),
    ]);
    takeAway();
    return given;
  });
  if (presented === undefined) {
    throw new CliError('failed', `the reader of ${identifier} did not ask for a key`, {
      remedy: 'does its lock have a reader, and the card a key for it?',
    });
  }
  context.print({ ...openingDocument(door, 'unlock', presented), carried: 0 }, () =>
    describeOpening(door, 'unlock', presented, context.io.colors).replace('by phone', 'by card'),
  );
  return presented.kind === 'answered' && presented.receipt.result === 'done' ? EXIT.succeeded : EXIT.failed;
}
