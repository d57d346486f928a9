import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { element } from '../element.ts';
import { XmppError } from '../errors.ts';
import { MANAGEMENT } from '../namespaces.ts';
import {
  acknowledge,
  countDone,
  countIn,
  countOut,
  isFull,
  MANAGEMENT_LIMITS,
  type Management,
  resume,
  shouldAsk,
  startManagement,
} from './management.ts';
import {
  ackNonza,
  askNonza,
  COUNT_MODULUS,
  enabledNonza,
  enableNonza,
  failedNonza,
  readNonza,
  resumedNonza,
  resumeNonza,
} from './nonzas.ts';

const out = (state: Management, text: string, untilMs?: number) => countOut(state, { text, requestId: text, untilMs });
const START = startManagement('id', true);

describe('XEP-0198: what is said', () => {
  it('each element is read as it was written', () => {
    expect(readNonza(enableNonza)).toEqual({ kind: 'enable', resume: true });
    expect(readNonza(enabledNonza('x', 60))).toEqual({ kind: 'enabled', id: 'x', resume: true, maxS: 60 });
    expect(readNonza(enabledNonza(undefined, 60))).toMatchObject({ kind: 'enabled', resume: false });
    expect(readNonza(resumeNonza('x', 4294967295))).toEqual({ kind: 'resume', previd: 'x', h: 4294967295 });
    expect(readNonza(resumedNonza('x', 0))).toEqual({ kind: 'resumed', previd: 'x', h: 0 });
    expect(readNonza(failedNonza('item-not-found'))).toEqual({ kind: 'failed' });
    expect(readNonza(askNonza)).toEqual({ kind: 'ask' });
    expect(readNonza(ackNonza(7))).toEqual({ kind: 'ack', h: 7 });
  });

  it.each(['', '-1', '1.5', '01', '4294967296', '99999999999', '0x1', ' 1', undefined])('no count: %s', (h) => {
    expect(() => readNonza(element('a', MANAGEMENT, { h }))).toThrow(XmppError);
  });

  it.each(['b', 'A', 'enablement'])('no element of it: %s', (name) => {
    expect(() => readNonza(element(name, MANAGEMENT))).toThrow(XmppError);
  });
});

describe('XEP-0198: inbound', () => {
  it('what is durable is handled, and nothing after what is not', () => {
    let state = countIn(START, 'a', false).state;
    state = countIn(state, undefined, false).state;
    state = countIn(state, 'b', false).state;
    expect(state.handled).toBe(0);
    state = countDone(state, 'b');
    expect(state.handled).toBe(0);
    state = countDone(state, 'a');
    expect([state.handled, state.pending.length]).toEqual([3, 0]);
    expect(countDone(state, 'a')).toBe(state);
  });

  it('a client does not count before the server has enabled it', () => {
    expect(countIn(startManagement(undefined, false), 'a', false).state.handled).toBe(0);
  });

  it('the count wraps at 2^32', () => {
    const last = { ...START, handled: COUNT_MODULUS - 1 };
    expect(countIn(last, undefined, false).state.handled).toBe(0);
    expect(countDone(countIn(last, 'a', false).state, 'a').handled).toBe(0);
  });

  it('what had come before a resumption and comes again is told apart, once', () => {
    const before = countIn(countIn(START, 'undone', false).state, 'done', false).state;
    const resumed = resume(countDone(before, 'done'), 0, 0)!.state;
    expect(resumed.handled).toBe(0);
    const first = countIn(resumed, 'undone', true);
    expect([first.again, first.state.handled]).toEqual([true, 0]);
    const second = countIn(first.state, 'done', false);
    expect([second.again, second.state.handled]).toEqual([true, 0]);
    expect(countDone(second.state, 'undone').handled).toBe(2);
    expect(countIn(second.state, 'done', false).again).toBe(false);
  });
});

describe('XEP-0198: outbound', () => {
  it('an ack forgets exactly what it counts, across the wrap', () => {
    let state: Management = { ...START, sent: COUNT_MODULUS - 2 };
    for (const text of ['a', 'b', 'c', 'd']) state = out(state, text);
    expect(state.sent).toBe(2);
    expect(acknowledge(state, COUNT_MODULUS - 1)?.unacked.map(({ text }) => text)).toEqual(['b', 'c', 'd']);
    expect(acknowledge(state, 1)?.unacked.map(({ text }) => text)).toEqual(['d']);
    expect(acknowledge(state, 2)?.unacked).toEqual([]);
  });

  it('a count that is not possible is refused: more than was sent, or less than before', () => {
    const state = acknowledge(out(out(START, 'a'), 'b'), 1)!;
    expect(acknowledge(state, 3)).toBeUndefined();
    expect(acknowledge(state, 0)).toBeUndefined();
    expect(acknowledge(state, COUNT_MODULUS - 1)).toBeUndefined();
    expect(resume(state, 3, 0)).toBeUndefined();
  });

  it('an ack is asked for after so many, at a ping at once, and not twice', () => {
    let state = START;
    expect(shouldAsk(state, true)).toBe(false);
    for (let i = 0; i < MANAGEMENT_LIMITS.askEvery; i++) {
      expect(shouldAsk(state, false)).toBe(false);
      state = out(state, String(i));
    }
    expect(shouldAsk(state, false)).toBe(true);
    expect(shouldAsk({ ...state, asked: true }, true)).toBe(false);
    expect(shouldAsk(out(START, 'a'), true)).toBe(true);
  });

  it('nothing late is said again, and the count goes on without it', () => {
    const state = out(out(out(START, 'early', 5_000), 'late', 1_000), 'without');
    const { state: resumed, again, late } = resume(state, 0, 1_001)!;
    expect([again.map(({ text }) => text), late.map(({ text }) => text)]).toEqual([['early', 'without'], ['late']]);
    expect(resumed.sent).toBe(2);
    expect(resume(state, 0, 1_000)?.late).toEqual([]);
  });

  it('what is kept is bounded, in number and size, both ways', () => {
    let state = START;
    for (let i = 0; i < MANAGEMENT_LIMITS.unacked; i++) state = out(state, 'x');
    expect([isFull(state), isFull(out(state, 'x'))]).toEqual([false, true]);
    expect(isFull(out(START, 'x'.repeat(MANAGEMENT_LIMITS.unackedSize + 1)))).toBe(true);
    let waiting = START;
    for (let i = 0; i <= MANAGEMENT_LIMITS.pending; i++) waiting = countIn(waiting, String(i), false).state;
    expect(isFull(waiting)).toBe(true);
    expect(resume(waiting, 0, 0)?.state.carried.size).toBeLessThanOrEqual(MANAGEMENT_LIMITS.pending);
  });
});

describe('two ends, cut at any moment', () => {
  type Move = 'send' | 'deliver' | 'done' | 'ack' | 'cut';
  const moves = fc.array(fc.constantFrom<Move>('send', 'send', 'deliver', 'deliver', 'done', 'ack', 'cut'), {
    maxLength: 200,
  });

  it('every request acts once, in order, and is kept until it has', () => {
    fc.assert(
      fc.property(moves, fc.nat(COUNT_MODULUS - 1), (all, from) => {
        let sender: Management = { ...startManagement('id', true), sent: from };
        let receiver: Management = { ...startManagement('id', true), handled: from };
        let wire: string[] = [];
        const acted: string[] = [];
        const owed: string[] = [];
        let next = 0;
        const deliver = () => {
          const id = wire.shift();
          if (id === undefined) return;
          const { state, again } = countIn(receiver, id, owed.includes(id));
          receiver = state;
          if (again) return;
          acted.push(id);
          owed.push(id);
        };
        const cut = () => {
          const resumed = resume(sender, receiver.handled, 0)!;
          receiver = resume(receiver, receiver.sent, 0)!.state;
          sender = resumed.state;
          wire = resumed.again.map(({ text }) => text);
        };
        for (const move of all) {
          if (move === 'send') {
            sender = out(sender, String(next));
            wire.push(String(next++));
          } else if (move === 'deliver') deliver();
          else if (move === 'done' && owed.length > 0)
            receiver = countDone(receiver, owed.splice(owed.length >> 1, 1)[0]!);
          else if (move === 'ack') sender = acknowledge(sender, receiver.handled)!;
          else if (move === 'cut') cut();
        }
        cut();
        while (wire.length > 0) deliver();
        while (owed.length > 0) receiver = countDone(receiver, owed.shift()!);
        sender = acknowledge(sender, receiver.handled)!;
        expect(acted).toEqual(Array.from({ length: next }, (_, i) => String(i)));
        expect(sender.unacked).toEqual([]);
        expect(receiver.handled).toBe((from + next) % COUNT_MODULUS);
      }),
      { numRuns: 1000 },
    );
  });
});
