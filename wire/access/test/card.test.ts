import { agreeP256, generateP256, nodePrimitives as primitives, signP256 } from '@cardea/kit-node';
import { concat } from '@cardea/kit-octets';
import type { OfflineOperation } from '@cardea/wire-profile';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  AccessError,
  CARD_AID,
  type CardEffect,
  type CardInput,
  type CardState,
  decodeCommand,
  decodeResponse,
  encodeCommand,
  encodeResponse,
  IDLE_CARD,
  IDLE_READER,
  type KeyBundle,
  type ReaderEffect,
  type ReaderInput,
  type ReaderState,
  stepCard,
  stepReader,
} from '../src/index.ts';
import { openTestReceipt, phoneWithGrant, TestLock, type TestReceipt } from './exchange-bench.ts';
import { LOCK_ID, OTHER_LOCK_ID, rising } from './samples.ts';

/** A chip: its computations are done at once. */
class Chip {
  state: CardState = IDLE_CARD;
  readonly responses: Uint8Array[] = [];
  end: Extract<CardEffect<TestReceipt>, { kind: 'done' | 'refused' }> | undefined;
  readonly keys: readonly KeyBundle[];
  readonly #sign: (message: Uint8Array) => Uint8Array;

  constructor() {
    const { bundle, privateKey } = phoneWithGrant();
    this.keys = [bundle];
    this.#sign = (message) => signP256(privateKey, message);
  }

  command(octets: Uint8Array): Uint8Array {
    const before = this.responses.length;
    this.#input({ kind: 'command', octets });
    expect(this.responses).toHaveLength(before + 1);
    return this.responses[before]!;
  }

  #input(input: CardInput): void {
    const context = { primitives, openReceipt: openTestReceipt, keys: this.keys };
    const { state, effects } = stepCard<TestReceipt>(context, this.state, input);
    this.state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: CardEffect<TestReceipt>): void {
    switch (effect.kind) {
      case 'respond':
        this.responses.push(effect.octets);
        return;
      case 'make-ephemeral':
        this.#input({ kind: 'ephemeral', random: rising(0x66, effect.sizeOctets), ...generateP256() });
        return;
      case 'sign':
        this.#input({ kind: 'signed', signature: this.#sign(effect.message) });
        return;
      case 'agree':
        this.#input({ kind: 'agreed', z: agreeP256(effect.privateKey, effect.peer) });
        return;
      case 'done':
      case 'refused':
        this.end = effect;
    }
  }
}

/** A reader before whatever answers APDUs; `lock` answers the card's messages. */
function tap(
  respond: (command: Uint8Array) => Uint8Array,
  lock: (message: Uint8Array) => Uint8Array | undefined,
  { lockId = LOCK_ID, operation = 'unlock' as OfflineOperation } = {},
): { end: ReaderEffect | undefined; commands: Uint8Array[]; messages: Uint8Array[] } {
  let state: ReaderState = IDLE_READER;
  const seen = {
    end: undefined as ReaderEffect | undefined,
    commands: [] as Uint8Array[],
    messages: [] as Uint8Array[],
  };
  let inputs: ReaderInput[] = [{ kind: 'presented', lockId, operation }];
  for (let steps = 0; inputs.length > 0 && steps < 100; steps++) {
    const [input, ...rest] = inputs;
    inputs = rest;
    const stepped = stepReader(state, input!);
    state = stepped.state;
    for (const effect of stepped.effects) {
      if (effect.kind === 'command') {
        seen.commands.push(effect.octets);
        inputs.push({ kind: 'answered', octets: respond(effect.octets) });
      } else if (effect.kind === 'message') {
        seen.messages.push(effect.octets);
        const answer = lock(effect.octets);
        if (answer !== undefined) inputs.push({ kind: 'send', octets: answer });
      } else seen.end = effect;
    }
  }
  return seen;
}

const status = (word: number): Uint8Array => encodeResponse({ data: new Uint8Array(0), status: word });

describe('a card: a phone key in a chip', () => {
  test('opens by the same exchange over APDUs: SELECT, 20, 21, 22, 23', () => {
    const chip = new Chip();
    const lock = new TestLock();
    const { end, messages, commands } = tap(
      (command) => chip.command(command),
      (message) => lock.answer(message),
    );
    expect(end).toEqual({ kind: 'over' });
    expect(messages.map((message) => [message[0], message.length])).toEqual([
      [0x20, 33],
      [0x22, 264],
    ]);
    expect(lock.opened).toEqual(['unlock']);
    expect(chip.end).toEqual({ kind: 'done', receipt: 'open', carried: rising(5, 36) });
    expect([...commands[0]!]).toEqual([0x00, 0xa4, 0x04, 0x00, 8, ...CARD_AID, 0x00]);
    expect([...commands[1]!]).toEqual([0x80, 0x5a, 0, 1, 6, ...LOCK_ID, 0]);
    // 264 octets do not fit one response: the rest is fetched.
    expect([...commands[3]!]).toEqual([0x00, 0xc0, 0, 0, 8]);
    expect(commands).toHaveLength(5);
  });

  test('presented again it begins anew', () => {
    const chip = new Chip();
    for (let i = 0; i < 2; i++) {
      const lock = new TestLock();
      tap(
        (command) => chip.command(command),
        (message) => lock.answer(message),
        { operation: 'lock' },
      );
      expect(lock.opened).toEqual(['lock']);
    }
  });

  test('with a unique identifier alone nobody is anybody', () => {
    for (const answer of [
      status(0x6a82),
      status(0x6d00),
      status(0x9000),
      concat(rising(4, 7), status(0x9000)),
      concat(Uint8Array.of(2), status(0x9000)),
      concat(Uint8Array.of(1), status(0x6283)),
    ]) {
      const lock = new TestLock();
      expect(
        tap(
          () => answer,
          (message) => lock.answer(message),
        ).end,
      ).toEqual({ kind: 'refused', reason: 'not_ours' });
    }
    expect(
      tap(
        () => rising(4, 1),
        () => undefined,
      ).end,
    ).toEqual({ kind: 'refused', reason: 'malformed' });
  });

  test('that has no key for this lock says so, and nothing else', () => {
    const chip = new Chip();
    const { end, messages } = tap(
      (command) => chip.command(command),
      () => undefined,
      { lockId: OTHER_LOCK_ID },
    );
    expect(end).toEqual({ kind: 'refused', reason: 'no_key' });
    expect(messages).toEqual([]);
  });

  test('gives nothing of its own to a reader that does not prove itself the lock', () => {
    const chip = new Chip();
    const { end, messages } = tap(
      (command) => chip.command(command),
      () => concat(Uint8Array.of(0x21), rising(0, 113)),
    );
    expect(end).toEqual({ kind: 'refused', reason: 'failed' });
    expect(messages.map(([kind]) => kind)).toEqual([0x20]);
    expect(chip.end).toEqual({ kind: 'refused', reason: 'other_lock' });
  });

  test('a refusal of the lock ends the tap', () => {
    const chip = new Chip();
    const lock = new TestLock();
    const { end } = tap(
      (command) => chip.command(command),
      (message) => (message[0] === 0x20 ? lock.answer(message) : Uint8Array.of(0x1f, 14)),
    );
    expect(end).toEqual({ kind: 'over' });
    expect(chip.end).toEqual({ kind: 'refused', reason: 'refused' });
  });

  test('messages above 255 octets are chained', () => {
    const chip = new Chip();
    const { commands } = tap(
      (command) => chip.command(command),
      () => concat(Uint8Array.of(0x21), rising(0, 300)),
    );
    expect(commands.slice(2).map((command) => [command[0], decodeCommand(command).data.length])).toEqual([
      [0x90, 255],
      [0x80, 46],
    ]);
  });

  test('a card that promises more for ever is not waited for', () => {
    const answers = [concat(Uint8Array.of(1), status(0x9000))];
    const endless = (word: number, data: Uint8Array) => () => answers.shift() ?? concat(data, status(word));
    expect(tap(endless(0x6100, new Uint8Array(0)), () => undefined).end).toEqual({
      kind: 'refused',
      reason: 'malformed',
    });
    answers.push(concat(Uint8Array.of(1), status(0x9000)));
    expect(tap(endless(0x61ff, rising(0, 200)), () => undefined).end).toEqual({ kind: 'refused', reason: 'malformed' });
  });

  test('SELECT of another application, or by another way, selects nothing', () => {
    const chip = new Chip();
    const select = { cla: 0, ins: 0xa4, p1: 4, p2: 0, data: CARD_AID, le: 256 };
    expect(chip.command(encodeCommand({ ...select, p1: 0 }))).toEqual(status(0x6a82));
    expect(chip.command(encodeCommand({ ...select, data: rising(1, 8) }))).toEqual(status(0x6a82));
    expect(chip.command(encodeCommand({ ...select, cla: 0x80 }))).toEqual(status(0x6e00));
    const begin = encodeCommand({ cla: 0x80, ins: 0x5a, p1: 0, p2: 1, data: LOCK_ID, le: 256 });
    expect(chip.command(begin)).toEqual(status(0x6985));
    expect(chip.command(encodeCommand(select))).toEqual(concat(Uint8Array.of(1), status(0x9000)));
    expect(chip.command(begin)).toHaveLength(35);
    // An operation that nobody knows, a step that nobody knows, and a lock that did not prove itself.
    expect(chip.command(encodeCommand({ cla: 0x80, ins: 0x5a, p1: 0, p2: 3, data: LOCK_ID, le: 256 }))).toEqual(
      status(0x6a86),
    );
    expect(chip.command(encodeCommand({ cla: 0x80, ins: 0x5a, p1: 2, p2: 0, data: LOCK_ID, le: 256 }))).toEqual(
      status(0x6a86),
    );
    expect(chip.command(begin)).toHaveLength(35);
    const foreign = concat(Uint8Array.of(0x21), rising(0, 113));
    expect(chip.command(encodeCommand({ cla: 0x80, ins: 0x5a, p1: 1, p2: 0, data: foreign, le: 256 }))).toEqual(
      status(0x6982),
    );
    expect(chip.command(begin)).toHaveLength(35);
    expect(chip.command(encodeCommand({ cla: 0x80, ins: 0x5a, p1: 1, p2: 0, data: rising(0, 9), le: 256 }))).toEqual(
      status(0x6f00),
    );
  });

  test('a chained command is taken up to 512 octets', () => {
    const chip = new Chip();
    chip.command(encodeCommand({ cla: 0, ins: 0xa4, p1: 4, p2: 0, data: CARD_AID, le: 256 }));
    const piece = (size: number) =>
      encodeCommand({ cla: 0x90, ins: 0x5a, p1: 0, p2: 1, data: rising(0, size), le: undefined });
    for (const size of [255, 255, 2]) expect(chip.command(piece(size))).toEqual(status(0x9000));
    expect(chip.command(piece(1))).toEqual(status(0x6700));
    for (const size of [255, 255]) expect(chip.command(piece(size))).toEqual(status(0x9000));
    expect(chip.command(piece(3))).toEqual(status(0x6700));
  });

  test('a reader takes nothing from the middle of a chained command, and no message above 512 octets', () => {
    const run = (answers: Uint8Array[], message: Uint8Array) => {
      const queue = [concat(Uint8Array.of(1), status(0x9000)), ...answers];
      return tap(
        () => queue.shift() ?? status(0x6f00),
        () => message,
      );
    };
    const whole = concat(rising(0x20, 33), status(0x9000));
    expect(run([whole, concat(rising(1, 3), status(0x9000))], rising(0x21, 300)).end).toEqual({
      kind: 'refused',
      reason: 'failed',
    });
    expect(run([whole, status(0x6f00)], rising(0x21, 300)).end).toEqual({ kind: 'refused', reason: 'failed' });
    const half = concat(rising(0, 256), status(0x6100));
    expect(
      run([half, concat(rising(0, 256), status(0x9000))], rising(1, 9)).messages.map(({ length }) => length),
    ).toEqual([512]);
    expect(run([half, half, concat(rising(0, 1), status(0x9000))], rising(1, 9)).end).toEqual({
      kind: 'refused',
      reason: 'malformed',
    });
  });

  test('whatever APDUs come, the chip answers each once and reveals no presentation', () => {
    const anyCommand = fc.oneof(
      fc.uint8Array({ maxLength: 261 }),
      fc.constant(encodeCommand({ cla: 0, ins: 0xa4, p1: 4, p2: 0, data: CARD_AID, le: 256 })),
      fc.constant(encodeCommand({ cla: 0x80, ins: 0x5a, p1: 0, p2: 1, data: LOCK_ID, le: 256 })),
      fc.constant(encodeCommand({ cla: 0x80, ins: 0x5a, p1: 1, p2: 0, data: rising(0x21, 114), le: 256 })),
      fc.constant(encodeCommand({ cla: 0x90, ins: 0x5a, p1: 1, p2: 0, data: rising(0x21, 255), le: undefined })),
      fc.constant(encodeCommand({ cla: 0, ins: 0xc0, p1: 0, p2: 0, data: new Uint8Array(0), le: 256 })),
    );
    fc.assert(
      fc.property(fc.array(anyCommand, { maxLength: 12 }), (commands) => {
        const chip = new Chip();
        for (const command of commands) {
          const response = chip.command(command);
          expect(response.length).toBeGreaterThanOrEqual(2);
          expect(response[0]).not.toBe(0x22);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('whatever a card answers, the reader ends, and takes no message twice', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 30 }), (answers) => {
        const queue = [concat(Uint8Array.of(1), status(0x9000)), ...answers];
        const { commands } = tap(
          () => queue.shift() ?? status(0x6f00),
          () => rising(0x21, 114),
        );
        expect(commands.length).toBeLessThan(60);
      }),
    );
  });
});

describe('short APDUs (ISO/IEC 7816-4 5.1)', () => {
  const anyCommand = fc.record({
    cla: fc.nat(255),
    ins: fc.nat(255),
    p1: fc.nat(255),
    p2: fc.nat(255),
    data: fc.uint8Array({ maxLength: 255 }),
    le: fc.option(fc.integer({ min: 1, max: 256 }), { nil: undefined }),
  });

  test('come back as they were', () => {
    fc.assert(
      fc.property(anyCommand, (command) => {
        expect(decodeCommand(encodeCommand(command))).toEqual(command);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 256 }), fc.nat(0xffff), (data, word) => {
        expect(decodeResponse(encodeResponse({ data, status: word }))).toEqual({ data, status: word });
      }),
    );
  });

  test('of the extended form, cut off or too long are refused', () => {
    for (const octets of [
      [0, 0xa4, 4],
      [0, 0xa4, 4, 0, 0, 0, 1, 5],
      [0, 0xa4, 4, 0, 3, 1, 2],
      [0, 0xa4, 4, 0, 1, 1, 2, 3],
    ]) {
      expect(() => decodeCommand(Uint8Array.from(octets))).toThrow(AccessError);
    }
    expect(() => decodeResponse(Uint8Array.of(0x90))).toThrow(AccessError);
    expect(() => decodeResponse(new Uint8Array(259))).toThrow(AccessError);
    expect(() => encodeResponse({ data: new Uint8Array(257), status: 0x9000 })).toThrow(AccessError);
  });
});
