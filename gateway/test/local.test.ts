import { toHex } from '@cardea/kit-octets';
import { frameLocal, type LocalMessage, LocalStream } from '@cardea/wire-route';
import { beforeEach, describe, expect, it } from 'vitest';
import { LOCAL_LIMITS } from '../src/local/local-desk.ts';
import { Estate } from './estate.ts';

const LOCK = '0000000000A1';
const OTHER = '0000000000B2';

/** A phone at the local endpoint, by hand. */
function visit(estate: Estate) {
  const stream = new LocalStream();
  const heard: LocalMessage[] = [];
  let toGateway: (octets: Uint8Array) => void = () => {};
  let closed: () => void = () => {};
  let here = true;
  estate.gateway.local.accept({
    send: (octets) => void heard.push(...stream.push(octets)),
    onData: (listener) => {
      toGateway = listener;
    },
    onClose: (listener) => {
      closed = listener;
    },
    close: () => {
      here = false;
    },
  });
  return {
    heard,
    say: (message: LocalMessage) => toGateway(frameLocal(message)),
    sayOctets: (octets: Uint8Array) => toGateway(octets),
    leave: () => closed(),
    get here() {
      return here;
    },
  };
}

const refused = (reason: Extract<LocalMessage, { readonly kind: 'refused' }>['reason']): LocalMessage => ({
  kind: 'refused',
  reason,
});

describe('the local endpoint of a gateway', () => {
  let estate: Estate;
  beforeEach(async () => {
    estate = new Estate(1);
    await estate.gateway.start();
    for (const lock of [LOCK, OTHER]) estate.addLock(lock, 'cardea', '5.0', () => ({ kind: 'answers', afterMs: 50 }));
    estate.serve({ identifier: LOCK, maker: 'cardea' }, { identifier: OTHER, maker: 'cardea' });
    await estate.clock.advance(3_000);
    // The server is gone for good.
    estate.goOnline(false);
  });

  it('carries the messages of a mobile key to the lock and back, and tells the RAS nothing of them', async () => {
    const before = estate.reports.length;
    const phone = visit(estate);
    phone.say({ kind: 'open', lock: LOCK });
    expect(phone.heard).toEqual([{ kind: 'opened' }]);
    phone.say({ kind: 'message', octets: Uint8Array.of(0x20, 1, 2, 3) });
    await estate.clock.advance(2_000);
    expect(estate.received.map(({ lock, octets }) => `${lock} ${toHex(octets)}`)).toEqual([`${LOCK} 20010203`]);
    expect(phone.heard.at(-1)).toEqual({ kind: 'message', octets: Uint8Array.of(0x20, 1, 2, 3) });
    estate.goOnline(true);
    await estate.clock.advance(5_000);
    expect(estate.reports.slice(before).filter(({ kind }) => kind === 'frame' || kind === 'progress')).toEqual([]);
  });

  it.each([
    ['a lock that is not served here', 'FFFFFFFFFFFF', 'unknown_lock'],
    ['a second phone at one lock', LOCK, 'busy'],
  ] as const)('%s', (_, lock, reason) => {
    const first = visit(estate);
    first.say({ kind: 'open', lock: LOCK });
    const phone = visit(estate);
    phone.say({ kind: 'open', lock });
    expect(phone.heard).toEqual([refused(reason)]);
    expect([phone.here, first.here]).toEqual([false, true]);
  });

  it('a lock that nobody hears', () => {
    estate.serve({ identifier: LOCK, maker: 'cardea' }, { identifier: 'CCCCCCCCCCCC', maker: 'cardea' });
    const phone = visit(estate);
    phone.say({ kind: 'open', lock: 'CCCCCCCCCCCC' });
    expect(phone.heard).toEqual([refused('not_heard')]);
  });

  it('a lock is free again when the phone before has left', () => {
    const first = visit(estate);
    first.say({ kind: 'open', lock: LOCK });
    first.leave();
    const phone = visit(estate);
    phone.say({ kind: 'open', lock: LOCK });
    expect(phone.heard).toEqual([{ kind: 'opened' }]);
  });

  it('each phone has a connection to the lock of its own, which is good for one key', async () => {
    const before = estate.connections.length;
    for (const octet of [1, 2]) {
      const phone = visit(estate);
      phone.say({ kind: 'open', lock: LOCK });
      phone.say({ kind: 'message', octets: Uint8Array.of(0x20, octet) });
      await estate.clock.advance(1_000);
      expect(phone.heard.at(-1)).toEqual({ kind: 'message', octets: Uint8Array.of(0x20, octet) });
      phone.leave();
      await estate.clock.advance(200);
    }
    expect(estate.connections.length - before).toBe(2);
  });

  it('more phones than there is room for are sent away, and no other is', () => {
    const phones = Array.from({ length: LOCAL_LIMITS.visitors + 1 }, () => visit(estate));
    expect(phones.map(({ here }) => here)).toEqual([...Array(LOCAL_LIMITS.visitors).fill(true), false]);
    expect(phones.at(-1)?.heard).toEqual([refused('busy')]);
    expect(estate.gateway.local.visitors).toBe(LOCAL_LIMITS.visitors);
  });

  it.each<[string, (phone: ReturnType<typeof visit>) => void]>([
    ['says what has no meaning', (phone) => phone.sayOctets(Uint8Array.of(0, 1, 0x77))],
    ['says a length that no message has', (phone) => phone.sayOctets(Uint8Array.of(0xff, 0xff))],
    ['sends before it said which lock', (phone) => phone.say({ kind: 'message', octets: Uint8Array.of(1) })],
    ['speaks as a gateway does', (phone) => phone.say({ kind: 'opened' })],
    [
      'asks for a second lock',
      (phone) => {
        phone.say({ kind: 'open', lock: LOCK });
        phone.say({ kind: 'open', lock: OTHER });
      },
    ],
    [
      'says more than an exchange has',
      (phone) => {
        phone.say({ kind: 'open', lock: LOCK });
        for (let i = 0; i <= LOCAL_LIMITS.messages; i++) phone.say({ kind: 'message', octets: Uint8Array.of(0x20, i) });
      },
    ],
  ])('whoever %s is sent away', (_, act) => {
    const phone = visit(estate);
    act(phone);
    expect(phone.heard.at(-1)).toEqual(refused('ended'));
    expect(phone.here).toBe(false);
    expect(estate.gateway.local.visitors).toBe(0);
  });

  it('whoever says nothing, or stays, is sent away in time', async () => {
    const silent = visit(estate);
    const stays = visit(estate);
    stays.say({ kind: 'open', lock: LOCK });
    await estate.clock.advance(LOCAL_LIMITS.greetingMs);
    expect([silent.here, stays.here]).toEqual([false, true]);
    await estate.clock.advance(LOCAL_LIMITS.stayMs);
    expect(stays.here).toBe(false);
  });
});
