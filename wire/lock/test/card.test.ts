import { concat } from '@cardea/kit-octets';
import type { OfflineGrant } from '@cardea/wire-profile';
import { expect, it } from 'vitest';
import { METHOD } from '../src/index.ts';
import { CardBench, holdCard } from './card-bench.ts';
import { boundLock, poweredLock } from './device-bench.ts';
import { bundleOf, GRANT_ACTOR, grantFor, newPhone, Tap } from './phone-bench.ts';

function reader(change: Partial<OfflineGrant> = {}) {
  const { lock, bindingKey } = boundLock();
  const chip = newPhone();
  const bundle = bundleOf(bindingKey, grantFor(chip, change));
  return { lock, chip, bundle, bindingKey, card: new CardBench(chip.privateKey, [bundle]) };
}

const acts = ({ effects }: { readonly effects: readonly { readonly kind: string }[] }) =>
  effects.filter(({ kind }) => kind === 'act').length;

it('a card opens by the key in its chip, and its event says that it was a card', () => {
  const { lock, card } = reader();
  holdCard(lock, (command) => card.command(command));
  expect(card.end).toMatchObject({ kind: 'done', receipt: { result: 'done', bits: { boltOut: false } } });
  expect(lock.durable.events.at(-1)).toMatchObject({ code: 'unlocked', actor: GRANT_ACTOR, detail: METHOD.card });
});

it('a card whose grant is over is told so by the lock’s receipt', () => {
  const { lock, card } = reader({ leaseEndS: 1 });
  holdCard(lock, (command) => card.command(command));
  expect(card.end).toMatchObject({ kind: 'done', receipt: { result: 'expired' } });
  expect(acts(lock)).toBe(0);
});

it('a copy of all that a card gives away, without its key, opens nothing', () => {
  const { lock, bundle } = reader();
  const copy = new CardBench(newPhone().privateKey, [bundle]);
  holdCard(lock, (command) => copy.command(command));
  expect(copy.end).toMatchObject({ kind: 'refused' });
  expect(acts(lock)).toBe(0);
});

it.each([
  ['only has a unique identifier', Uint8Array.of(0x6d, 0x00)],
  ['is of another application', Uint8Array.of(0x6a, 0x82)],
  ['says nothing that can be read', Uint8Array.of(0x90)],
  ['answers to everything', concat(new Uint8Array(200), Uint8Array.of(0x90, 0x00))],
])('a card that %s is nobody, and is asked no more', (_, response) => {
  const { lock } = reader();
  let asked = 0;
  holdCard(lock, () => {
    asked++;
    return response;
  });
  expect(asked).toBe(1);
  expect(lock.state.exchanges).toEqual([]);
});

it('a card that plays back what another said opens nothing', () => {
  const { lock, card } = reader();
  const said: (Uint8Array | undefined)[] = [];
  holdCard(lock, (command) => {
    const response = card.command(command);
    said.push(response);
    return response;
  });
  const before = acts(lock);
  holdCard(lock, () => said.shift());
  expect(acts(lock)).toBe(before);
});

it('a card that is taken away leaves the reader to the next', () => {
  const { lock, card } = reader();
  let commands = 0;
  holdCard(lock, (command) => (++commands === 3 ? undefined : card.command(command)));
  lock.input({ kind: 'card-gone' });
  expect(lock.state.exchanges).toEqual([]);
  const next = new CardBench(newPhone().privateKey, []);
  holdCard(lock, (command) => next.command(command));
  expect(acts(lock)).toBe(0);
});

it('the next card begins anew, though nobody saw the one before leave', () => {
  const { lock, card, chip, bundle } = reader();
  let commands = 0;
  holdCard(lock, (command) => (++commands === 3 ? undefined : card.command(command)));
  expect(lock.state.exchanges).toHaveLength(1);
  const next = new CardBench(chip.privateKey, [bundle]);
  holdCard(lock, (command) => next.command(command));
  expect(next.end).toMatchObject({ kind: 'done', receipt: { result: 'done' } });
});

it('what comes from a card that is gone is not listened to', () => {
  const { lock } = reader();
  lock.input({ kind: 'card-presented' });
  lock.input({ kind: 'card-gone' });
  const before = lock.effects.length;
  lock.input({ kind: 'card-answered', octets: Uint8Array.of(1, 0x90, 0x00) });
  expect(lock.effects.slice(before).filter(({ kind }) => kind === 'card-command')).toEqual([]);
});

it('phones that hold both their places do not keep a card out', () => {
  const { lock, card, bundle, chip } = reader();
  for (const link of [7, 8]) new Tap(lock, chip, bundle, 'unlock', link).carry();
  expect(lock.state.exchanges).toHaveLength(2);
  holdCard(lock, (command) => card.command(command));
  expect(card.end).toMatchObject({ kind: 'done', receipt: { result: 'done' } });
});

it('a lock that is not bound asks no card', () => {
  const lock = poweredLock();
  lock.input({ kind: 'card-presented' });
  expect(lock.effects.some(({ kind }) => kind === 'card-command')).toBe(false);
});
