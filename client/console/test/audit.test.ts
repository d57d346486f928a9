import { toBase64 } from '@cardea/kit-octets';
import { generateSigningKey, signingKey, webPrimitives } from '@cardea/kit-web';
import {
  append,
  consistencyProof,
  EMPTY_FRONTIER,
  encodeExportHeader,
  encodeExportLine,
  encodeLeaf,
  inclusionProof,
  leafHashSource,
  leafOctets,
  rootOfFrontier,
  signHead,
  treeHash,
} from '@cardea/wire-audit';
import { describe, expect, it } from 'vitest';
import { type AuditApi, checkHead, proveEvent, readLog } from '../src/audit/check-log.ts';
import type { HeadStore } from '../src/audit/known-log.ts';

const ORIGIN = 'cardea/audit/org_1';
const tree = treeHash(webPrimitives);

const textOf = (number: number, secret = 0): string =>
  encodeLeaf({
    id: `evt_${number}`,
    type: 'estate.tested',
    receivedAt: 1000 + number,
    occurredAt: null,
    lock: null,
    sequence: null,
    person: null,
    about: new Uint8Array(32).fill(number),
    detail: new Uint8Array(32).fill(secret),
    told: null,
  });

const textsOf = (count: number): string[] => Array.from({ length: count }, (_, number) => textOf(number));

/** The storage of a browser, empty at first. */
function emptyStore(): HeadStore & { text: string | null } {
  return {
    text: null,
    read() {
      return this.text;
    },
    write(text) {
      this.text = text;
    },
  };
}

/** A server with a key of its own whose log has these leaves by now; whoever holds it may change them. */
async function serverOf(leaves: string[]) {
  const key = await signingKey(await generateSigningKey());
  const hashes = () => leaves.map((leaf) => tree.leaf(leafOctets(leaf)));
  const head = async () => {
    let frontier = EMPTY_FRONTIER;
    for (const hash of hashes()) frontier = append(tree, frontier, hash).frontier;
    return signHead(webPrimitives, key, {
      origin: ORIGIN,
      size: leaves.length,
      root: rootOfFrontier(tree, frontier),
      time: 5000 + leaves.length,
    });
  };
  const base64 = (proof: readonly Uint8Array[]): string[] => proof.map(toBase64);
  const api: AuditApi = {
    audit: {
      key: async () => ({
        origin: ORIGIN,
        algorithm: 'ES256',
        public_key: toBase64(key.publicKey),
        verifier_key: '',
      }),
      head: async () => {
        const { note } = await head();
        return { id: 'head_1', size: leaves.length, root: '', signed_at: '', note, witnessed: [] };
      },
      consistency: async (from, to) => ({
        from,
        to,
        from_root: '',
        to_root: '',
        proof: base64(await consistencyProof(tree, leafHashSource(tree, hashes()), from, to)),
      }),
      inclusion: async (eventId) => {
        const number = leaves.findIndex((leaf) => leaf.includes(`"${eventId}"`));
        return {
          event_id: eventId,
          origin: ORIGIN,
          number,
          size: leaves.length,
          leaf: leaves[number] ?? '',
          hash: '',
          proof: base64(await inclusionProof(tree, leafHashSource(tree, hashes()), number, leaves.length)),
          head: (await head()).note,
          opening: null,
        };
      },
      async *export() {
        yield encodeExportHeader({ origin: ORIGIN, publicKey: key.publicKey, size: leaves.length });
        for (const [number, leaf] of leaves.entries()) {
          yield encodeExportLine({ kind: 'leaf', number, leaf, hash: tree.leaf(leafOctets(leaf)) });
        }
        yield encodeExportLine({ kind: 'head', note: (await head()).note });
      },
    },
  };
  return api;
}

const reading = { signal: new AbortController().signal, onProgress: () => undefined };

describe('the audit log as a browser holds it', () => {
  it('is pinned when it is first seen, and has to go on from there', async () => {
    const leaves = textsOf(5);
    const [api, store] = [await serverOf(leaves), emptyStore()];
    expect(await checkHead(api, store)).toMatchObject({ kind: 'good', past: undefined, head: { size: 5 } });
    leaves.push(...[5, 6, 7].map((number) => textOf(number)));
    expect(await checkHead(api, store)).toMatchObject({ kind: 'good', past: { size: 5 }, head: { size: 8 } });
    expect(await readLog(api, store, reading)).toMatchObject({ ok: true, leaves: 8, seen: 2 });
  });

  it('is broken when anything that was seen is changed or cut off, though the server signs it anew', async () => {
    const leaves = textsOf(6);
    const [api, store] = [await serverOf(leaves), emptyStore()];
    await checkHead(api, store);
    const kept = store.text;
    leaves[2] = textOf(2, 9);
    leaves.push(textOf(6));
    expect(await checkHead(api, store)).toMatchObject({ kind: 'broken', past: { size: 6 } });
    expect((await readLog(api, store, reading)).findings).toMatchObject([{ kind: 'head', of: 'seen', why: 'root' }]);
    leaves.length = 4;
    expect(await checkHead(api, store)).toMatchObject({ kind: 'broken' });
    // What does not hold is not remembered.
    expect(store.text).toBe(kept);
  });

  it('is not taken from a server with another key, nor with a head of another signer', async () => {
    const store = emptyStore();
    const [api, other] = [await serverOf(textsOf(3)), await serverOf(textsOf(3))];
    await checkHead(api, store);
    expect(await checkHead(other, store)).toEqual({ kind: 'other_key', origin: ORIGIN });
    const mixed = { audit: { ...api.audit, head: other.audit.head } };
    expect(await checkHead(mixed, store)).toEqual({ kind: 'unsigned', origin: ORIGIN });
  });

  it('shows that an event is in it, and takes a proof of another event for none', async () => {
    const store = emptyStore();
    const api = await serverOf(textsOf(7));
    expect(await proveEvent(api, store, 'evt_3')).toMatchObject({
      otherEvent: false,
      proof: { number: 3, size: 7 },
      report: { ok: true, leaf: { id: 'evt_3' } },
    });
    const swapped = { audit: { ...api.audit, inclusion: () => api.audit.inclusion('evt_4') } };
    expect(await proveEvent(swapped, store, 'evt_3')).toMatchObject({ otherEvent: true });
    const moved = {
      audit: { ...api.audit, inclusion: async () => ({ ...(await api.audit.inclusion('evt_3')), number: 2 }) },
    };
    expect((await proveEvent(moved, store, 'evt_3')).report).toEqual({ ok: false, why: 'inclusion' });
  });

  it('hands on each line as it came while it is read', async () => {
    const lines: string[] = [];
    const report = await readLog(await serverOf(textsOf(4)), emptyStore(), {
      ...reading,
      onLine: (line) => lines.push(line),
    });
    expect([report.ok, lines.length]).toEqual([true, 6]);
  });
});
