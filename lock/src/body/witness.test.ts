import { expect, it } from 'vitest';
import { type BodyInput, type BodyState, NEW_BODY, TRAVEL_MS } from './state.ts';
import { stepBody } from './step.ts';
import { type Witnessed, witnessed } from './witness.ts';

/** What is seen while all this happens to a new lock. */
function watch(steps: readonly (readonly [nowMs: number, input: BodyInput])[]): readonly Witnessed[] {
  let body: BodyState = NEW_BODY;
  return steps.flatMap(([nowMs, input]) => {
    const before = body;
    body = stepBody(nowMs, before, input).state;
    return witnessed(before, input, body);
  });
}

const unlock: BodyInput = { kind: 'act', operation: 'unlock', token: 1 };

it('a command is seen twice: when the motor starts and when the bolt is at rest', () => {
  expect(
    watch([
      [0, unlock],
      [TRAVEL_MS, { kind: 'wake' }],
    ]),
  ).toEqual([
    { kind: 'moving', operation: 'unlock', cause: 'command' },
    { kind: 'rest', operation: 'unlock', cause: 'command', boltOut: false, jammed: false },
  ]);
});

it('a bolt that jams is at rest where it was', () => {
  expect(
    watch([
      [0, { kind: 'block', on: true }],
      [0, unlock],
      [TRAVEL_MS, { kind: 'wake' }],
    ]).at(-1),
  ).toEqual({ kind: 'rest', operation: 'unlock', cause: 'command', boltOut: true, jammed: true });
});

it('a relock and the knob are told from a command', () => {
  const causes = watch([
    [0, { kind: 'configure', autoRelockS: 5, heldOpenS: 0 }],
    [0, { kind: 'knob', operation: 'unlock' }],
    [5_000, { kind: 'wake' }],
    [5_000 + TRAVEL_MS, { kind: 'wake' }],
  ]);
  expect(causes.map((one) => ('cause' in one ? `${one.kind} ${one.cause}` : one.kind))).toEqual([
    'rest knob',
    'moving relock',
    'rest relock',
  ]);
});

it('a motion that the power cut ended is never seen at rest', () => {
  expect(
    watch([
      [0, unlock],
      [100, { kind: 'powered-on' }],
      [TRAVEL_MS, { kind: 'wake' }],
    ]),
  ).toEqual([
    { kind: 'moving', operation: 'unlock', cause: 'command' },
    { kind: 'powered', boltOut: true },
  ]);
});

it('what moves nothing is not seen', () => {
  expect(
    watch([
      [0, { kind: 'door', open: true }],
      [0, { kind: 'tamper', on: true }],
      [0, { kind: 'battery', percent: 50 }],
      [0, { kind: 'knob', operation: 'lock' }],
    ]),
  ).toEqual([]);
});
