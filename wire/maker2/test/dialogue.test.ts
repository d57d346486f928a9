import { nodePrimitives } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { describe, expect, it } from 'vitest';
import { bindingKeys, decodeMessage, maker2Controller, maker2Driver } from '../src/index.ts';
import { IDENTITY, Pair } from './pair.ts';

describe('binding', () => {
  it('binds once the button is pressed, and a receipt under the new key proves it', () => {
    const pair = new Pair();
    const attempt = pair.ask('bind');
    pair.run();
    expect(pair.outcomeOf(attempt)).toEqual({ kind: 'waiting', for: 'confirmation' });
    expect(pair.durable.record.pending).toBeUndefined();
    pair.lock({ kind: 'button' });
    pair.run();
    expect(pair.outcomeOf(attempt)?.kind).toBe('succeeded');
    expect(pair.record?.active?.reveal()).toEqual(pair.durable.record.active?.reveal());
    expect(pair.record?.pending).toBeUndefined();
    expect(pair.durable.record.pending).toBeUndefined();
    expect(pair.events.map(({ code }) => code)).toEqual(['booted', 'bound']);
    expect(pair.durable.events).toEqual([]);
  });

  it('takes the printed code for the button, and gives up after five wrong ones', () => {
    const pair = new Pair();
    const attempt = pair.ask('bind');
    pair.run();
    for (let i = 0; i < 4; i++) pair.lock({ kind: 'code', code: 'wrong' });
    pair.lock({ kind: 'code', code: '4711-0815' });
    pair.run();
    expect(pair.outcomeOf(attempt)?.kind).toBe('succeeded');

    const locked = new Pair();
    const never = locked.ask('bind');
    locked.run();
    for (let i = 0; i < 5; i++) locked.lock({ kind: 'code', code: 'wrong' });
    locked.lock({ kind: 'code', code: '4711-0815' });
    locked.run();
    expect(locked.outcomeOf(never)?.kind).toBe('waiting');
  });

  it('6.1 refuses after 30 minutes from power-on', () => {
    const pair = new Pair().pass(30 * 60_000);
    const attempt = pair.ask('bind');
    pair.run();
    expect(pair.outcomeOf(attempt)).toMatchObject({ kind: 'failed', reason: 'refused' });
    pair.lock({ kind: 'button' });
    expect(pair.run().durable.record.pending).toBeUndefined();
  });

  it('6.2 refuses when nobody confirms within 60 s', () => {
    const pair = new Pair();
    const attempt = pair.ask('bind', 120_000);
    pair.run();
    pair.pass(60_000);
    pair.lock({ kind: 'button' });
    pair.run();
    expect(pair.durable.record.pending).toBeUndefined();
    expect(pair.outcomeOf(attempt)?.kind).not.toBe('succeeded');
  });

  it('6.3 refuses while bound, also by its own RAS, and nothing changes', () => {
    const pair = new Pair().bind();
    const before = pair.durable.record;
    const other = new Pair(2);
    other.ask('bind');
    const request = other.heard.findLast(({ direction }) => direction === 'to-lock')!.octets;
    pair.hand(request);
    pair.lock({ kind: 'button' });
    expect(pair.durable.record).toEqual(before);
    expect(decodeMessage(pair.toRas.at(-1)!)).toMatchObject({ kind: 'refusal', code: 'bound' });
  });

  it('21 a lock that does not hold the factory key is never believed', () => {
    const pair = new Pair();
    const attempt = pair.ask('bind');
    pair.run();
    pair.lock({ kind: 'button' });
    const answer = pair.toRas.pop()!;
    pair.toRas.push(answer.map((octet, i) => (i === answer.length - 1 ? octet ^ 1 : octet)));
    pair.run();
    expect(pair.alarms).toContain('forged_message');
    expect(pair.record).toBeUndefined();
    expect(pair.outcomeOf(attempt)?.kind).toBe('waiting');
  });

  it('goes on when the answer, or the first command under the new key, was lost', () => {
    for (const lost of ['bind-answer', 'command', 'receipt', 'challenge']) {
      let left = 1;
      const pair = new Pair(3, (_, octets) => (decodeMessage(octets).kind === lost && left-- > 0 ? 0 : 1));
      const attempt = pair.ask('bind');
      pair.run();
      pair.lock({ kind: 'button' });
      pair.run();
      for (let i = 0; i < 8; i++) pair.pass(1_000).run();
      expect(pair.outcomeOf(attempt)?.kind, `after a lost ${lost}`).toBe('succeeded');
      expect(pair.durable.record.active?.reveal()).toEqual(pair.record?.active?.reveal());
    }
  });
});

describe('a bound lock', () => {
  it('unlocks, and the receipt proves what the bolt is', () => {
    const pair = new Pair().bind();
    const attempt = pair.operate('unlock');
    pair.run();
    expect(pair.outcomeOf(attempt)).toMatchObject({
      kind: 'succeeded',
      receipt: { attributes: { bolt: 'unlocked', batteryPercent: 90, clock: 'unset' }, clockOffsetS: undefined },
    });
    expect(pair.opened).toBe(1);
    expect(pair.events.at(-1)?.code).toBe('unlocked');
    expect(pair.durable.events).toEqual([]);
  });

  it.each(['jammed', 'battery_empty', 'privacy'] as const)('says %s and not succeeded', (result) => {
    const pair = new Pair().bind();
    pair.moveResult = result;
    const attempt = pair.operate('unlock');
    pair.run();
    expect(pair.outcomeOf(attempt)).toMatchObject({ kind: 'failed', reason: result });
    expect(pair.opened).toBe(0);
  });

  it('22 enforces the class: operate may not reset', () => {
    const pair = new Pair().bind();
    const job = { attempt: 'low', expiresAtMs: pair.now.unixMs + 10_000 };
    // A modified server side: the reset asked for under the class operate.
    pair.controller = {
      ...pair.controller,
      waiting: [
        {
          ...job,
          asks: { kind: 'command', operation: 'reset', class: 'operate', timeToLiveMs: 10_000 },
          phase: { kind: 'start' },
        },
      ],
    };
    pair.ras({ kind: 'wake' });
    pair.run();
    expect(pair.outcomeOf('low')).toMatchObject({ kind: 'failed', reason: 'not_permitted' });
    expect(pair.durable.record.active).toBeDefined();
    expect(pair.events.at(-1)?.code).toBe('refused');
  });

  it('a full ring gives up its oldest and says so; denials are counted and never make room for themselves', () => {
    const pair = new Pair().bind();
    pair.lock({ kind: 'disconnected', link: 1 });
    for (let i = 0; i < 700; i++) pair.lock({ kind: 'happened', code: 'manual_unlocked', actor: 0, detail: 0 });
    const events = pair.durable.events;
    expect(events.length).toBeLessThanOrEqual(500);
    const lost = events.filter(({ code }) => code === 'events_lost');
    expect(lost.at(-1)).toMatchObject({ actor: events[0]!.sequence - 1, detail: 50 });
    expect(events.map(({ sequence }) => sequence)).toEqual(events.map((_, at) => events[0]!.sequence + at));
  });

  it('is reset by its owner, keeps its reset count, and opens no window from afar', () => {
    const pair = new Pair().bind().pass(31 * 60_000);
    const attempt = pair.ask('unbind');
    pair.run();
    expect(pair.outcomeOf(attempt)?.kind).toBe('succeeded');
    expect(pair.durable.record).toMatchObject({ resetCount: 1, active: undefined, pending: undefined });
    expect(pair.record).toMatchObject({ active: undefined, pending: undefined });
    const again = pair.ask('bind');
    pair.run();
    expect(pair.outcomeOf(again)).toMatchObject({ kind: 'failed', reason: 'refused' });
    const late = pair.operate('unlock');
    expect(pair.run().outcomeOf(late)).toMatchObject({ kind: 'failed', reason: 'not_bound' });
    pair.powerUp();
    pair.bind();
    expect(pair.record?.resetCount).toBe(1);
    expect(pair.record?.active).toBeDefined();
  });

  it('a lower reset count is refused', () => {
    const pair = new Pair().bind();
    pair.ask('unbind');
    pair.run();
    pair.durable = { ...pair.durable, record: { ...pair.durable.record, resetCount: 0 } };
    pair.record = { ...pair.record!, resetCount: 1 };
    pair.powerUp();
    pair.restartRas();
    pair.bind();
    expect(pair.alarms).toContain('reset_count_lower');
    expect(pair.record.active).toBeUndefined();
  });

  it('has no clock to set', () => {
    const pair = new Pair().bind();
    pair.ras({ kind: 'set-time', attempt: 'clock', expiresAtMs: pair.now.unixMs + 10_000, stepBack: false });
    expect(pair.outcomeOf('clock')).toMatchObject({ kind: 'failed', reason: 'unsupported' });
  });
  it('an override and changes of access are unsupported: these locks enforce nothing without the RAS', () => {
    const pair = new Pair().bind();
    const expiresAtMs = pair.now.unixMs + 10_000;
    pair.ras({
      ...{ kind: 'operate', attempt: 'override', operation: 'override', class: 'own' },
      ...{ timeToLiveS: 10, expiresAtMs },
    });
    const change = { kind: 'mode', mode: 'lockdown', untilS: 0 } as const;
    pair.ras({ kind: 'access-change', attempt: 'change', class: 'own', expiresAtMs, change });
    for (const attempt of ['override', 'change']) {
      expect(pair.outcomeOf(attempt)).toMatchObject({ kind: 'failed', reason: 'unsupported' });
    }
    expect(maker2Controller.access).toBeUndefined();
    expect(pair.opened).toBe(0);
  });

  it('uploads what happened while nobody listened in order, once', () => {
    const pair = new Pair().bind();
    const seen = pair.events.length;
    for (let i = 0; i < 20; i++)
      pair.lock({ kind: 'happened', code: i % 2 ? 'door_closed' : 'door_opened', actor: 0, detail: i });
    pair.lock({ kind: 'disconnected', link: 1 });
    pair.lock({ kind: 'connected', link: 1 });
    pair.toRas = [];
    pair.ras({ kind: 'wake' });
    pair.operate('status');
    pair.run();
    const uploaded = pair.events
      .slice(seen)
      .filter((event, i, all) => all.findIndex((one) => one.sequence === event.sequence) === i);
    expect(uploaded.map(({ detail }) => detail)).toEqual(Array.from({ length: 20 }, (_, i) => i));
    expect(pair.durable.events).toEqual([]);
  });
});

describe('advertisement', () => {
  it('is recognised by its key alone, rotates, and its state asks for attention when it changes', () => {
    const pair = new Pair();
    const driver = maker2Driver(nodePrimitives);
    expect(driver.recognise(pair.advertised!.data, [])).toEqual({
      kind: 'unbound',
      identifier: IDENTITY.identifier,
      model: 513,
      windowOpen: true,
    });
    pair.bind();
    const first = pair.advertised!;
    const ours = { identifier: IDENTITY.identifier, maker: 'maker2', advertisementKey: pair.advertisementKey };
    const foreign = { ...ours, identifier: '000000000001', advertisementKey: new Uint8Array(16) };
    expect(driver.recognise(first.data, [foreign])).toBeUndefined();
    const sighting = driver.recognise(first.data, [foreign, ours]);
    expect(sighting).toMatchObject({ kind: 'bound', identifier: IDENTITY.identifier });
    const text = Buffer.from(first.data).toString('hex').toUpperCase();
    expect(text).not.toContain(IDENTITY.identifier);
    expect(first.address).not.toBe(IDENTITY.identifier);

    pair.pass(15 * 60_000);
    const second = pair.advertised!;
    expect(second.address).not.toBe(first.address);
    expect(second.data.slice(1, 13)).not.toEqual(first.data.slice(1, 13));
    const attention = () => pair.controllerEffects.filter(({ kind }) => kind === 'wants-attention').length;
    const beacon = () => {
      const seen = driver.recognise(pair.advertised!.data, [ours]);
      if (seen?.kind === 'bound') pair.ras({ kind: 'beacon', state: seen.state });
      return attention();
    };
    const calm = beacon();
    expect(beacon()).toBe(calm);
    pair.lock({ kind: 'happened', code: 'door_opened', actor: 0, detail: 0 });
    expect(beacon()).toBe(calm + 1);
  });

  it('keys follow from the binding key, one a purpose', () => {
    const keys = Object.values(bindingKeys(nodePrimitives, new Secret(new Uint8Array(16))));
    expect(new Set(keys.map((key) => Buffer.from(key.reveal()).toString('hex'))).size).toBe(keys.length);
  });
});
