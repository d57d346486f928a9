import { expect, it } from 'vitest';
import { MESSAGE } from '../src/index.ts';
import { ask, boundLock, nowS, ofKind } from './device-bench.ts';

it('a bound lock opens for a fresh command and answers with one receipt', () => {
  const { lock, ras } = boundLock();
  const none = ask(lock, ras, { name: 'lock_control', operation: 'unlock', timeToLiveS: 10, stampS: nowS(lock) });
  expect(none).toBeUndefined();
  const receipts = ofKind(lock.act(), MESSAGE.receipt);
  expect(receipts).toHaveLength(1);
  expect(ras.answer(receipts[0]!.octets)).toMatchObject({ kind: 'receipt', id: 3, result: 'done', clock: 'valid' });
});
