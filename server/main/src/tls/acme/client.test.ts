import { settle } from '@cardea/kit-node';
import { createVirtualClock } from '@cardea/kit-runtime';
import { expect, it } from 'vitest';
import { createAcmeClient } from './client.ts';
import { newAccountKey } from './jws.ts';
import type { AcmeAnswer, AcmeRequest } from './transport.ts';

const BASE = 'https://acme.example';
const NAME = 'door.example.org';

interface Script {
  /** States of the authorization, one a look, the last for ever. */
  readonly authorization?: readonly string[];
  /** States of the order, one a look after it was made. */
  readonly order?: readonly string[];
  /** Requests whose nonce is refused. */
  readonly badNonces?: number;
  readonly retryAfter?: string;
  readonly challenges?: readonly string[];
}

/** An ACME server as a script; what was asked of it, in the order of asking. */
function world(script: Script) {
  const clock = createVirtualClock(Date.UTC(2031, 0, 1), settle);
  const ended = new AbortController();
  const asked: string[] = [];
  const nonces = new Set<string>();
  let count = 0;
  let badNonces = script.badNonces ?? 0;
  const looks = { authorization: 0, order: 0 };
  const next = (kind: 'authorization' | 'order', usual: readonly string[]): string => {
    const states = script[kind] ?? usual;
    return states[Math.min(looks[kind]++, states.length - 1)] ?? '';
  };
  const order = (status: string) => ({
    status,
    authorizations: [`${BASE}/authz`],
    finalize: `${BASE}/finalize`,
    ...(status === 'valid' ? { certificate: `${BASE}/cert` } : {}),
    ...(status === 'invalid' ? { error: { type: 'urn:ietf:params:acme:error:caa', detail: 'forbidden' } } : {}),
  });

  const transport = async ({ method, url, body }: AcmeRequest): Promise<AcmeAnswer> => {
    const path = url.slice(BASE.length);
    asked.push(`${method} ${path}`);
    const nonce = `nonce${count++}`;
    nonces.add(nonce);
    const answer = (status: number, content: unknown, headers: AcmeAnswer['headers'] = {}): AcmeAnswer => ({
      status,
      headers: {
        'replay-nonce': nonce,
        ...headers,
        ...(script.retryAfter === undefined ? {} : { 'retry-after': script.retryAfter }),
      },
      text: typeof content === 'string' ? content : JSON.stringify(content),
    });
    if (method !== 'POST') {
      const resources = { newNonce: '/nonce', newAccount: '/account', newOrder: '/order' };
      return answer(200, Object.fromEntries(Object.entries(resources).map(([name, at]) => [name, `${BASE}${at}`])));
    }
    const head = JSON.parse(Buffer.from(JSON.parse(body ?? '').protected, 'base64url').toString());
    // RFC 8555, 6.5: each nonce once, and the URL that was signed is the one that is asked.
    expect(nonces.delete(head.nonce)).toBe(true);
    expect(head.url).toBe(url);
    if (badNonces-- > 0) return answer(400, { type: 'urn:ietf:params:acme:error:badNonce' });
    switch (path) {
      case '/account':
        expect(head.jwk).toBeDefined();
        return answer(201, {}, { location: `${BASE}/account/1` });
      case '/order':
        return answer(201, order('pending'), { location: `${BASE}/order/1` });
      case '/order/1':
        return answer(200, order(next('order', ['ready', 'valid'])));
      case '/authz':
        return answer(200, {
          status: next('authorization', ['pending', 'valid']),
          identifier: { type: 'dns', value: NAME },
          challenges: (script.challenges ?? ['http-01', 'tls-alpn-01']).map((type) => ({
            type,
            status: 'pending',
            url: `${BASE}/chall`,
            token: 'tokentokentokentoken',
          })),
        });
      case '/cert':
        return answer(200, 'chain');
      default:
        return answer(200, {});
    }
  };
  const shown: string[] = [];
  const client = createAcmeClient({
    directoryUrl: `${BASE}/directory`,
    transport,
    accountKey: newAccountKey(),
    clock,
    signal: ended.signal,
  });
  const obtain = async (): Promise<string> => {
    await client.account({ email: undefined, agreed: true });
    return client.obtain({
      names: [NAME],
      csr: new Uint8Array([1]),
      challengeType: 'tls-alpn-01',
      async solve({ name, type }) {
        shown.push(`show ${type} ${name}`);
        return async () => void shown.push('withdraw');
      },
    });
  };
  /** The end of it, whatever it is, with time running meanwhile. */
  const outcome = async (advanceMs: number): Promise<string> => {
    const ending = obtain().catch((error: Error) => error.message);
    await clock.advance(advanceMs);
    return ending;
  };
  return { asked, shown, clock, ended, outcome };
}

it('RFC 8555, 7.1: directory, account, order, proof, request, certificate, and the proof is withdrawn', async () => {
  const { asked, shown, outcome } = world({});
  expect(await outcome(60_000)).toBe('chain');
  expect(shown).toEqual([`show tls-alpn-01 ${NAME}`, 'withdraw']);
  expect(asked).toEqual([
    ...['GET /directory', 'POST /account', 'POST /order', 'POST /authz', 'POST /chall', 'POST /authz'],
    ...['POST /order/1', 'POST /finalize', 'POST /order/1', 'POST /cert'],
  ]);
});

it('6.5: a refused nonce is followed by the one that comes with the refusal, a few times', async () => {
  expect(await world({ badNonces: 3 }).outcome(60_000)).toBe('chain');
  const { asked, outcome } = world({ badNonces: 1_000 });
  expect(await outcome(60_000)).toMatch(/refused: badNonce/);
  expect(asked.filter((one) => one === 'POST /account').length).toBe(8);
});

it('7.5.1: a proof that failed is told with what to do, and withdrawn', async () => {
  const { shown, outcome } = world({ authorization: ['pending', 'pending', 'invalid'] });
  expect(await outcome(60_000)).toMatch(/could not see that door\.example\.org is this server.*port 443/);
  expect(shown.at(-1)).toBe('withdraw');
});

it('7.1.3: an order that was refused is told with the reason', async () => {
  expect(await world({ order: ['ready', 'invalid'] }).outcome(60_000)).toMatch(/refused the order \(caa: forbidden\)/);
});

it('a name that is proved already is not proved again', async () => {
  const { shown, outcome } = world({ authorization: ['valid'] });
  expect(await outcome(60_000)).toBe('chain');
  expect(shown).toEqual([]);
});

it('8: a kind of proof that is not offered is said with those that are', async () => {
  expect(await world({ challenges: ['dns-01'] }).outcome(60_000)).toMatch(
    /does not offer tls-alpn-01 for door\.example\.org; set acme_challenge to one of those it offers: dns-01/,
  );
});

it('a server that never finishes is given up after five minutes, however long it says to wait', async () => {
  for (const retryAfter of [undefined, '0', '86400']) {
    const { asked, shown, outcome } = world({
      authorization: ['pending'],
      ...(retryAfter === undefined ? {} : { retryAfter }),
    });
    expect(await outcome(6 * 60_000)).toMatch(/did not finish in time/);
    expect(shown.at(-1)).toBe('withdraw');
    // Not a look a millisecond either, where the server asks for none.
    expect(asked.length).toBeLessThan(400);
  }
});

it('the end of the server ends the waiting, and withdraws the proof', async () => {
  const { shown, clock, ended, outcome } = world({ authorization: ['pending'] });
  const ending = outcome(0);
  await clock.advance(10_000);
  ended.abort();
  expect(await ending).toMatch(/ended/);
  expect(shown.at(-1)).toBe('withdraw');
});
