import { createHmac } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seededRandom, settle } from '@cardea/kit-node';
import { createVirtualClock, type LogFields, Secret } from '@cardea/kit-runtime';
import type { Notice } from '@cardea/server-core';
import { afterEach, describe, expect, it } from 'vitest';
import {
  createNotifier,
  createSmsHook,
  type Message,
  NotifyError,
  OUTBOX_MOST,
  openOutbox,
  signatureOf,
} from '../src/index.ts';
import { wordsOf } from '../src/texts.ts';

const START_MS = Date.UTC(2026, 0, 15, 12);
const notice = (change: Partial<Notice> = {}): Notice => ({
  channel: 'email',
  address: 'gwen@guest.test',
  kind: 'registration',
  organization: 'Hotel',
  name: 'Gwen',
  answer: { verificationId: 'ver_1', code: new Secret('123456'), expiresAt: START_MS + 600_000 },
  ...change,
});

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});
const folderOf = (): string => {
  folders.push(mkdtempSync(join(tmpdir(), 'cardea-notify-')));
  return folders.at(-1) ?? '';
};

/** A notifier whose sender fails as often as told. */
function notifierThat(failures: number) {
  const clock = createVirtualClock(START_MS, settle);
  const sent: Message[] = [];
  const lines: string[] = [];
  let tries = 0;
  const write = (message: string, fields: LogFields = {}) => void lines.push(JSON.stringify({ message, ...fields }));
  const notifier = createNotifier({
    senders: {
      email: {
        async send(message) {
          if (++tries <= failures) throw new NotifyError('not_sent', 'the mail server mail.test did not take it (451)');
          sent.push(message);
        },
      },
    },
    clock,
    random: seededRandom('notify'),
    log: { debug: write, info: write, warn: write, error: write },
  });
  return { clock, sent, lines, notifier, tries: () => tries };
}

describe('the notifier', () => {
  it('offers the channels that have a sender, and sends at once', async () => {
    const { notifier, sent, lines } = notifierThat(0);
    expect(notifier.channels).toEqual(['email']);
    notifier.send(notice());
    notifier.send(notice({ channel: 'sms', address: '+4930123456' }));
    await settle();
    expect(sent).toHaveLength(1);
    expect(sent[0]?.text).toContain('123456');
    // The log says that, never what and to whom.
    expect(lines.join()).not.toMatch(/123456|guest\.test|Gwen/);
  });

  it('tries four times, then gives up; a try is known by the same id', async () => {
    const kept = notifierThat(3);
    kept.notifier.send(notice());
    for (const ms of [0, 2_000, 15_000, 90_000]) {
      await settle();
      await kept.clock.advance(ms);
    }
    await settle();
    expect([kept.sent.length, kept.tries()]).toEqual([1, 4]);
    const lost = notifierThat(99);
    lost.notifier.send(notice());
    await settle();
    await lost.clock.advance(3_600_000);
    expect([lost.sent.length, lost.tries()]).toEqual([0, 4]);
  });

  it('forgets what is under way to an address, and after its end sends nothing', async () => {
    const { clock, notifier, sent, tries } = notifierThat(1);
    notifier.send(notice());
    await settle();
    await notifier.forget('gwen@guest.test');
    await clock.advance(3_600_000);
    notifier.close();
    notifier.send(notice());
    await settle();
    expect([sent.length, tries()]).toEqual([0, 1]);
  });
});

describe('the words', () => {
  it.each(['registration', 'recovery', 'invitation'] as const)(
    'of %s carry a link into the phone app, its secret where no server hears of it',
    (kind) => {
      const { text } = wordsOf(notice({ kind }), 'https://door.example.org');
      const [link = ''] = /^https:.*$/m.exec(text) ?? [];
      const { pathname, search, hash } = new URL(link);
      expect([pathname, search]).toEqual(['/phone/join', '']);
      expect(hash).toMatch(/^#ver_[^.]+\.123456$/);
    },
  );

  it('carry no link where there is no phone app, or where nothing but a code is asked for', () => {
    expect(wordsOf(notice({ kind: 'invitation' })).text).not.toContain('http');
    expect(wordsOf(notice({ kind: 'contact' }), 'https://door.example.org').text).not.toContain('http');
    expect(wordsOf(notice({ kind: 'password_changed', answer: null }), 'https://door.example.org').text).not.toContain(
      'http',
    );
  });

  it.each(['registration', 'recovery', 'contact', 'invitation'] as const)(
    'of %s hold code, reference and end',
    (kind) => {
      const { text } = wordsOf(notice({ kind }));
      for (const part of ['123456', 'ver_1', '2026-01-15 12:10 UTC', 'Gwen', 'Hotel']) expect(text).toContain(part);
    },
  );

  it('let nobody write a message of his own by a name', () => {
    const name = `x\r\nBcc: all@world.test\u2028${'y'.repeat(500)} https://evil.test`;
    const { subject, text } = wordsOf(notice({ name, organization: name }));
    expect(subject).not.toMatch(/[\r\n\u2028]/);
    expect(text.split('\n')[0]?.length).toBeLessThan(120);
    expect(text).not.toContain('https://');
  });

  it.each(['known_address', 'password_changed', 'second_factor_removed'] as const)('of %s hold no code', (kind) => {
    expect(wordsOf(notice({ kind, answer: null })).text).not.toMatch(/\d{6}|ver_/);
  });
});

describe('the outbox', () => {
  it('keeps each message in a file of mode 0600, newest first, and forgets an address', async () => {
    const folder = join(folderOf(), 'outbox');
    const outbox = openOutbox(folder, () => START_MS);
    for (const [n, to] of ['a@a.test', '+4930123456', 'a@a.test'].entries()) {
      await outbox.sender(to.startsWith('+') ? 'sms' : 'email').send({ id: `m${n}`, to, subject: 's', text: `t${n}` });
    }
    writeFileSync(join(folder, 'strange.json'), 'not a message');
    expect((await outbox.list()).map(({ text, channel }) => [text, channel])).toEqual([
      ['t2', 'email'],
      ['t1', 'sms'],
      ['t0', 'email'],
    ]);
    for (const name of readdirSync(folder)) {
      if (name !== 'strange.json') expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
    await outbox.forget('a@a.test');
    expect((await outbox.list()).map(({ text }) => text)).toEqual(['t1']);
  });

  it(`keeps ${OUTBOX_MOST} messages`, async () => {
    const outbox = openOutbox(folderOf(), () => START_MS);
    const sender = outbox.sender('email');
    for (let n = 0; n < OUTBOX_MOST + 3; n++) await sender.send({ id: `m${n}`, to: 'a', subject: '', text: String(n) });
    const kept = await outbox.list();
    expect([kept.length, kept.at(-1)?.text]).toEqual([OUTBOX_MOST, '3']);
  }, 30_000);
});

describe('the SMS hook (Standard Webhooks 1.0)', () => {
  const secret = new Secret('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
  const key = new Secret(Buffer.from('MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'base64'));

  it('signs as the example of the specification’s libraries', () => {
    const body = '{"test": 2432232314}';
    expect(signatureOf(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330, body)).toBe(
      'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    );
  });

  it('posts once, signed over exactly what it posts; another answer than 2xx is no', async () => {
    const seen: { headers: Record<string, unknown>; body: string }[] = [];
    let status = 204;
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (part: string) => {
        body += part;
      });
      request.on('end', () => {
        seen.push({ headers: request.headers, body });
        response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      const { port } = server.address() as AddressInfo;
      const sender = createSmsHook({ url: `http://127.0.0.1:${port}/sms`, secret }, { now: () => START_MS });
      const message = { id: 'msg_1', to: '+4930123456', subject: 'secret', text: 'code 123456' };
      await sender.send(message);
      const [{ headers, body } = { headers: {}, body: '' }] = seen;
      expect(JSON.parse(body)).toEqual({
        type: 'sms.send',
        timestamp: '2026-01-15T12:00:00.000Z',
        data: { to: '+4930123456', text: 'code 123456' },
      });
      const signed = createHmac('sha256', key.reveal())
        .update(`msg_1.${START_MS / 1000}.${body}`)
        .digest('base64');
      expect(headers).toMatchObject({
        'webhook-id': 'msg_1',
        'webhook-timestamp': String(START_MS / 1000),
        'webhook-signature': `v1,${signed}`,
      });
      for (const other of [500, 302, 404]) {
        status = other;
        await expect(sender.send(message)).rejects.toMatchObject({ code: 'not_sent' });
      }
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
    const gone = createSmsHook({ url: 'http://127.0.0.1:9/sms', secret }, { now: () => START_MS });
    const refused = await gone.send({ id: 'm', to: '+49', subject: '', text: '123456' }).catch((error: Error) => error);
    expect(refused).toMatchObject({ code: 'not_sent', message: 'the SMS hook at 127.0.0.1:9 was not reached' });
  });

  it.each(['', 'MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_c2hvcnQ='])('takes no secret like %j', (given) => {
    expect(() => createSmsHook({ url: 'https://sms.test/', secret: new Secret(given) }, { now: () => 0 })).toThrow(
      NotifyError,
    );
  });
});
