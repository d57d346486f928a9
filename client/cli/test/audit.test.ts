import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateP256, nodePrimitives, signP256 } from '@cardea/kit-node';
import { toBase64 } from '@cardea/kit-octets';
import type { AuditHead } from '@cardea/wire-api';
import {
  consistencyProof,
  encodeExportHeader,
  encodeExportLine,
  encodeLeaf,
  inclusionProof,
  leafHashSource,
  leafOctets,
  rootOf,
  signHead,
  treeHash,
} from '@cardea/wire-audit';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { cardea, listed } from './fake-client.ts';

const tree = treeHash(nodePrimitives);
const pair = generateP256();
const ORIGIN = 'cardea/audit/org_1';

/** A server's audit log of these facts, as honest as its texts are. */
async function serverOf(facts: readonly string[], { key = pair, origin = ORIGIN } = {}) {
  const texts = facts.map((fact, number) =>
    encodeLeaf({
      id: `evt_${number}`,
      type: `estate.${fact}`,
      receivedAt: 1_767_225_600_000 + number,
      occurredAt: null,
      lock: null,
      sequence: null,
      person: null,
      about: new Uint8Array(32),
      detail: new Uint8Array(32),
      told: null,
    }),
  );
  const hashes = texts.map((text) => tree.leaf(leafOctets(text)));
  const source = leafHashSource(tree, hashes);
  const root = await rootOf(tree, source, hashes.length);
  const sign = async (message: Uint8Array) => signP256(key.privateKey, message);
  const head = { origin, size: hashes.length, root, time: 1_767_225_700_000 };
  const { note } = await signHead(nodePrimitives, { publicKey: key.publicKey, sign }, head);
  const shown: AuditHead = {
    id: `head_${head.size}`,
    size: head.size,
    root: toBase64(root),
    signed_at: '2026-01-01T00:01:40.000Z',
    note,
    witnessed: [],
  };
  const lines = [
    encodeExportHeader({ origin, publicKey: key.publicKey, size: hashes.length }),
    ...texts.map((leaf, number) => encodeExportLine({ kind: 'leaf', number, leaf, hash: hashes[number]! })),
    encodeExportLine({ kind: 'head', note }),
  ];
  const audit = {
    key: async () => ({
      origin,
      algorithm: 'ES256' as const,
      public_key: toBase64(key.publicKey),
      verifier_key: 'not looked at',
    }),
    head: async () => shown,
    heads: { list: () => listed(shown) },
    export: () => listed(...lines),
    async consistency(from: number, to: number) {
      const proof = await consistencyProof(tree, source, from, to);
      return { from, to, from_root: '', to_root: '', proof: proof.map(toBase64) };
    },
    async inclusion(event: string) {
      const number = Number(event.slice(4));
      const proof = (await inclusionProof(tree, source, number, hashes.length)).map(toBase64);
      const leaf = texts[number]!;
      const hash = toBase64(hashes[number]!);
      return { event_id: event, origin, number, size: hashes.length, leaf, hash, proof, head: note, opening: null };
    },
  };
  return { audit, shown, lines };
}

const root = mkdtempSync(join(tmpdir(), 'cardea-cli-audit-'));
afterAll(() => rmSync(root, { recursive: true }));
let folder = '';
let profile = '';
beforeEach(() => {
  folder = mkdtempSync(join(root, 'p-'));
  profile = join(folder, 'cli.json');
  writeFileSync(profile, JSON.stringify({ url: 'https://localhost:8443', token: 'ct_test' }), { mode: 0o600 });
});

type Server = Awaited<ReturnType<typeof serverOf>>;
const cli = (server: Server, ...args: string[]) =>
  cardea(['audit', ...args], { audit: server.audit as never }, { profile, cwd: folder });

describe('what a client remembers', () => {
  it('the key and the head are kept for this user alone, and only when all holds', async () => {
    const kept = join(folder, 'cli.audit.json');
    const server = await serverOf(['a', 'b', 'c']);
    const broken = { ...server, audit: { ...server.audit, export: () => listed(...server.lines.slice(0, -1)) } };
    expect((await cli(broken, 'verify')).code).toBe(4);
    expect(existsSync(kept)).toBe(false);
    expect((await cli(server, 'verify')).code).toBe(0);
    expect(statSync(kept).mode & 0o777).toBe(0o600);
    expect(JSON.parse(readFileSync(kept, 'utf8')).logs[ORIGIN].heads).toEqual([server.shown.note]);
  });

  it.each(['verify', 'verify --quick'])('%s finds a fork, a log put back, and another key', async (command) => {
    const args = command.split(' ');
    expect((await cli(await serverOf(['a', 'b', 'c']), ...args)).code).toBe(0);
    expect((await cli(await serverOf(['a', 'b', 'c', 'd']), ...args)).code).toBe(0);
    const fork = await cli(await serverOf(['a', 'b', 'x', 'd', 'e']), ...args);
    expect(fork.code, fork.out).toBe(4);
    expect((await cli(await serverOf(['a', 'b', 'c']), ...args)).code).toBe(4);
    const other = await cli(await serverOf(['a', 'b', 'c', 'd', 'e'], { key: generateP256() }), ...args);
    expect(other).toMatchObject({ code: 4 });
    expect(other.err).toContain('is not the one that was seen first');
    // And what it had is what it has: the honest log still goes on.
    expect((await cli(await serverOf(['a', 'b', 'c', 'd', 'e']), ...args)).code).toBe(0);
  });

  it('a head that the server did not sign, or signed for another log, is none', async () => {
    const server = await serverOf(['a', 'b']);
    const stranger = await serverOf(['a', 'b'], { key: generateP256() });
    const foreign = await serverOf(['a', 'b'], { origin: 'cardea/audit/org_2' });
    for (const other of [stranger, foreign]) {
      const audit = { ...server.audit, head: other.audit.head };
      const ran = await cli({ ...server, audit }, 'verify', '--quick');
      expect(ran).toMatchObject({ code: 4 });
      expect(ran.err).toContain('is not signed by its key');
    }
  });

  it('a file of heads that was damaged is not taken for an empty one', async () => {
    writeFileSync(join(folder, 'cli.audit.json'), '{"logs":', { mode: 0o600 });
    const ran = await cli(await serverOf(['a']), 'verify');
    expect(ran.code).toBe(2);
    expect(ran.err).toContain('may go unseen');
  });
});

describe('proofs', () => {
  it('of another event than the one that was asked for are refused', async () => {
    const server = await serverOf(['a', 'b', 'c']);
    const audit = { ...server.audit, inclusion: () => server.audit.inclusion('evt_2') };
    const ran = await cli({ ...server, audit }, 'prove', 'evt_1');
    expect(ran.code).toBe(4);
    expect(ran.err).toContain('the server proved evt_2 instead');
  });

  it('are written only when they hold, and are verified without a server', async () => {
    const server = await serverOf(['a', 'b', 'c']);
    const wrong = {
      ...server.audit,
      inclusion: async (id: string) => ({ ...(await server.audit.inclusion(id)), number: 0 }),
    };
    expect((await cli({ ...server, audit: wrong }, 'prove', 'evt_1', '--out', 'p.json')).code).toBe(4);
    expect(existsSync(join(folder, 'p.json'))).toBe(false);
    expect((await cli(server, 'prove', 'evt_1', '--out', 'p.json')).code).toBe(0);
    const ran = await cardea(['audit', 'verify', 'p.json'], {}, { profile, cwd: folder });
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain('by the key that it names itself');
    const known = await cardea(
      ['audit', 'verify', 'p.json', '--key', toBase64(generateP256().publicKey)],
      {},
      { profile, cwd: folder },
    );
    expect(known.code).toBe(4);
  });
});

describe('witnesses', () => {
  it('a file of heads holds the log to them; lines of other logs and torn ones are passed over', async () => {
    const [early, server] = [await serverOf(['a', 'b']), await serverOf(['a', 'b', 'c'])];
    const foreign = await serverOf(['z'], { origin: 'cardea/audit/org_2' });
    const line = ({ shown }: Server) => `${encodeExportLine({ kind: 'head', note: shown.note })}\n`;
    writeFileSync(join(folder, 'heads'), `${line(early)}${line(foreign)}{"head":"cut\n${line(server)}`);
    const ran = await cli(server, 'witness', 'heads');
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.err).toContain('1 of its lines');
    expect((await cli(early, 'witness', 'heads')).code).toBe(4);
    expect((await cli(early, 'witness', 'none')).code).toBe(2);
    const fork = await cli(await serverOf(['a', 'x', 'c']), 'witness', 'heads');
    expect(fork.code).toBe(4);
    expect(fork.out).toContain('the head seen before of 2 leaves');
  });

  it('heads that were time-stamped are written with their stamps', async () => {
    const server = await serverOf(['a', 'b']);
    const witnessed = [
      { witness: 'rfc3161', witnessed_at: '2026-01-01T00:01:41.000Z', receipt: toBase64(Uint8Array.of(1, 2)) },
    ];
    const audit = { ...server.audit, heads: { list: () => listed({ ...server.shown, witnessed }) } };
    const ran = await cli({ ...server, audit }, 'witness', '--out', 'stamps');
    expect(ran).toMatchObject({ code: 0 });
    expect(ran.out).toContain('rfc3161 2026-01-01T00:01:41.000Z');
    expect(readFileSync(join(folder, 'stamps', 'head-2.txt'), 'utf8')).toBe(server.shown.note);
    expect([...readFileSync(join(folder, 'stamps', 'head-2.tsr'))]).toEqual([1, 2]);
  });
});
