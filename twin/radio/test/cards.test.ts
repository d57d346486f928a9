import { connectTcp, seededRandom, settle, systemClock } from '@cardea/kit-node';
import type { CardContact, ContactlessCard } from '@cardea/kit-radio';
import { createVirtualClock } from '@cardea/kit-runtime';
import { joinAir } from '@cardea/wire-air';
import { afterEach, describe, expect, it } from 'vitest';
import { createMedium, type Hub, type HubOptions, holdCard, runHub } from '../src/index.ts';

/** A card that answers with what it was asked, backwards, and knows whether it has power. */
function echoCard() {
  const seen = { left: 0 };
  const card: ContactlessCard = {
    respond: async (command) => command.slice().reverse(),
    left() {
      seen.left++;
    },
  };
  return { card, seen };
}

describe('a card in the field of a reader', () => {
  it('answers after the time that its octets take on the air', async () => {
    const clock = createVirtualClock(0, settle);
    const { contact } = holdCard(clock, echoCard().card);
    let answer: Uint8Array | undefined;
    void contact.transceive(Uint8Array.of(1, 2, 3)).then((response) => {
      answer = response;
    });
    await clock.runUntil(() => answer !== undefined);
    expect(answer).toEqual(Uint8Array.of(3, 2, 1));
    expect(clock.monotonic()).toBeGreaterThan(4);
  });

  it('is gone once it is taken away: what waits for it ends, and it hears nothing more', async () => {
    const clock = createVirtualClock(0, settle);
    const { contact, withdraw } = holdCard(clock, echoCard().card);
    let gone = 0;
    contact.onGone(() => gone++);
    const asked = contact.transceive(Uint8Array.of(1));
    withdraw();
    await expect(asked).rejects.toMatchObject({ code: 'disconnected' });
    await expect(contact.transceive(Uint8Array.of(1))).rejects.toMatchObject({ code: 'disconnected' });
    expect(gone).toBe(1);
  });

  it('answers one command at a time, of at most 261 octets', async () => {
    const { contact } = holdCard(createVirtualClock(0, settle), echoCard().card);
    void contact.transceive(Uint8Array.of(1));
    await expect(contact.transceive(Uint8Array.of(2))).rejects.toMatchObject({ code: 'busy' });
    const other = holdCard(createVirtualClock(0, settle), echoCard().card).contact;
    await expect(other.transceive(new Uint8Array(262))).rejects.toMatchObject({ code: 'unsupported' });
  });
});

describe('cards over a hub', () => {
  const token = new Uint8Array(32).fill(5);
  let hub: Hub;
  afterEach(() => hub.close());

  async function scene(card: NonNullable<HubOptions['card']>) {
    const clock = systemClock();
    hub = await runHub({
      host: '127.0.0.1',
      port: 0,
      token,
      medium: createMedium({ clock, random: seededRandom('cards') }),
      card,
    });
    const join = async (name: string, onCard?: (reader: string, contact: CardContact) => void) =>
      joinAir(await connectTcp('127.0.0.1', hub.port), { token, name, ...(onCard && { onCard }) });
    return { join };
  }

  it('a card of one process meets the reader of a lock in the hub’s own', async () => {
    const contacts: [string, CardContact][] = [];
    const { join } = await scene((reader, contact) => {
      if (reader !== 'C0DEA0000101') return false;
      contacts.push([reader, contact]);
      return true;
    });
    const phone = await join('phone');
    const { card, seen } = echoCard();
    const withdraw = await phone.present('C0DEA0000101', card);
    const contact = contacts[0]![1];
    expect(await contact.transceive(Uint8Array.of(4, 5))).toEqual(Uint8Array.of(5, 4));
    const gone = new Promise<void>((resolve) => contact.onGone(resolve));
    withdraw();
    await gone;
    expect(seen.left).toBe(0);
    await expect(phone.present('C0DEA0000102', card)).rejects.toThrow('no virtual lock C0DEA0000102 is on this air');
    phone.close();
  });

  it('the reader may be in another process; when that ends, the card has no field', async () => {
    const { join } = await scene(() => false);
    const held: CardContact[] = [];
    const lock = await join('lock process', (_, contact) => held.push(contact));
    lock.radio.serve(
      { uuid: '00000000-0000-0000-0000-000000000001', characteristics: [] },
      { connected: () => {}, written: () => {}, disconnected: () => {} },
      { name: 'C0DEA0000101', bluetooth: '5.0', mtu: 247 },
    );
    await lock.peripherals();
    const phone = await join('phone');
    let left = () => {};
    const fieldGone = new Promise<void>((resolve) => {
      left = resolve;
    });
    await phone.present('C0DEA0000101', { respond: async (command) => Uint8Array.of(command.length), left });
    await expect.poll(() => held.length).toBe(1);
    expect(await held[0]!.transceive(new Uint8Array(200))).toEqual(Uint8Array.of(200));
    lock.close();
    await fieldGone;
    phone.close();
  });

  it('a card whose process ends has left', async () => {
    const held: CardContact[] = [];
    const { join } = await scene((_, contact) => held.push(contact) > 0);
    const phone = await join('phone');
    await phone.present('C0DEA0000101', { respond: () => new Promise(() => {}), left: () => {} });
    const asked = held[0]!.transceive(Uint8Array.of(1));
    phone.close();
    await expect(asked).rejects.toMatchObject({ code: 'disconnected' });
  });
});
