import { nodePrimitives, seededDh, seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, Secret } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import {
  createDevice,
  createDomain,
  domainAddress,
  isJoined,
  type KsnInput,
  type KsnState,
  openKsn,
  type RunningNode,
  runNode,
  type ScpmEffect,
  serialKeyOf,
  stepDevice,
  stepKsn,
} from '../src/index.ts';

const settings = { profile: 'hardened', addressSize: 6, ivLayout: 'repeat' } as const;

it('a key setting node and a lock, run by the clock, with records that take their time', async () => {
  const clock = createVirtualClock(Date.UTC(2026, 0, 5), settle);
  const random = seededRandom(1);
  const dh = seededDh(random);
  const serialKey = serialKeyOf(nodePrimitives, random.octets(16));
  const address = domainAddress(nodePrimitives, serialKey);
  const delivered: Extract<ScpmEffect, { readonly kind: 'deliver' }>[] = [];
  const order: string[] = [];
  const records = new Map<string, Uint8Array>();

  const parts = { primitives: nodePrimitives, clock, random, dh };
  const failed = (error: unknown): never => {
    throw error;
  };
  const slowly = (name: string, octets: Uint8Array | undefined): Promise<void> =>
    new Promise((resolve) => {
      clock.after(7, () => {
        if (octets !== undefined) records.set(name, octets);
        order.push(`stored ${name}`);
        resolve();
      });
    });
  const ksn: RunningNode<KsnState, KsnInput> = runNode({
    ...parts,
    state: createDomain({
      settings,
      address: domainAddress(nodePrimitives, random.octets(16)),
      preferred: 1,
      group: 2,
      userKey: new Secret(random.octets(16)),
    }),
    step: stepKsn,
    persist: slowly,
    failed,
    perform: (effect) => {
      if (effect.kind === 'transmit') clock.after(2, () => device.input({ kind: 'frame', octets: effect.octets }));
    },
  });
  const device = runNode({
    ...parts,
    state: createDevice({ settings, address, serialKey: new Secret(serialKey), algorithms: [1, 2] }, undefined),
    step: stepDevice,
    persist: slowly,
    failed,
    perform: (effect) => {
      if (effect.kind === 'transmit') {
        order.push('device transmits');
        clock.after(2, () => ksn.input({ kind: 'frame', octets: effect.octets }));
      } else if (effect.kind === 'deliver') delivered.push(effect);
    },
  });

  device.input({ kind: 'setting-mode' });
  ksn.input({ kind: 'join', device: address, serialKey: new Secret(serialKey) });
  await clock.runUntil(() => isJoined(ksn.state, address), 60_000);
  const octets = random.octets(500);
  ksn.input({ kind: 'send', to: address, keyIndex: 1, octets, token: 1, expiresAtMs: undefined });
  await clock.runUntil(() => delivered.length > 0, 60_000);
  expect(delivered[0]?.octets).toEqual(octets);
  // No response leaves before what it rests on is stored.
  expect(order.indexOf('stored device')).toBeLessThan(order.lastIndexOf('device transmits'));
  ksn.stop();
  const domain = records.get('domain');
  const others = [...records].filter(([name]) => name.startsWith('device-')).map(([, each]) => each);
  expect(domain && isJoined(openKsn(domain, others), address)).toBe(true);
});

it('of a serial key follows an address that is given locally and means one node', () => {
  const random = seededRandom(2);
  for (let i = 0; i < 200; i++) {
    const [first = 0] = domainAddress(nodePrimitives, random.octets(16));
    expect(first & 0x03).toBe(0x02);
  }
});
