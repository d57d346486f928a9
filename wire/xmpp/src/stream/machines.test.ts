import { createHash, createHmac } from 'node:crypto';
import type { Primitives } from '@cardea/kit-crypto';
import { fromAscii, toBase64 } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Element, element } from '../element.ts';
import { BIND, CHANNEL_BINDING, CLIENT, MANAGEMENT, PING, SASL, STREAMS, TLS } from '../namespaces.ts';
import { scramVerifier } from '../sasl/scram.ts';
import { iq, streamError } from '../stanzas.ts';
import { startClientStream, stepClientStream } from './client.ts';
import type { ClientStreamEffect, ClientStreamInput } from './client-types.ts';
import { initialServerStream, SERVER_STREAM_ENTROPY_OCTETS, stepServerStream } from './server.ts';
import type { ServerStreamEffect, ServerStreamInput } from './server-types.ts';

/*
 * Random interleavings: whatever comes in whatever order, a machine does not throw, closes once and last, and nobody is
 * let in who has not proved who they are.
 */

const primitives = {
  sha256: (...parts: Uint8Array[]) => new Uint8Array(createHash('sha256').update(Buffer.concat(parts)).digest()),
  hmacSha256: (key: Uint8Array, ...parts: Uint8Array[]) =>
    new Uint8Array(createHmac('sha256', key).update(Buffer.concat(parts)).digest()),
} as Primitives;
const SALTED = new Uint8Array(32).fill(5);
const VERIFIER = scramVerifier(primitives, SALTED, new Uint8Array(16).fill(6), 4096);
const LIMITS = { pingEveryMs: 5_000, deadAfterMs: 10_000, answerWithinMs: 30_000, unanswered: 2 };

const b64 = (text: string) => toBase64(fromAscii(text));
const auth = (mechanism: string, message: string) => element('auth', SASL, { mechanism }, [b64(message)]);
const sasl = (name: string, message: string) => element(name, SASL, {}, [b64(message)]);
const nonza = (name: string, attributes: Record<string, string> = {}) => element(name, MANAGEMENT, attributes);
const stanzas: readonly Element[] = [
  element('starttls', TLS),
  element('proceed', TLS),
  auth('SCRAM-SHA-256', 'n,,n=gw_1,r=abc'),
  auth('SCRAM-SHA-256-PLUS', 'p=tls-exporter,,n=gw_1,r=abc'),
  auth('EXTERNAL', 'gw_1@ras.example'),
  auth('PLAIN', '\0gw_1\0pw'),
  sasl('response', `c=biws,r=abc,p=${'A'.repeat(43)}=`),
  sasl('challenge', 'r=abcdefghijklmnopqrstuvwxyz,s=AAAAAAAAAAAAAAAAAAAAAA==,i=4096'),
  sasl('success', `v=${'A'.repeat(43)}=`),
  element('failure', SASL, {}, [element('not-authorized', SASL)]),
  element('abort', SASL),
  element('features', STREAMS, {}, [element('starttls', TLS)]),
  element('features', STREAMS, {}, [
    element('mechanisms', SASL, {}, [
      element('mechanism', SASL, {}, ['EXTERNAL']),
      element('mechanism', SASL, {}, ['SCRAM-SHA-256-PLUS']),
      element('mechanism', SASL, {}, ['SCRAM-SHA-256']),
      element('mechanism', SASL, {}, ['PLAIN']),
    ]),
    element('sasl-channel-binding', CHANNEL_BINDING, {}, [
      element('channel-binding', CHANNEL_BINDING, { type: 'tls-exporter' }),
    ]),
  ]),
  element('features', STREAMS, {}, [element('bind', BIND), element('sm', MANAGEMENT)]),
  iq('set', { id: 'b' }, [element('bind', BIND)]),
  iq('result', { id: 'bind-1' }, [element('bind', BIND, {}, [element('jid', BIND, {}, ['gw_1@ras.example/bgw'])])]),
  iq('get', { id: 'p' }, [element('ping', PING)]),
  iq('set', { id: '1' }, [element('x', 'urn:x')]),
  iq('set', { id: '2' }, [element('x', 'urn:x')]),
  iq('result', { id: 'mine' }),
  element('presence', CLIENT),
  nonza('enable', { resume: 'true' }),
  nonza('enabled', { id: 'an id', resume: 'true' }),
  nonza('resume', { previd: 'an id', h: '0' }),
  nonza('resumed', { previd: 'an id', h: '0' }),
  nonza('failed'),
  nonza('r'),
  nonza('a', { h: '1' }),
  nonza('a', { h: '4294967295' }),
  streamError('conflict'),
];
const HEADER = {
  kind: 'header',
  header: { name: 'stream', namespace: STREAMS, attributes: { to: 'ras.example', version: '1.0' } },
} as const;
const stanza = fc.constantFrom(...stanzas).map((one) => ({ kind: 'stanza', stanza: one }) as const);
const common = [
  stanza,
  stanza,
  stanza,
  fc.constant(HEADER),
  fc.constant({ kind: 'wake' } as const),
  fc.constant({ kind: 'request', id: 'mine', payload: element('x', 'urn:x') } as const),
  fc.constantFrom('1', '2').map((id) => ({ kind: 'answer', id }) as const),
  fc.constant({ kind: 'fault', condition: 'not-well-formed', detail: '' } as const),
  fc.constant({ kind: 'closed' } as const),
  fc.constant({ kind: 'end' } as const),
];
const at = (name: string, index = 0) => {
  const found = stanzas.filter((one) => one.name === name)[index]!;
  return { kind: 'stanza', stanza: found } as const;
};
const bind = { kind: 'stanza', stanza: stanzas.find((one) => one.attributes.id === 'b')! } as const;
const bound = { kind: 'stanza', stanza: stanzas.find((one) => one.attributes.id === 'bind-1')! } as const;
/** The ways in, of which a run goes a part before it strays. */
const WAYS_OF_SERVER = [
  [HEADER, at('auth', 2), HEADER, bind, at('enable')],
  [HEADER, at('auth'), at('response')],
  [HEADER, at('auth', 1), at('response')],
  [HEADER, at('auth', 3)],
  [HEADER, at('starttls')],
] as const;
const WAYS_OF_CLIENT = [
  [HEADER, at('features', 1), at('success'), HEADER, at('features', 2), bound, at('enabled')],
  [HEADER, at('features', 1), at('challenge'), at('success')],
  [HEADER, at('features'), at('proceed')],
] as const;
const channels = fc.constantFrom(
  'clear' as const,
  { bindings: [], certificate: undefined },
  { bindings: ['tls-exporter'] as const, certificate: undefined },
  { bindings: ['tls-exporter'] as const, certificate: 'gw_1@ras.example' },
);
const BOUND = Uint8Array.of(1, 2, 3);

/** Steps through `inputs`, most often answering at once what the machine asks for, as its runner does. */
function run<Effect extends { readonly kind: string }, Input>(
  inputs: readonly Input[],
  feed: (input: Input, nowMs: number) => readonly Effect[],
  answer: (effect: Effect) => Input | undefined,
): Effect[] {
  const seen: Effect[] = [];
  let nowMs = 0;
  const give = (input: Input): void => {
    for (const effect of feed(input, nowMs)) {
      seen.push(effect);
      const answered = answer(effect);
      if (answered !== undefined) give(answered);
    }
  };
  for (const input of inputs) {
    nowMs += 700;
    give(input);
  }
  return seen;
}

const closesOnceAndLast = (effects: readonly { readonly kind: string }[]) => {
  const at = effects.findIndex((effect) => effect.kind === 'close');
  if (at >= 0) expect(effects.slice(at + 1)).toEqual([]);
};

it('the server lets nobody in who has proved nothing, whatever they say', () => {
  let reached = 0;
  const inputs = fc.array(
    fc.oneof(
      ...common,
      fc.constant({ kind: 'secured', channel: { bindings: ['tls-exporter'], certificate: undefined } } as const),
      fc.constant({ kind: 'stop', condition: 'conflict' } as const),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...WAYS_OF_SERVER),
      fc.nat(5),
      inputs,
      channels,
      fc.boolean(),
      (way, far, strays, channel, isKnown) => {
        const all: readonly ServerStreamInput[] = [...way.slice(0, far), ...strays];
        const context = {
          primitives,
          domain: 'ras.example',
          resource: 'bgw',
          decoyKey: new Secret(new Uint8Array(32)),
          limits: LIMITS,
          negotiateWithinMs: 10_000,
          resumableForMs: 60_000,
          legacySasl: { plain: true },
        };
        const now = (nowMs: number) => ({ ...context, now: { unixMs: nowMs, monotonicMs: nowMs } });
        let { state } = initialServerStream(now(0), new Uint8Array(SERVER_STREAM_ENTROPY_OCTETS), channel);
        const effects = run<ServerStreamEffect, ServerStreamInput>(
          all,
          (input, nowMs) => {
            const step = stepServerStream(now(nowMs), state, input);
            state = step.state;
            return step.effects;
          },
          (effect) => {
            if (effect.kind === 'look-up') {
              const binding = effect.binding === undefined ? undefined : BOUND;
              return { kind: 'verifier', verifier: isKnown ? VERIFIER : undefined, binding };
            }
            if (effect.kind === 'stretch') return { kind: 'stretched', saltedPassword: new Secret(new Uint8Array(32)) };
            return effect.kind === 'resume' ? { kind: 'resumable', session: undefined } : undefined;
          },
        );
        closesOnceAndLast(effects);
        const signedIn = effects.findIndex((effect) => effect.kind === 'signed-in');
        // Only who has shown a certificate in the handshake, and has an account, gets in by these inputs.
        if (signedIn >= 0) {
          expect(effects[signedIn]).toMatchObject({ user: 'gw_1', mechanism: 'EXTERNAL' });
          expect(channel !== 'clear' && channel.certificate !== undefined && isKnown).toBe(true);
        }
        const inside = ['online', 'requested', 'answered', 'resumable', 'resumed'];
        const first = effects.findIndex((effect) => inside.includes(effect.kind));
        if (first >= 0) expect(signedIn >= 0 && signedIn < first).toBe(true);
        if (first >= 0) reached++;
      },
    ),
    { numRuns: 3000 },
  );
  // Else the runs have strayed too early to show anything.
  expect(reached).toBeGreaterThan(10);
});

it('the client goes online with no server that has proved nothing, whatever it says', () => {
  let reached = 0;
  const inputs = fc.array(
    fc.oneof(
      ...common,
      fc.constant({ kind: 'secured', channel: { bindings: ['tls-exporter'], certificate: undefined } } as const),
      fc.constant({ kind: 'stop' } as const),
    ),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(
      fc.constantFrom(...WAYS_OF_CLIENT),
      fc.nat(7),
      inputs,
      channels,
      fc.boolean(),
      (way, far, strays, channel, requireBinding) => {
        const all: readonly ClientStreamInput[] = [...way.slice(0, far), ...strays];
        const context = {
          primitives,
          jid: { local: 'gw_1', domain: 'ras.example', resource: 'bgw' },
          requireBinding,
          limits: LIMITS,
          negotiateWithinMs: 10_000,
        };
        const now = (nowMs: number) => ({ ...context, now: { unixMs: nowMs, monotonicMs: nowMs } });
        const started = startClientStream(now(0), { channel, nonce: new Uint8Array(24) });
        let { state } = started;
        const effects = run<ClientStreamEffect, ClientStreamInput>(
          all,
          (input, nowMs) => {
            const step = stepClientStream(now(nowMs), state, input);
            state = step.state;
            return step.effects;
          },
          (effect) => {
            if (effect.kind !== 'derive') return undefined;
            const binding = effect.binding === undefined ? undefined : BOUND;
            return { kind: 'derived', saltedPassword: new Secret(SALTED), binding };
          },
        );
        closesOnceAndLast(effects);
        const signedIn = effects.findIndex((effect) => effect.kind === 'signed-in');
        // By EXTERNAL the server has proved itself in the handshake already; by SCRAM none of these inputs does.
        if (signedIn >= 0) {
          expect(effects[signedIn]).toMatchObject({ mechanism: 'EXTERNAL' });
          expect(channel !== 'clear' && channel.certificate !== undefined).toBe(true);
        }
        const inside = ['online', 'requested', 'answered', 'resumed'];
        const first = effects.findIndex((effect) => inside.includes(effect.kind));
        if (first >= 0) expect(signedIn >= 0 && signedIn < first).toBe(true);
        if (first >= 0) reached++;
        const said = effects.map((effect) => (effect.kind === 'write' ? effect.text : '')).join('');
        expect(said).not.toContain("mechanism='PLAIN'");
        if (requireBinding) expect(said).not.toContain("mechanism='SCRAM-SHA-256'");
        const secured = effects.findIndex((effect) => effect.kind === 'start-tls');
        if (channel === 'clear' && secured < 0) expect(said).not.toContain('<auth');
      },
    ),
    { numRuns: 3000 },
  );
  expect(reached).toBeGreaterThan(10);
});

it('RFC 6120 4.9.3.3: a client that was replaced does not hurry back', () => {
  const channel = { bindings: [], certificate: 'gw_1@ras.example' } as const;
  const context = {
    primitives,
    jid: { local: 'gw_1', domain: 'ras.example', resource: 'bgw' },
    requireBinding: false,
    limits: LIMITS,
    negotiateWithinMs: 10_000,
    now: { unixMs: 0, monotonicMs: 0 },
  };
  const endsBy = (condition: 'conflict' | 'reset') => {
    let { state } = startClientStream(context, { channel, nonce: new Uint8Array(24) });
    for (const input of WAYS_OF_CLIENT[0]) state = stepClientStream(context, state, input).state;
    expect(state.phase).toBe('bound');
    return stepClientStream(context, state, { kind: 'stanza', stanza: streamError(condition) }).effects.at(-1);
  };
  expect(endsBy('conflict')).toMatchObject({ kind: 'close', credentials: true });
  expect(endsBy('reset')).toMatchObject({ kind: 'close', credentials: false });
});
