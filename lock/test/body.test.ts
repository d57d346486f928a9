import { describe, expect, it } from 'vitest';
import {
  type BodyEffect,
  type BodyInput,
  type BodyState,
  bodyOf,
  bodyWakesAtMs,
  decodeMechanics,
  encodeMechanics,
  mechanicsOf,
  NEW_BODY,
  stepBody,
  TRAVEL_MS,
} from '../src/index.ts';

/** A body in virtual time: what was done to it, and what it told. */
class Bench {
  nowMs = 1_000;
  body: BodyState;
  readonly told: string[] = [];

  constructor(start: Partial<BodyState> = {}) {
    this.body = { ...NEW_BODY, ...start };
  }

  do(...inputs: readonly BodyInput[]): this {
    for (const input of inputs) {
      const { state, effects } = stepBody(this.nowMs, this.body, input);
      this.body = state;
      for (const effect of effects) this.told.push(nameOf(effect));
    }
    return this;
  }

  /** Time passes; the body is woken whenever it asked for it. */
  pass(durationMs: number): this {
    const endMs = this.nowMs + durationMs;
    for (let at = bodyWakesAtMs(this.body); at !== undefined && at <= endMs; at = bodyWakesAtMs(this.body)) {
      this.nowMs = Math.max(this.nowMs, at);
      this.do({ kind: 'wake' });
    }
    this.nowMs = endMs;
    return this;
  }
}

function nameOf(effect: BodyEffect): string {
  if (effect.kind === 'acted') return `${effect.token}: ${effect.result}`;
  return effect.detail === 0 ? effect.code : `${effect.code} ${effect.detail}`;
}

const unlock = (token = 1): BodyInput => ({ kind: 'act', operation: 'unlock', token });
const override = (token = 3): BodyInput => ({ kind: 'act', operation: 'override', token });
const lock = (token = 2): BodyInput => ({ kind: 'act', operation: 'lock', token });
const open: BodyInput = { kind: 'door', open: true };
const close: BodyInput = { kind: 'door', open: false };
const block = (on: boolean): BodyInput => ({ kind: 'block', on });
const battery = (percent: number): BodyInput => ({ kind: 'battery', percent });
const knob = (operation: 'unlock' | 'lock'): BodyInput => ({ kind: 'knob', operation });
const privacy = (on: boolean): BodyInput => ({ kind: 'privacy', on });
const tamper = (on: boolean): BodyInput => ({ kind: 'tamper', on });
const configure = (autoRelockS: number, heldOpenS: number): BodyInput => ({
  kind: 'configure',
  autoRelockS,
  heldOpenS,
});

type Case = readonly [
  sentence: string,
  run: (bench: Bench) => Bench,
  told: readonly string[],
  body: Partial<BodyState>,
];

const cases: readonly Case[] = [
  [
    'the bolt arrives after its travel time, and only then is it told',
    (b) => b.do(unlock()).pass(TRAVEL_MS - 1),
    [],
    { boltOut: true },
  ],
  ['an unlock that arrives is done', (b) => b.do(unlock()).pass(TRAVEL_MS), ['1: done'], { boltOut: false }],
  [
    'a lock that arrives is done',
    (b) => b.do(unlock()).pass(500).do(lock()).pass(500),
    ['1: done', '2: done'],
    { boltOut: true },
  ],
  [
    'a bolt that is held is jammed where it was',
    (b) => b.do(block(true), unlock()).pass(500),
    ['1: jammed'],
    { boltOut: true, jammed: true },
  ],
  ['a lock does not know that its bolt is held before it tries', (b) => b.do(block(true)), [], { jammed: false }],
  [
    'the jam stays until a motion arrives',
    (b) => b.do(block(true), unlock()).pass(500).do(block(false)),
    ['1: jammed'],
    { jammed: true },
  ],
  [
    'once it is free the next motion arrives and the jam is over',
    (b) => b.do(block(true), unlock()).pass(500).do(block(false), unlock(3)).pass(500),
    ['1: jammed', '3: done'],
    { boltOut: false, jammed: false },
  ],
  [
    'the knob frees a jammed bolt, and is told',
    (b) => b.do(block(true), unlock()).pass(500).do(knob('unlock')),
    ['1: jammed', 'manual_unlocked'],
    { boltOut: false, jammed: false },
  ],
  [
    'an empty battery moves nothing',
    (b) => b.do(battery(0), unlock()).pass(500),
    ['battery_low', '1: battery_empty'],
    { boltOut: true },
  ],
  [
    'with an empty battery the knob still opens',
    (b) => b.do(battery(0), knob('unlock')),
    ['battery_low', 'manual_unlocked'],
    { boltOut: false },
  ],
  [
    'a battery that gets low is told once, with its percent',
    (b) => b.do(battery(21), battery(20), battery(15), battery(3)),
    ['battery_low 20'],
    { batteryPercent: 3 },
  ],
  [
    'a low battery that rests a little is not told again',
    (b) => b.do(battery(18), battery(24), battery(18)),
    ['battery_low 18'],
    {},
  ],
  [
    'a replaced battery that gets low is told again',
    (b) => b.do(battery(18), battery(100), battery(19)),
    ['battery_low 18', 'battery_low 19'],
    {},
  ],
  ['without auto-relock the bolt stays', (b) => b.do(unlock()).pass(86_400_000), ['1: done'], { boltOut: false }],
  [
    'auto-relock throws the bolt after its time',
    (b) => b.do(configure(5, 0), unlock()).pass(400 + 5_000 + 400),
    ['1: done', 'relocked'],
    { boltOut: true },
  ],
  [
    'auto-relock is not early',
    (b) => b.do(configure(5, 0), unlock()).pass(400 + 4_999),
    ['1: done'],
    { boltOut: false, motion: undefined },
  ],
  [
    'no bolt is thrown against an open door',
    (b) => b.do(configure(5, 0), unlock()).pass(500).do(open).pass(60_000),
    ['1: done', 'door_opened'],
    { boltOut: false },
  ],
  [
    'what waited for the door to close relocks a second later',
    (b) =>
      b
        .do(configure(5, 0), unlock())
        .pass(500)
        .do(open)
        .pass(60_000)
        .do(close)
        .pass(1_000 + 400),
    ['1: done', 'door_opened', 'door_closed', 'relocked'],
    { boltOut: true, doorOpen: false },
  ],
  [
    'a jammed relock is told and not tried again',
    (b) => b.do(configure(5, 0), unlock()).pass(500).do(block(true)).pass(600_000),
    ['1: done', 'jammed'],
    { boltOut: false, jammed: true },
  ],
  [
    'auto-relock works after the knob too',
    (b) => b.do(configure(5, 0), knob('unlock')).pass(6_000),
    ['manual_unlocked', 'relocked'],
    { boltOut: true },
  ],
  [
    'an empty battery ends auto-relock',
    (b) => b.do(configure(5, 0), unlock()).pass(500).do(battery(0)).pass(60_000),
    ['1: done', 'battery_low'],
    { boltOut: false },
  ],
  [
    'a command comes before an auto-relock on its way',
    (b) =>
      b
        .do(configure(5, 0), unlock())
        .pass(400 + 5_000 + 100)
        .do(unlock(3))
        .pass(400),
    ['1: done', '3: done'],
    { boltOut: false },
  ],
  [
    'a door that opens behind a bolt that is out was forced',
    (b) => b.do(open),
    ['door_forced'],
    { doorOpen: true, boltOut: true },
  ],
  [
    'a door that opens after an unlock was opened',
    (b) => b.do(unlock()).pass(500).do(open),
    ['1: done', 'door_opened'],
    { doorOpen: true },
  ],
  [
    'a door that opens while the bolt is being drawn was opened',
    (b) => b.do(unlock()).pass(200).do(open),
    ['door_opened'],
    { doorOpen: true },
  ],
  [
    'a door that is open already opens no second time',
    (b) => b.do(knob('unlock'), open, open, close, close),
    ['manual_unlocked', 'door_opened', 'door_closed'],
    {},
  ],
  [
    'a door that is held open is told once',
    (b) => b.do(configure(0, 30), knob('unlock'), open).pass(600_000),
    ['manual_unlocked', 'door_opened', 'door_held_open'],
    { doorOpen: true },
  ],
  [
    'a door that closes in time was not held open',
    (b) => b.do(configure(0, 30), knob('unlock'), open).pass(29_999).do(close).pass(60_000),
    ['manual_unlocked', 'door_opened', 'door_closed'],
    {},
  ],
  [
    'a door that is held open again is told again',
    (b) => b.do(configure(0, 30), knob('unlock'), open).pass(30_000).do(close, open).pass(30_000),
    ['manual_unlocked', 'door_opened', 'door_held_open', 'door_closed', 'door_opened', 'door_held_open'],
    {},
  ],
  [
    'tamper is told at once, and once for as long as it lasts',
    (b) => b.do(tamper(true), tamper(true)),
    ['tamper'],
    { tamper: true },
  ],
  [
    'tamper comes before what it leads to',
    (b) => b.do(tamper(true), open),
    ['tamper', 'door_forced'],
    { tamper: true, doorOpen: true },
  ],
  [
    'tamper that was over is told again',
    (b) => b.do(tamper(true), tamper(false), tamper(true)),
    ['tamper', 'tamper'],
    { tamper: true },
  ],
  ['a knob that is where it was tells nothing', (b) => b.do(knob('lock')), [], { boltOut: true }],
  [
    'the knob locks and unlocks without power or right',
    (b) => b.do(knob('unlock'), knob('lock')),
    ['manual_unlocked', 'manual_locked'],
    { boltOut: true },
  ],
  [
    'privacy refuses an unlock from outside',
    (b) => b.do(privacy(true), unlock()).pass(500),
    ['1: privacy'],
    { boltOut: true, privacy: true },
  ],
  [
    'privacy lets lock',
    (b) => b.do(knob('unlock'), privacy(true), lock()).pass(500),
    ['manual_unlocked', '2: done'],
    { boltOut: true },
  ],
  [
    'an override unlocks under privacy, and ends it',
    (b) => b.do(privacy(true), override()).pass(500),
    ['3: done'],
    { boltOut: false, privacy: false },
  ],
  [
    'an override that jams leaves privacy on',
    (b) => b.do(privacy(true), block(true), override()).pass(500),
    ['3: jammed'],
    { boltOut: true, jammed: true, privacy: true },
  ],
  [
    'an empty battery stops an override too',
    (b) => b.do(battery(0), override()).pass(500),
    ['battery_low', '3: battery_empty'],
    { boltOut: true },
  ],
  [
    'with relocking switched off meanwhile the bolt stays in, and no open door is told of',
    (b) => b.do(configure(5, 10), unlock()).pass(1_000).do(open, configure(0, 0)).pass(60_000),
    ['1: done', 'door_opened'],
    { boltOut: false },
  ],
  [
    'leaving from inside ends privacy',
    (b) => b.do(privacy(true), knob('unlock')),
    ['manual_unlocked'],
    { privacy: false, boltOut: false },
  ],
  [
    'after privacy the unlock opens',
    (b) => b.do(privacy(true), privacy(false), unlock()).pass(500),
    ['1: done'],
    { boltOut: false },
  ],
  [
    'an empty battery is said before privacy',
    (b) => b.do(battery(0), privacy(true), unlock()),
    ['battery_low', '1: battery_empty'],
    {},
  ],
  [
    'a power cut stops the bolt where it was, and nobody is told that it arrived',
    (b) => b.do(unlock()).pass(200).do({ kind: 'powered-on' }).pass(5_000),
    [],
    { boltOut: true, motion: undefined },
  ],
  [
    'after a power cut an open bolt relocks after its whole time',
    (b) => b.do(configure(5, 0), unlock()).pass(500).do({ kind: 'powered-on' }).pass(5_400),
    ['1: done', 'relocked'],
    { boltOut: true },
  ],
];

describe('the body', () => {
  it.each(cases)('%s', (_, run, told, body) => {
    const bench = run(new Bench());
    expect(bench.told).toEqual(told);
    expect(bench.body).toMatchObject(body);
  });

  it('wants no wake when nothing is due', () => {
    expect(bodyWakesAtMs(NEW_BODY)).toBeUndefined();
    expect(bodyWakesAtMs(new Bench().do(unlock()).pass(500).body)).toBeUndefined();
  });
});

describe('the mechanics that stay without power', () => {
  const flags = ['boltOut', 'jammed', 'blocked', 'doorOpen', 'tamper', 'privacy'] as const;

  it('come back as they were, each flag alone and every battery', () => {
    for (let bits = 0; bits < 64; bits++) {
      const set = Object.fromEntries(flags.map((flag, at) => [flag, (bits & (1 << at)) !== 0]));
      const left = mechanicsOf({ ...NEW_BODY, ...set, batteryPercent: bits });
      expect(decodeMechanics(encodeMechanics(left), 'x')).toEqual(left);
      expect(mechanicsOf(bodyOf(left))).toEqual(left);
    }
  });

  it('hold nothing that the lock reckons: a motion, a time, what was told', () => {
    const bench = new Bench().do(configure(5, 30), battery(3), unlock()).pass(500).do(open, lock());
    expect(bodyOf(mechanicsOf(bench.body))).toMatchObject({
      boltOut: false,
      doorOpen: true,
      batteryPercent: 3,
      motion: undefined,
      relockAtMs: undefined,
      heldOpenAtMs: undefined,
      batteryLowTold: false,
    });
  });

  const good = encodeMechanics(NEW_BODY);
  it.each([
    ['', 'is not JSON'],
    ['null', 'must be an object'],
    ['[]', 'battery_percent'],
    [good.slice(0, -1), 'is not JSON'],
    [good.replace('true', '1'), 'bolt_out must be true or false'],
    [good.replace('"door_open":false,', ''), 'door_open must be true or false'],
    [good.replace('100', '101'), 'battery_percent must be a whole number from 0 to 100'],
    [good.replace('100', '-1'), 'battery_percent'],
    [good.replace('100', '1.5'), 'battery_percent'],
    [good.replace('100', '"9"'), 'battery_percent'],
  ])('%j is refused by file, field and remedy', (text, what) => {
    const refused = () => decodeMechanics(text, 'locks/C0DEA0000101.mechanics.json');
    expect(refused).toThrow(expect.objectContaining({ code: 'mechanics_corrupt' }));
    expect(refused).toThrow(what);
    expect(refused).toThrow(/^locks\/C0DEA0000101\.mechanics\.json: .*; remove the file/);
  });
});
