import { type WebBluetoothRadio, webBluetoothRadio } from '@cardea/kit-web';
import { LINK_CHARACTERISTIC, LOCK_SERVICE } from '@cardea/wire-lock';
import { describe, expect, it } from 'vitest';
import { type Choice, fakeBluetooth } from '../../../kit/web/test/fake-bluetooth.ts';
import { type Behaviour, ORDER, type SceneOptions, scene } from '../../key/test/door.ts';

const OFFERED = { service: LOCK_SERVICE, characteristics: [LINK_CHARACTERISTIC] };
const HERE: Choice = { address: 'C0DEA0000101' };

/** The door of client/key's tests, before a phone whose radio is a browser's. */
async function browserAtDoor(behaviour: Behaviour = {}, choices: Choice[] = [HERE], more: SceneOptions = {}) {
  let radio: WebBluetoothRadio | undefined;
  const at = await scene(behaviour, {
    ...more,
    radioOver: (air, clock) => {
      radio = webBluetoothRadio({
        bluetooth: fakeBluetooth(air, OFFERED, choices),
        clock,
        services: [LOCK_SERVICE],
      });
      return radio;
    },
  });
  return { ...at, radio: radio! };
}

describe('a door opens over Web Bluetooth', () => {
  it.each([247, 23])('with an ATT MTU of %i, which nobody tells the page', async (mtu) => {
    const { phone, radio, seen, done } = await browserAtDoor({}, [HERE], { mtu });
    const opening = await done(phone.tap('101', 'unlock', await radio.choose()));
    expect(opening).toMatchObject({ kind: 'answered', receipt: { result: 'done', eventSequence: 7 } });
    expect(seen).toMatchObject({ presentations: 1, good: 1 });
  });

  it('and once more without another choice, and brings the order once', async () => {
    const { phone, radio, seen, done } = await browserAtDoor({}, [HERE], { order: ORDER });
    const address = await radio.choose();
    await done(phone.tap('101', 'unlock', address));
    expect(await done(phone.tap('101', 'unlock', address))).toMatchObject({ kind: 'answered' });
    expect(seen).toMatchObject({ presentations: 2, orders: 1 });
  });

  it('when the lock serves somebody else at first', async () => {
    const { phone, radio, done } = await browserAtDoor({ busyMs: 4_000 });
    expect(await done(phone.tap('101', 'unlock', await radio.choose()))).toMatchObject({ kind: 'answered' });
  });
});

describe('the outcome over Web Bluetooth is honest', () => {
  it('an impostor that was chosen gets neither grant nor signature', async () => {
    const { phone, radio, seen, done } = await browserAtDoor({ impostor: true });
    expect(await done(phone.tap('101', 'unlock', await radio.choose()))).toEqual({
      kind: 'refused',
      reason: 'other_lock',
    });
    expect(seen.presentations).toBe(0);
  });

  it('a link that is lost after the presentation is an unknown outcome', async () => {
    const { phone, radio, done } = await browserAtDoor({ hangsUpAt: 'presentation' });
    expect(await done(phone.tap('101', 'unlock', await radio.choose()))).toEqual({
      kind: 'refused',
      reason: 'unknown_outcome',
    });
  });

  it('a lock out of range was not asked', async () => {
    const { phone, radio, done, medium, identifier } = await browserAtDoor();
    const address = await radio.choose();
    medium.setFaults(identifier, { range: 'out' });
    expect(await done(phone.tap('101', 'unlock', address))).toMatchObject({ kind: 'not_connected' });
  });
});

describe('the list of devices', () => {
  it('that is closed without a choice is no choice, and no error', async () => {
    const { radio } = await browserAtDoor({}, []);
    expect(await radio.choose()).toBeUndefined();
  });

  it.each([
    new DOMException('Bluetooth adapter not available.', 'NotFoundError'),
    new DOMException('Access to the feature "bluetooth" is disallowed by permissions policy.', 'SecurityError'),
  ])('that cannot be shown says so: %s', async (error) => {
    const { radio } = await browserAtDoor({}, [{ error }]);
    await expect(radio.choose()).rejects.toMatchObject({ name: 'RadioError', code: 'unsupported' });
  });

  it('offers nothing that was not chosen', async () => {
    const { radio } = await browserAtDoor();
    await expect(radio.connect('C0DEA0000101', { timeoutMs: 1_000 })).rejects.toMatchObject({ code: 'out-of-range' });
  });
});
