import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, isUnderWay, type LifeInput, live, TRIES_MOST, UNSET } from './life.ts';
import type { Life, MethodState } from './model.ts';

const AT = 1_000_000;
const INPUTS: Readonly<Record<LifeInput['kind'], LifeInput>> = {
  want: { kind: 'want', at: AT },
  hold: { kind: 'hold' },
  drop: { kind: 'drop', at: AT },
  acknowledge: { kind: 'acknowledge', at: AT },
  gone: { kind: 'gone' },
  refuse: { kind: 'refuse', at: AT, reason: 'refused' },
  miss: { kind: 'miss', at: AT, reason: 'no_answer' },
  fail: { kind: 'fail', reason: 'full' },
  prove: { kind: 'prove', at: AT },
};
const STATES: Readonly<Record<MethodState, Life>> = {
  unset: UNSET,
  setting: live(UNSET, INPUTS.want),
  set: live(live(UNSET, INPUTS.want), INPUTS.acknowledge),
  removing: live(live(UNSET, INPUTS.want), INPUTS.drop),
  removed: live(UNSET, INPUTS.gone),
  failed: live(live(UNSET, INPUTS.want), INPUTS.fail),
};

/** The whole table: from each state by each input. */
const TABLE: Readonly<Record<MethodState, Readonly<Record<LifeInput['kind'], MethodState>>>> = {
  unset: row('setting', 'set', 'removed', 'unset', 'removed', 'unset', 'unset', 'failed', 'unset'),
  setting: row('setting', 'set', 'removing', 'set', 'removed', 'setting', 'setting', 'failed', 'setting'),
  set: row('setting', 'set', 'removing', 'set', 'removed', 'set', 'set', 'failed', 'set'),
  removing: row('setting', 'set', 'removing', 'removed', 'removed', 'removing', 'removing', 'failed', 'removing'),
  removed: row('setting', 'set', 'removed', 'removed', 'removed', 'removed', 'removed', 'failed', 'removed'),
  failed: row('setting', 'set', 'removing', 'set', 'removed', 'failed', 'failed', 'failed', 'failed'),
};

function row(...next: readonly MethodState[]): Readonly<Record<LifeInput['kind'], MethodState>> {
  const [want, hold, drop, acknowledge, gone, refuse, miss, fail, prove] = next as readonly [
    MethodState,
    MethodState,
    MethodState,
    MethodState,
    MethodState,
    MethodState,
    MethodState,
    MethodState,
    MethodState,
  ];
  return { want, hold, drop, acknowledge, gone, refuse, miss, fail, prove };
}

describe('the life of a method', () => {
  it.each(Object.entries(TABLE))('goes from %s as the table says', (state, next) => {
    const life = STATES[state as MethodState];
    expect(life.state).toBe(state);
    for (const [kind, after] of Object.entries(next)) {
      expect(live(life, INPUTS[kind as LifeInput['kind']]).state, `${state} by ${kind}`).toBe(after);
    }
  });

  it('counts a try only when the lock could be asked, waits longer each time, and gives up after eight', () => {
    let life = STATES.setting;
    for (let n = 0; n < 50; n++) life = live(life, { kind: 'miss', at: AT, reason: 'gateway_offline' });
    expect(life).toMatchObject({ state: 'setting', tries: 0 });
    for (let tries = 1; tries < TRIES_MOST; tries++) {
      life = live(life, INPUTS.refuse);
      expect(life).toMatchObject({ state: 'setting', tries, nextTryAt: AT + backoffMs(tries) });
    }
    expect(backoffMs(1)).toBe(60_000);
    expect(backoffMs(TRIES_MOST)).toBe(3_600_000);
    expect(live(life, INPUTS.refuse)).toMatchObject({ state: 'failed', reason: 'refused', nextTryAt: null });
  });

  it('has its turn at once when the lock proves itself, but not where the lock has just refused', () => {
    const missed = live(STATES.setting, INPUTS.miss);
    expect(missed.nextTryAt).toBeGreaterThan(AT);
    expect(live(missed, INPUTS.prove).nextTryAt).toBe(AT);
    const refused = live(STATES.setting, INPUTS.refuse);
    expect(live(refused, INPUTS.prove)).toEqual(refused);
  });

  it('waits for a turn exactly while it is under way, or until what is set has to be renewed', () => {
    const inputs = fc.array(fc.constantFrom(...Object.values(INPUTS)), { maxLength: 20 });
    fc.assert(
      fc.property(inputs, (all) => {
        const life = all.reduce(live, UNSET);
        if (isUnderWay(life)) expect(life.nextTryAt).not.toBeNull();
        else expect(life.nextTryAt).toBeNull();
        if (life.acknowledgedAt !== null) expect(['set', 'removed']).toContain(life.state);
        expect(live(life, { kind: 'acknowledge', at: AT, renewAt: AT + 5 }).nextTryAt).toBe(
          ['setting', 'set', 'failed'].includes(life.state) ? AT + 5 : null,
        );
      }),
    );
  });
});
