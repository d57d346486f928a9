import { describe, expect, it } from 'vitest';
import { sha1 } from '../../main/src/scram.ts';
import { DOMAIN, type PeerConfig, slixmppIsPresent, stretched, withSlixmpp } from './slixmpp.ts';

if (!slixmppIsPresent) console.log('not run: slixmpp');
const required = process.env.REQUIRE_PEERS === '1';

const FRAME = {
  kind: 'frame',
  id: 'att_2',
  lock: 'A1B2C3D4E5F6',
  channel: 1,
  expiresAtS: 1_900_000_000,
  octets: Uint8Array.of(0, 1, 2),
} as const;

describe.skipIf(!slixmppIsPresent && !required)('slixmpp, an independent client', () => {
  it('over TLS 1.3: signs in, binds bgw, is pinged and answers, pings, reports, and takes a frame', async () => {
    await withSlixmpp({}, async ({ start, reports, offline, door }) => {
      const peer = start({ binding: false, mechanism: 'SCRAM-SHA-256' });
      expect(await peer.fact('online')).toMatchObject({
        jid: `gw_1@${DOMAIN}/bgw`,
        tls: 'TLSv1.3',
        offered: ['SCRAM-SHA-256', 'SCRAM-SHA-256-PLUS'],
      });
      expect(await peer.fact('pinged')).toMatchObject({ id: 'ping-1' });
      expect(await peer.fact('ping')).toMatchObject({ answered: true });
      peer.say('report att_1');
      expect(await peer.fact('report')).toMatchObject({ answer: 'result' });
      expect(reports).toEqual([
        { kind: 'progress', id: 'att_1', lock: 'A1B2C3D4E5F6', stage: 'written', queuePosition: null, reason: null },
      ]);
      peer.say('nonsense');
      expect(await peer.fact('refused')).toMatchObject({
        condition: 'bad-request',
        text: 'open: is not a report of a gateway',
      });
      expect(door.uplink.send('gw_1', FRAME)).toBe(true);
      expect(await peer.fact('frame')).toMatchObject({
        attributes: { id: 'att_2', lock: 'A1B2C3D4E5F6', channel: '1', expires: '1900000000' },
        text: 'AAEC',
      });
      door.uplink.disconnect('gw_1');
      expect(await peer.fact('stream_error')).toMatchObject({ condition: 'not-authorized' });
      expect(await offline).toBe('stopped: not-authorized');
    });
  });

  it.each<[string, PeerConfig, object]>([
    [
      'SCRAM-SHA-256-PLUS by tls-unique on TLS 1.2, of itself',
      { tls: '1.2' },
      { mechanism: 'SCRAM-SHA-256-PLUS', tls: 'TLSv1.2' },
    ],
    [
      'SCRAM-SHA-256-PLUS after STARTTLS',
      { tls: '1.2', starttls: true },
      { mechanism: 'SCRAM-SHA-256-PLUS', tls: 'TLSv1.2' },
    ],
    [
      'SCRAM-SHA-256 after STARTTLS on TLS 1.3',
      { binding: false, mechanism: 'SCRAM-SHA-256', starttls: true },
      { mechanism: 'SCRAM-SHA-256', tls: 'TLSv1.3' },
    ],
    [
      'EXTERNAL by its certificate',
      { certificateOf: `gw_1@${DOMAIN}`, password: 'unknown to it' },
      { mechanism: 'EXTERNAL', tls: 'TLSv1.3' },
    ],
    [
      'EXTERNAL after STARTTLS',
      { certificateOf: `gw_1@${DOMAIN}`, password: 'unknown to it', starttls: true },
      { mechanism: 'EXTERNAL', tls: 'TLSv1.3' },
    ],
  ])('signs in by %s', async (_name, config, expected) => {
    await withSlixmpp({}, async ({ start }) => {
      expect(await start(config).fact('online')).toMatchObject({ ...expected, jid: `gw_1@${DOMAIN}/bgw` });
    });
  });

  it.each(['PLAIN', 'SCRAM-SHA-1'])(
    'where an operator has turned it on, signs in by %s, after TLS',
    async (mechanism) => {
      await withSlixmpp({ legacySasl: { plain: true, sha1, stretch: stretched } }, async ({ start }) => {
        const config = { mechanism, binding: false };
        expect(await start(config).fact('online')).toMatchObject({ mechanism });
        const wrong = start({ ...config, password: 'wrong horse' });
        await wrong.fact('failed_auth');
      });
    },
  );

  it.each<[string, PeerConfig]>([
    ['with a wrong password, and no weaker mechanism is there to fall back to', { password: 'wrong horse' }],
    ['with PLAIN, which is off', { mechanism: 'PLAIN' }],
    ['with SCRAM-SHA-1, which is off', { mechanism: 'SCRAM-SHA-1', binding: false }],
    ['with PLAIN after STARTTLS, which is off', { mechanism: 'PLAIN', starttls: true }],
    // RFC 9266: tls-unique is not defined for TLS 1.3, and slixmpp knows no other kind.
    ['with tls-unique on TLS 1.3', {}],
    [
      'with a certificate of another authority',
      { certificateOf: `gw_1@${DOMAIN}`, strangeAuthority: true, mechanism: 'EXTERNAL' },
    ],
    ['with a certificate of another domain', { certificateOf: 'gw_1@elsewhere.example', mechanism: 'EXTERNAL' }],
    ['with a certificate of an account that is not there', { certificateOf: `gw_2@${DOMAIN}`, mechanism: 'EXTERNAL' }],
  ])('is refused %s', async (_name, config) => {
    await withSlixmpp({}, async ({ start, presence }) => {
      const peer = start(config);
      await peer.fact('failed_all_auth');
      expect(peer.facts.some((one) => one.event === 'online')).toBe(false);
      expect(presence).toEqual([]);
    });
  });

  it('attack 32: is refused with PLAIN before TLS, though PLAIN is on', async () => {
    await withSlixmpp({ legacySasl: { plain: true, stretch: stretched } }, async ({ start, presence }) => {
      const peer = start({ starttls: true, plain_before_tls: true });
      await peer.fact('disconnected');
      const heard = peer.facts.map((fact) => (fact.event === 'heard' ? fact.text : '')).join('');
      expect(heard).toMatch(/<failure[^>]*><encryption-required\/><\/failure>.*<policy-violation/);
      expect(heard).not.toContain('mechanism>');
      expect(presence).toEqual([]);
    });
  });

  it('RFC 6120 7.7.2.2: a newer session wins, the older one ends with conflict', async () => {
    await withSlixmpp({}, async ({ start, presence, door }) => {
      const older = start({ tls: '1.2' });
      await older.fact('online');
      const newer = start({ tls: '1.2' });
      await newer.fact('online');
      expect(await older.fact('stream_error')).toMatchObject({ condition: 'conflict' });
      await older.fact('disconnected');
      expect(door.uplink.send('gw_1', FRAME)).toBe(true);
      await newer.fact('frame');
      expect(presence).toEqual(['online', 'online']);
    });
  });

  it('XEP-0198: acknowledges what is durable, and resumes after a cut connection with nothing lost or doubled', async () => {
    let durable: () => void = () => {};
    const held = new Promise<void>((resolve) => {
      durable = resolve;
    });
    const received = (report: { readonly kind: string; readonly id?: string }) =>
      report.id === 'held' ? held : Promise.resolve();
    await withSlixmpp({ received }, async ({ start, reports, presence, door }) => {
      const peer = start({ tls: '1.2', managed: true });
      expect(await peer.fact('enabled')).toMatchObject({ resume: true, max: '60' });
      await peer.fact('online');
      peer.say('report held');
      await untilTrue(() => reports.length === 1);
      peer.say('cut');
      await peer.fact('cut');
      // While it is away, a frame for it waits for the resumed stream.
      expect(door.uplink.send('gw_1', FRAME)).toBe(true);
      await peer.fact('resumed');
      await peer.fact('frame');
      durable();
      expect(await peer.fact('report')).toMatchObject({ id: 'held', answer: 'result' });
      peer.say('report second');
      expect(await peer.fact('report')).toMatchObject({ id: 'second', answer: 'result' });
      expect(reports.map((report) => 'id' in report && report.id)).toEqual(['held', 'second']);
      expect(presence).toEqual(['online']);
    });
  });

  it('XEP-0198: without a session to resume, binds a new one', async () => {
    await withSlixmpp({ resumableForMs: 0 }, async ({ start }) => {
      const peer = start({ tls: '1.2', managed: true });
      await peer.fact('online');
      peer.say('cut');
      await peer.fact('cut');
      await peer.fact('online');
    });
  });
});

/** Looks at every turn of the event loop; the test's own time ends it. */
async function untilTrue(done: () => boolean): Promise<void> {
  while (!done()) await new Promise<void>((resolve) => setImmediate(resolve));
}
