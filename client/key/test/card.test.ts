import { nodeKeyAgreement, nodePrimitives, seededRandom } from '@cardea/kit-node';
import type { ContactlessCard } from '@cardea/kit-radio';
import { CARD_AID, CLA, decodeResponse, EXCHANGE_P1, encodeCommand, INS, STATUS } from '@cardea/wire-access';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCard, type DoorKey, type PhoneKey } from '../src/index.ts';
import { scene } from './door.ts';

const hands = {
  primitives: nodePrimitives,
  random: seededRandom('chip'),
  generate: nodeKeyAgreement.generate,
  agree: nodeKeyAgreement.agree,
};
const noKey: PhoneKey = { publicKey: new Uint8Array(65), sign: async () => undefined };

function chip(keys: readonly DoorKey[] = []): ContactlessCard {
  return createCard({ hands, key: noKey, keys });
}

const SELECT = encodeCommand({ cla: 0, ins: INS.select, p1: 4, p2: 0, data: CARD_AID, le: 256 });
const status = async (card: ContactlessCard, command: Uint8Array) => decodeResponse(await card.respond(command)).status;
const exchange = (p1: keyof typeof EXCHANGE_P1, p2: number, data: Uint8Array) =>
  encodeCommand({ cla: CLA.proprietary, ins: INS.exchange, p1: EXCHANGE_P1[p1], p2, data, le: 256 });
/** EXCHANGE begin: unlock, for this lock. */
const begin = (identifier: string) => exchange('begin', 1, Uint8Array.from(Buffer.from(identifier, 'hex')));

describe('a card', () => {
  it('answers every command, whatever it is, with a response of its own and nothing that tells one card from another', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(fc.constant(SELECT), fc.uint8Array({ maxLength: 261 })), { maxLength: 6 }),
        async (commands) => {
          const [one, other] = [chip(), chip()];
          for (const command of commands) {
            const answer = await one.respond(command);
            expect(answer.length).toBeGreaterThanOrEqual(2);
            expect(answer).toEqual(await other.respond(command));
          }
        },
      ),
    );
  });

  it('gives nothing for a lock that it has no key of, and nothing before it was selected', async () => {
    const { key, identifier } = await scene();
    const card = chip([key]);
    expect(await status(card, begin(identifier))).toBe(STATUS.notNow);
    expect(await status(card, SELECT)).toBe(STATUS.done);
    expect(await status(card, begin('000000000001'))).toBe(STATUS.noKey);
    const hello = decodeResponse(await card.respond(begin(identifier)));
    expect([hello.status, hello.data[0], hello.data.length]).toEqual([STATUS.done, 0x20, 33]);
  });

  it('forgets everything when the field is gone', async () => {
    const { key, identifier } = await scene();
    const card = chip([key]);
    await card.respond(SELECT);
    card.left();
    expect(await status(card, begin(identifier))).toBe(STATUS.notNow);
  });

  it('believes no reader that has not the key of its lock', async () => {
    const { key, identifier } = await scene();
    const seen: string[] = [];
    const card = createCard({
      hands,
      key: noKey,
      keys: [key],
      onPresented: (presented) => seen.push(presented.kind === 'refused' ? presented.reason : presented.kind),
    });
    await card.respond(SELECT);
    await card.respond(begin(identifier));
    const forged = Uint8Array.of(0x21, ...seededRandom('forged').octets(113));
    expect(await status(card, exchange('message', 0, forged))).toBe(STATUS.notProved);
    expect(seen).toEqual(['other_lock']);
  });
});
