import { settle } from '@cardea/kit-node';
import { createVirtualClock, silentLog } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import { ServerError } from '../errors.ts';
import type { ServerIdentity } from './authority.ts';
import { type CertificateNews, createCertificateKeeper, type PublicSource, type UsualSource } from './keeper.ts';
import type { ShownCertificates } from './shown.ts';

const DAY_MS = 86_400_000;
const BEGIN_MS = Date.UTC(2031, 0, 1);

const identity = (name: string, notBeforeMs: number, days: number): ServerIdentity => ({
  certificate: name,
  key: `key of ${name}`,
  authorityFile: undefined,
  notBeforeMs,
  notAfterMs: notBeforeMs + days * DAY_MS,
  made: [],
});

function world(options: { usual?: UsualSource['read']; public?: Partial<PublicSource> }) {
  const clock = createVirtualClock(BEGIN_MS, settle);
  let usual = identity('usual', BEGIN_MS, 397);
  let publicly: ServerIdentity | undefined;
  const shown: ShownCertificates = {
    get usual() {
      return usual;
    },
    get public() {
      return publicly;
    },
    options: () => ({}),
    show: (one) => {
      usual = one;
    },
    showPublic: (one) => {
      publicly = one;
    },
    onChange() {},
  };
  const news: CertificateNews[] = [];
  const keeper = createCertificateKeeper({
    clock,
    log: silentLog,
    draw: () => 0,
    shown,
    usual: { everyMs: 3_600_000, read: options.usual ?? (async () => usual) },
    public:
      options.public === undefined
        ? undefined
        : {
            name: 'authority.example',
            kept: async () => undefined,
            obtain: async () => {
              throw new ServerError('acme', 'no', 'no');
            },
            ...options.public,
          },
    onNews: (one) => news.push(one),
  });
  return { clock, shown, news, keeper };
}

it('a public certificate is got once, then again after two thirds of each life, for years', async () => {
  const atDays: number[] = [];
  const { clock, keeper, shown } = world({
    public: {
      obtain: async () => {
        atDays.push(Math.round((clock.now() - BEGIN_MS) / DAY_MS));
        return identity(`public ${atDays.length}`, clock.now(), 90);
      },
    },
  });
  await keeper.start();
  await clock.advance(365 * DAY_MS);
  keeper.stop();
  expect(atDays).toEqual([0, 60, 120, 180, 240, 300, 360]);
  expect(shown.public?.certificate).toBe('public 7');
});

it('what an earlier process got is shown at the start, and nobody is asked before it is due', async () => {
  let orders = 0;
  const kept = identity('kept', BEGIN_MS - 50 * DAY_MS, 90);
  const { clock, keeper, shown, news } = world({
    public: {
      kept: async () => kept,
      obtain: async () => identity(`new ${++orders}`, clock.now(), 90),
    },
  });
  await keeper.start();
  expect(shown.public).toBe(kept);
  await clock.advance(9 * DAY_MS);
  expect(orders).toBe(0);
  await clock.advance(2 * DAY_MS);
  expect([orders, shown.public?.certificate]).toEqual([1, 'new 1']);
  expect(news).toMatchObject([{ kind: 'renewed', certificate: 'public' }]);
  keeper.stop();
});

it('on a machine whose clock is months ahead the authority is not asked again and again', async () => {
  let orders = 0;
  const { clock, keeper } = world({
    public: {
      async obtain() {
        if (orders === 10) throw new ServerError('acme', 'rateLimited', 'wait');
        return identity(`new ${++orders}`, clock.now() - 70 * DAY_MS, 90);
      },
    },
  });
  await keeper.start();
  await clock.advance(60_000);
  expect(orders).toBe(1);
  await clock.advance(10 * DAY_MS);
  expect(orders).toBe(4);
  keeper.stop();
});

it('an expired one of an earlier process is not shown', async () => {
  const { keeper, shown } = world({ public: { kept: async () => identity('old', BEGIN_MS - 91 * DAY_MS, 90) } });
  await keeper.start();
  expect(shown.public).toBeUndefined();
  keeper.stop();
});

it('while the authority refuses, what is shown stays, the waits grow, and the first success ends them', async () => {
  const atMinutes: number[] = [];
  let good = false;
  const { clock, keeper, shown, news } = world({
    public: {
      obtain: async () => {
        atMinutes.push(Math.round((clock.now() - BEGIN_MS) / 60_000));
        if (!good) throw new ServerError('acme', 'down', 'wait');
        return identity('public', clock.now(), 90);
      },
    },
  });
  await keeper.start();
  await clock.advance(2 * 3_600_000);
  expect(atMinutes).toEqual([0, 5, 20, 50, 110]);
  expect(news.map(({ kind, failures }) => `${kind} ${failures}`)).toEqual([1, 2, 3, 4, 5].map((n) => `failed ${n}`));
  expect(shown.usual.certificate).toBe('usual');
  good = true;
  await clock.advance(3 * 3_600_000);
  expect(shown.public?.certificate).toBe('public');
  keeper.stop();
});

it('the wait that the authority asks for is kept', async () => {
  const atHours: number[] = [];
  const { clock, keeper } = world({
    public: {
      obtain: async () => {
        atHours.push(Math.round((clock.now() - BEGIN_MS) / 3_600_000));
        throw new ServerError('acme', 'rateLimited', 'wait', 100 * 3_600_000);
      },
    },
  });
  await keeper.start();
  await clock.advance(201 * 3_600_000);
  keeper.stop();
  expect(atHours).toEqual([0, 100, 200]);
});

it('SIGHUP: a failed renewal is tried at once, a good one is left alone', async () => {
  let tries = 0;
  const { clock, keeper } = world({
    public: {
      obtain: async () => {
        if (++tries < 2) throw new ServerError('acme', 'down', 'wait');
        return identity('public', clock.now(), 90);
      },
    },
  });
  await keeper.start();
  await clock.advance(1_000);
  await keeper.reload();
  await keeper.reload();
  expect(tries).toBe(2);
  keeper.stop();
});

it('files changed on disk are shown; files that cannot be shown leave the old certificate in place', async () => {
  let read: () => Promise<ServerIdentity> = async () => identity('renewed', BEGIN_MS, 397);
  const { clock, keeper, shown, news } = world({ usual: () => read() });
  await keeper.start();
  await clock.advance(2 * 3_600_000);
  expect(shown.usual.certificate).toBe('renewed');
  read = async () => {
    throw new ServerError('certificate', 'the key is not the key of the certificate', 'give both');
  };
  await clock.advance(3 * 3_600_000);
  expect(shown.usual.certificate).toBe('renewed');
  expect(news.map(({ kind, certificate, failures }) => [kind, certificate, failures])).toEqual([
    ['renewed', 'usual', 0],
    ['failed', 'usual', 1],
    ['failed', 'usual', 2],
    ['failed', 'usual', 3],
  ]);
  keeper.stop();
});

it('after stop nothing is asked of anybody', async () => {
  let tries = 0;
  const { clock, keeper } = world({
    public: {
      obtain: async () => {
        tries++;
        throw new ServerError('acme', 'down', 'wait');
      },
    },
  });
  await keeper.start();
  keeper.stop();
  await clock.advance(30 * DAY_MS);
  expect(tries).toBe(0);
});
