import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeMessage } from '../src/index.ts';
import { Pair } from './pair.ts';

const command = (pair: Pair): Uint8Array =>
  pair.heard.findLast(({ octets }) => decodeMessage(octets).kind === 'command')!.octets;

describe('a hostile gateway', () => {
  it('1 replays each message of a life after each delay, on the same lock and a rebooted one: nothing moves', () => {
    const pair = new Pair().bind();
    for (const operation of ['unlock', 'lock', 'unlock', 'status'] as const) {
      pair.operate(operation);
      pair.run();
    }
    pair.pass(1_000);
    const recorded = pair.heard.map(({ octets }) => octets);
    for (const delayMs of [0, 1, 500, 5_000, 9_999, 10_001, 60_000, 3_600_000]) {
      for (const rebooted of [false, true]) {
        pair.pass(delayMs);
        if (rebooted) pair.powerUp();
        const { moves } = pair;
        for (const octets of recorded) pair.hand(octets);
        pair.toRas = [];
        expect(pair.moves, `${delayMs} ms, rebooted ${rebooted}`).toBe(moves);
      }
    }
  });

  it('29 a repetition of the last command answers its cached receipt and executes nothing', () => {
    const pair = new Pair().bind();
    pair.operate('unlock');
    pair.run();
    const receipt = pair.heard.findLast(({ octets }) => decodeMessage(octets).kind === 'receipt')!.octets;
    pair.hand(command(pair));
    expect(pair.toRas[0]).toEqual(receipt);
    expect(pair.moves).toBe(1);
  });

  it.each([9_999, 10_000, 10_001, 30_000])(
    '29 a command held back for %i ms acts within its time or never',
    (heldMs) => {
      const pair = new Pair(1).bind();
      const attempt = pair.operate('unlock');
      pair.hand(pair.toLock.shift()!); // the HELLO
      pair.ras({ kind: 'message', channel: 1, octets: pair.toRas.shift()! });
      const held = pair.toLock.shift()!;
      expect(decodeMessage(held).kind).toBe('command');
      pair.pass(heldMs);
      pair.hand(held);
      pair.run();
      expect(pair.moves).toBe(heldMs <= 10_000 ? 1 : 0);
      if (heldMs > 10_000) expect(pair.outcomeOf(attempt)).toMatchObject({ kind: 'failed', reason: 'late' });
    },
  );

  it('the time to live counts from the challenge: 2 s are 2 s though the challenge lives for 10', () => {
    for (const [heldMs, moves] of [
      [2_000, 1],
      [2_001, 0],
    ] as const) {
      const pair = new Pair(1).bind();
      pair.operate('unlock', { timeToLiveS: 2 });
      pair.hand(pair.toLock.shift()!);
      pair.ras({ kind: 'message', channel: 1, octets: pair.toRas.shift()! });
      const held = pair.toLock.shift()!;
      pair.pass(heldMs);
      pair.hand(held);
      expect(pair.moves).toBe(moves);
    }
  });

  it('20 chooses no order: a newer challenge makes the older command worthless', () => {
    const pair = new Pair().bind();
    pair.operate('unlock');
    pair.hand(pair.toLock.shift()!);
    pair.ras({ kind: 'message', channel: 1, octets: pair.toRas.shift()! });
    const first = pair.toLock.shift()!;
    pair.ras({ kind: 'abandon', attempt: 'att_1' });
    pair.ras({ kind: 'abandon', attempt: 'att_2' });
    pair.operate('lock');
    pair.run();
    const { moves } = pair;
    pair.hand(first);
    expect(pair.moves).toBe(moves);
  });

  it('10 reflects: a message back to its sender does nothing at either end', () => {
    const pair = new Pair().bind();
    pair.operate('unlock');
    pair.run();
    const { moves } = pair;
    const outcomes = pair.outcomes.length;
    for (const { direction, octets } of [...pair.heard]) {
      if (direction === 'to-lock') pair.ras({ kind: 'message', channel: 1, octets });
      else pair.hand(octets);
    }
    pair.toRas = [];
    expect(pair.moves).toBe(moves);
    expect(pair.outcomes.length).toBe(outcomes);
  });

  it('2, 3 each flipped bit of a live command moves nothing, and of a live receipt proves nothing', () => {
    const pair = new Pair().bind();
    const attempt = pair.operate('unlock');
    pair.hand(pair.toLock.shift()!);
    pair.ras({ kind: 'message', channel: 1, octets: pair.toRas.shift()! });
    const live = pair.toLock.shift()!;
    for (let bit = 0; bit < 8 * live.length; bit++) {
      pair.hand(live.map((octet, i) => (i === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet)));
    }
    expect(pair.moves).toBe(0);
    pair.toRas = [];
    pair.hand(live);
    expect(pair.moves).toBe(1);
    const receipt = pair.toRas.find((octets) => decodeMessage(octets).kind === 'receipt')!;
    for (let bit = 0; bit < 8 * receipt.length; bit++) {
      const octets = receipt.map((octet, i) => (i === bit >> 3 ? octet ^ (1 << (bit & 7)) : octet));
      pair.ras({ kind: 'message', channel: 1, octets });
    }
    expect(pair.outcomeOf(attempt)).toBeUndefined();
    pair.ras({ kind: 'message', channel: 1, octets: receipt });
    expect(pair.outcomeOf(attempt)?.kind).toBe('succeeded');
  });

  it('the receipt of one command is not the receipt of another', () => {
    const pair = new Pair().bind();
    pair.operate('unlock');
    pair.run();
    const old = pair.heard.findLast(({ octets }) => decodeMessage(octets).kind === 'receipt')!.octets;
    const attempt = pair.operate('unlock');
    pair.hand(pair.toLock.shift()!);
    pair.ras({ kind: 'message', channel: 1, octets: pair.toRas.shift()! });
    pair.ras({ kind: 'message', channel: 1, octets: old });
    const spliced = old.slice();
    spliced.set(command(pair).slice(5, 13), 5); // the challenge of the new command in the old receipt
    pair.ras({ kind: 'message', channel: 1, octets: spliced });
    expect(pair.outcomeOf(attempt)).toBeUndefined();
    expect(pair.alarms).toContain('forged_message');
  });

  it('the eighth wrong tag on a link drops it, and the next link is not slowed', () => {
    const pair = new Pair().bind();
    pair.operate('unlock');
    pair.hand(pair.toLock.shift()!);
    pair.ras({ kind: 'message', channel: 1, octets: pair.toRas.shift()! });
    const live = pair.toLock.shift()!;
    const wrong = live.map((octet, i) => (i === live.length - 1 ? octet ^ 1 : octet));
    for (let i = 0; i < 8; i++) pair.hand(wrong);
    expect(pair.dropped).toBe(1);
    pair.hand(live);
    expect(pair.moves).toBe(1);
  });
});

it('binding under loss, duplication and power cuts: both sides agree in the end, nothing moves, nothing is bricked', () => {
  const fate = fc.constantFrom(0, 1, 1, 1, 2);
  fc.assert(
    fc.property(
      fc.array(fate, { maxLength: 30 }),
      fc.array(fc.nat(4), { maxLength: 6 }),
      fc.nat(1_000_000),
      (fates, troubles, seed) => {
        let at = 0;
        const pair = new Pair(seed, () => fates[at++] ?? 1);
        for (const trouble of troubles) {
          if (trouble === 0) pair.writesLeft = 1;
          if (trouble === 1) pair.storesLeft = 1;
          if (trouble === 2) pair.powerUp();
          if (trouble === 3) pair.restartRas();
          pair.bind();
          for (let i = 0; i < 3; i++) pair.pass(2_500).run();
          if (trouble === 4) pair.ras({ kind: 'abandon', attempt: `att_${troubles.length}` });
        }
        // The trouble is over: power is cycled (which opens the window) and the installer tries once more.
        pair.writesLeft = pair.storesLeft = Number.POSITIVE_INFINITY;
        at = fates.length;
        expect(pair.moves).toBe(0);
        pair.powerUp();
        pair.restartRas();
        pair.bind();
        for (let i = 0; i < 6; i++) pair.pass(2_500).run();
        expect(pair.durable.record.active).toBeDefined();
        expect(pair.record?.active?.reveal()).toEqual(pair.durable.record.active?.reveal());
        pair.operate('unlock');
        pair.run();
        expect(pair.opened).toBe(1);
      },
    ),
    { numRuns: 300 },
  );
});
