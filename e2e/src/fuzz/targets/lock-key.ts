import { nodePrimitives as primitives } from '@cardea/kit-node';
import { toHex } from '@cardea/kit-octets';
import { encodeResponse, orderKey, sealChange, sealOrder, tableKey } from '@cardea/wire-access';
import { CardBench } from '../../../../wire/lock/test/card-bench.ts';
import { boundLock, type DeviceBench, poweredLock } from '../../../../wire/lock/test/device-bench.ts';
import { bundleOf, grantFor, newPhone, Tap } from '../../../../wire/lock/test/phone-bench.ts';
import { must, type Target } from '../target.ts';

/** How a message reaches the lock: by channel, or as the response of a card. */
const WAYS = [3, 1, 'card'] as const;
const STATES = ['idle', 'greeted', 'card asked', 'card greeted'] as const;

/** A lock at a moment, to go on from again and again. */
type Moment = Pick<DeviceBench, 'state' | 'durable' | 'who' | 'unixMs' | 'monotonicMs'>;

const momentOf = ({ state, durable, who, unixMs, monotonicMs }: DeviceBench): Moment => ({
  ...{ state, durable, who, unixMs, monotonicMs },
});

/**
 * What phones, cards and gateways bring to a bound lock beside commands: keys, orders, changes of access, responses of a card.
 * The first octet says in which state the lock is and by which way the rest comes.
 */
export async function lockKeyTarget(): Promise<Target> {
  const { lock, bindingKey } = boundLock();
  const idle = momentOf(lock);
  const phone = newPhone();
  const bundle = bundleOf(bindingKey, grantFor(phone));

  const tap = new Tap(lock, phone, bundle);
  tap.carry();
  const greeted = momentOf(lock);
  const [hello, presentation] = tap.said;

  const card = new CardBench(phone.privateKey, [bundle]);
  const reader = poweredLock(idle.durable, idle.who);
  Object.assign(reader, idle);
  reader.input({ kind: 'card-presented' });
  const asked = momentOf(reader);
  const responses: Uint8Array[] = [];
  let cardGreeted = asked;
  for (let seen = 0; ; ) {
    const commands = reader.effects.filter((effect) => effect.kind === 'card-command');
    const command = commands[seen++];
    const response = command && card.command(command.octets);
    if (response === undefined) break;
    responses.push(response);
    // The presentation is the card's last word before the bolt moves.
    if (seen === commands.length) cardGreeted = momentOf(reader);
    reader.input({ kind: 'card-answered', octets: response });
    if (reader.state.acting !== undefined) break;
  }

  const order = { orderNo: 3, series: [{ series: 1, generation: 2 }], denied: [] };
  const moments = [idle, greeted, asked, cardGreeted];
  const genuine = new Set([presentation, responses.at(-1)].filter((each) => each !== undefined).map(toHex));
  const seed = (state: number, way: number, octets: Uint8Array = new Uint8Array(0)): Uint8Array =>
    Uint8Array.from([state | (way << 2), ...octets]);
  return {
    name: 'lock-key',
    covers: [
      'wire/lock/src/device/',
      'wire/lock/src/key-receipt',
      'wire/access/src/exchange/',
      'wire/access/src/card/',
    ],
    seeds: [
      seed(0, 0, hello),
      seed(1, 0, presentation),
      seed(0, 0, sealOrder(primitives, orderKey(primitives, bindingKey), order)),
      seed(0, 1, sealOrder(primitives, orderKey(primitives, bindingKey), order)),
      seed(0, 1, sealChange(primitives, tableKey(primitives, bindingKey), { kind: 'keypad-reopened' })),
      ...responses.map((response, at) => seed(at === 0 ? 2 : 3, 2, response)),
      seed(2, 2, encodeResponse({ data: new Uint8Array(0), status: 0x6105 })),
    ],
    maxOctets: 600,
    run(input) {
      const first = input[0] ?? 0;
      const moment = moments[first % STATES.length];
      const way = WAYS[(first >> 2) % WAYS.length];
      if (moment === undefined || way === undefined) return;
      const bench = poweredLock(moment.durable, moment.who);
      Object.assign(bench, moment);
      const octets = input.slice(1);
      const before = bench.effects.length;
      if (way === 'card') bench.input({ kind: 'card-answered', octets });
      else bench.message(octets, 7, way);
      const moved = bench.effects.slice(before).some(({ kind }) => kind === 'act');
      must(!moved || genuine.has(toHex(octets)), 'a bolt moves for what its phone or card has signed alone');
      must(bench.state.exchanges.length <= 3, 'exchanges are bounded');
    },
  };
}
