import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { nodeKeyAgreement, nodePrimitives, seededRandom } from '@cardea/kit-node';
import { fromBase64 } from '@cardea/kit-octets';
import { silentLog } from '@cardea/kit-runtime';
import { createHttpDoor, idempotencyIn } from '@cardea/server-http';
import {
  decodeHead,
  decodeNote,
  linesIn,
  treeHash,
  verifyConsistency,
  verifyExport,
  verifyProof,
} from '@cardea/wire-audit';
import { describe, expect, it } from 'vitest';
import { openWorld } from '../../core/test/kit.ts';
import { streamLines } from '../src/line-stream.ts';

/** The door over the real core and store, and tokens of the owner with these scopes. */
async function open() {
  const world = await openWorld();
  const app = createHttpDoor({
    core: world.core,
    clock: world.clock,
    random: seededRandom(7),
    log: silentLog,
    idempotency: idempotencyIn(world.store),
    xmppAddress: () => ({ host: '127.0.0.1', port: 5223, domain: 'hotel.test' }),
    tls: 'plaintext',
    version: '0.1.0',
  });
  const tokenFor = async (...scopes: Parameters<typeof world.core.access.createToken>[1]['scopes']) => {
    await world.store.unit((tx) =>
      tx.persons.update(world.owner.organizationId, world.owner.personId, { mustChangePassword: false }),
    );
    return (await world.core.access.createToken(world.owner, { name: 't', scopes, expiresInS: 60 })).token.reveal();
  };
  const ask = async (token: string, url: string) => {
    const answer = await app.inject({ url, headers: { authorization: `Bearer ${token}` } });
    return { status: answer.statusCode, body: answer.body, headers: answer.headers };
  };
  return { ...world, ask, tokenFor };
}

describe('the audit log by the API', () => {
  it('a third party with audit:read alone follows heads, proofs and leaves, and opens no commitment', async () => {
    const { core, owner, ask, tokenFor } = await open();
    const token = await tokenFor('audit:read');
    const json = async (url: string) => JSON.parse((await ask(token, url)).body);
    const { public_key } = await json('/v1/audit/key');
    const first = await json('/v1/audit/head');
    const [event] = await core.events.list(owner, {}, { after: undefined, limit: 1 });
    await core.estate.addProperty(owner, { name: 'More', timeZone: 'UTC', region: 'eu', geofence: null });
    const second = await json('/v1/audit/head');
    expect(second.size).toBeGreaterThan(first.size);
    const proof = await json(`/v1/audit/proof/consistency?from=${first.size}&to=${second.size}`);
    const claim = {
      from: first.size,
      to: second.size,
      fromRoot: fromBase64(first.root),
      toRoot: fromBase64(second.root),
    };
    expect(
      verifyConsistency(
        treeHash(nodePrimitives),
        claim,
        proof.proof.map((hash: string) => fromBase64(hash)),
      ),
    ).toBe(true);
    const heads = await json('/v1/audit/heads?limit=1');
    expect(heads.items).toHaveLength(1);
    const next = await json(`/v1/audit/heads?limit=1&cursor=${heads.next_cursor}`);
    expect([heads.items[0].size, next.items[0].size]).toEqual([first.size, second.size]);
    const newest = await json('/v1/audit/heads?limit=1&order=newest_first');
    const before = await json(`/v1/audit/heads?limit=1&order=newest_first&cursor=${newest.next_cursor}`);
    expect([newest.items[0].size, before.items[0].size]).toEqual([second.size, first.size]);
    expect(before.next_cursor).toBeNull();

    const shown = await json(`/v1/audit/proof/inclusion?event=${event!.id}`);
    expect(shown.opening).toBeNull();
    const opened = JSON.parse(
      (await ask(await tokenFor('audit:read', 'events:read'), `/v1/audit/proof/inclusion?event=${event!.id}`)).body,
    );
    expect(opened.opening.about).toMatchObject({ person: event!.personId });
    for (const { opening, ...one } of [shown, opened]) {
      const report = await verifyProof(
        { primitives: nodePrimitives, verify: nodeKeyAgreement.verify, publicKey: fromBase64(public_key) },
        {
          ...one,
          publicKey: fromBase64(public_key),
          proof: one.proof.map((hash: string) => fromBase64(hash)),
          opening: opening && { ...opening, salt: fromBase64(opening.salt) },
        },
      );
      expect(report).toMatchObject({ ok: true, leaf: { id: event!.id } });
    }
    const leaves = await json('/v1/audit/leaves?from=1&limit=2');
    expect(leaves.items.map(({ number }: { number: number }) => number)).toEqual([1, 2]);
    expect(leaves.next).toBe(3);
    expect((await json(`/v1/audit/leaves?from=${second.size}`)).next).toBeNull();
    expect((await json('/v1/audit/proof/consistency?from=1&to=100000')).field).toBe('query.to');
  });

  it('the export is the whole log in lines, and verifies by the head that ends it', async () => {
    const { ask, tokenFor } = await open();
    const answer = await ask(await tokenFor('audit:read'), '/v1/audit/export');
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('application/x-ndjson');
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    const context = { primitives: nodePrimitives, verify: nodeKeyAgreement.verify };
    const report = await verifyExport(context, linesIn([answer.body]));
    expect(report).toMatchObject({ ok: true, uncovered: 0 });
    expect(decodeHead(decodeNote(report.newest!.note).text).size).toBe(report.leaves);
  });

  it('without the scope there is no way to it', async () => {
    const { ask, tokenFor } = await open();
    const token = await tokenFor('events:read');
    for (const path of ['key', 'head', 'heads', 'leaves', 'export', 'proof/consistency?from=1&to=1']) {
      expect(JSON.parse((await ask(token, `/v1/audit/${path}`)).body)).toMatchObject({ code: 'not_permitted' });
    }
  });
});

describe('lines to a slow reader', () => {
  const serving = async (lines: () => AsyncIterable<string>, reading: (answer: IncomingMessage) => Promise<void>) => {
    let ended: unknown;
    const handled = { done: Promise.resolve() };
    const server = createServer((_, response: ServerResponse) => {
      handled.done = streamLines(response, {}, lines()).catch((error: unknown) => {
        ended = error;
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    try {
      const request = get({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', agent: false });
      const [answer] = (await once(request, 'response')) as [IncomingMessage];
      await reading(answer);
      await handled.done;
      return ended;
    } finally {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  };

  it('are made only as fast as they are taken, and no more once the reader has gone', async () => {
    let made = 0;
    const endless = async function* () {
      for (;;) {
        made++;
        yield 'x'.repeat(1000);
        if (made % 50 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
      }
    };
    const ended = await serving(endless, async (answer) => {
      answer.pause();
      let before = -1;
      // Until the sockets are full and nothing more is made.
      while (before !== made) {
        before = made;
        for (let turn = 0; turn < 200; turn++) await new Promise<void>((resolve) => setImmediate(resolve));
      }
      expect(made).toBeLessThan(50_000);
      answer.destroy();
    });
    expect(ended).toBeUndefined();
  });

  it('that fail on the way end in a cut connection, never in an end', async () => {
    const failing = async function* () {
      yield 'x'.repeat(100_000);
      throw new Error('the record has failed');
    };
    const ended = await serving(failing, async (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      const [how] = await Promise.race([
        once(answer, 'error').then(() => ['cut']),
        once(answer, 'end').then(() => ['whole']),
      ]);
      expect(how).toBe('cut');
    });
    expect(String(ended)).toContain('the record has failed');
  });
});
