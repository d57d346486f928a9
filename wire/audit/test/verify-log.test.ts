import { generateP256, nodeKeyAgreement, nodePrimitives, signP256 } from '@cardea/kit-node';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  append,
  describeFinding,
  EMPTY_FRONTIER,
  encodeExportHeader,
  encodeExportLine,
  encodeLeaf,
  type Finding,
  type LogEntry,
  type LogReport,
  leafOctets,
  rootOfFrontier,
  signHead,
  type Told,
  type TreeHead,
  treeHash,
  verifyExport,
  verifyLog,
} from '../src/index.ts';

const tree = treeHash(nodePrimitives);
const pair = generateP256();
const signer = { publicKey: pair.publicKey, sign: async (m: Uint8Array) => signP256(pair.privateKey, m) };
const origin = 'cardea/audit/org_1';
const verification = { primitives: nodePrimitives, verify: nodeKeyAgreement.verify, publicKey: pair.publicKey, origin };

const textOf = (number: number, salt = 0, type = 'estate.tested', told: Told | null = null): string =>
  encodeLeaf({
    id: `evt_${number}`,
    type,
    receivedAt: 1000 + number,
    occurredAt: null,
    lock: null,
    sequence: null,
    person: null,
    about: new Uint8Array(32).fill(number),
    detail: new Uint8Array(32).fill(salt),
    told,
  });
const leafOf = (number: number, text: string): LogEntry & { kind: 'leaf' } => ({
  kind: 'leaf',
  number,
  leaf: text,
  hash: tree.leaf(leafOctets(text)),
});

/** A log of these texts, with a head after each of these sizes. */
async function logOf(texts: readonly string[], heads: readonly number[]): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  let frontier = EMPTY_FRONTIER;
  for (const [number, text] of texts.entries()) {
    const leaf = leafOf(number, text);
    entries.push(leaf);
    frontier = append(tree, frontier, leaf.hash).frontier;
    if (!heads.includes(number + 1)) continue;
    const root = rootOfFrontier(tree, frontier);
    const { note } = await signHead(nodePrimitives, signer, { origin, size: number + 1, root, time: 2000 + number });
    entries.push({ kind: 'head', note });
  }
  return entries;
}

const headOf = async (texts: readonly string[], time = 2000): Promise<TreeHead> => {
  let frontier = EMPTY_FRONTIER;
  for (const text of texts) frontier = append(tree, frontier, tree.leaf(leafOctets(text))).frontier;
  return { origin, size: texts.length, root: rootOfFrontier(tree, frontier), time };
};

const texts = (count: number): string[] => Array.from({ length: count }, (_, n) => textOf(n));
const findings = async (entries: readonly LogEntry[], more: object = {}): Promise<readonly Finding[]> =>
  (await verifyLog({ ...verification, ...more }, entries)).findings;

const logs = fc
  .record({ count: fc.integer({ min: 2, max: 40 }), cuts: fc.array(fc.nat(), { minLength: 1, maxLength: 5 }) })
  .map(({ count, cuts }) => ({
    count,
    heads: [...new Set([...cuts.map((cut) => 1 + (cut % count)), count])].sort((a, b) => a - b),
  }));

describe('a log that was altered', () => {
  it('is sound while it is not', () =>
    fc.assert(
      fc.asyncProperty(logs, async ({ count, heads }) => {
        const report = await verifyLog(verification, await logOf(texts(count), heads));
        expect(report).toMatchObject({ ok: true, leaves: count, heads: heads.length, uncovered: 0 });
      }),
    ));

  it('names the first leaf that differs from its stored hash', () =>
    fc.assert(
      fc.asyncProperty(logs, fc.nat(), async ({ count, heads }, at) => {
        const number = at % count;
        const entries = (await logOf(texts(count), heads)).map((entry) =>
          entry.kind === 'leaf' && entry.number === number ? { ...entry, leaf: textOf(number, 9) } : entry,
        );
        expect(await findings(entries)).toEqual([{ kind: 'leaf', number, why: 'differs' }]);
      }),
    ));

  it('else the interval between the last good head and the first bad one', () =>
    fc.assert(
      fc.asyncProperty(logs, fc.nat(), async ({ count, heads }, at) => {
        const number = at % count;
        const entries = (await logOf(texts(count), heads)).map((entry) =>
          entry.kind === 'leaf' && entry.number === number ? leafOf(number, textOf(number, 9)) : entry,
        );
        const after = Math.max(0, ...heads.filter((size) => size <= number));
        const until = heads.find((size) => size > number);
        const [first] = await findings(entries);
        expect(first).toEqual({ kind: 'head', of: 'log', why: 'root', after, until });
        expect(describeFinding(first!)).toContain(`between leaf ${after} and leaf ${until! - 1}`);
      }),
    ));

  it('names the place where one was cut out', () =>
    fc.assert(
      fc.asyncProperty(logs, fc.nat(), async ({ count, heads }, at) => {
        const number = at % (count - 1);
        const entries = (await logOf(texts(count), heads)).filter(
          (entry) => entry.kind !== 'leaf' || entry.number !== number,
        );
        const [first] = await findings(entries);
        // A head may stand between the gap and the next leaf, and see it first.
        if (first!.kind === 'leaf') expect(first).toEqual({ kind: 'leaf', number, why: 'out_of_place' });
        else expect(first).toMatchObject({ kind: 'head', why: 'cut', after: number, until: number + 1 });
      }),
    ));

  it('once: those behind the gap are where they should be', async () => {
    const entries = (await logOf(texts(9), [])).filter((entry) => entry.kind !== 'leaf' || entry.number !== 3);
    expect(await findings(entries)).toEqual([{ kind: 'leaf', number: 3, why: 'out_of_place' }]);
  });

  it('that ends before a head seen before was cut', async () => {
    const seen = [await headOf(texts(10))];
    const entries = await logOf(texts(7), [5, 7]);
    expect(await findings(entries, { seen })).toEqual([{ kind: 'head', of: 'seen', why: 'cut', after: 7, until: 10 }]);
  });

  it('that is another one from some leaf on is known by a head seen before: the interval begins at the last that holds', async () => {
    const seen = [await headOf(texts(4)), await headOf(texts(9))];
    const forked = await logOf([...texts(6), textOf(6, 1), textOf(7, 1), ...texts(12).slice(8)], [12]);
    expect(await findings(forked, { seen })).toEqual([{ kind: 'head', of: 'seen', why: 'root', after: 4, until: 9 }]);
  });

  it('a head of another key or another log is none', async () => {
    const other = generateP256();
    const stranger = { publicKey: other.publicKey, sign: async (m: Uint8Array) => signP256(other.privateKey, m) };
    const head = await headOf(texts(3));
    const [leaves] = [await logOf(texts(3), [])];
    const forged = (await signHead(nodePrimitives, stranger, head)).note;
    const foreign = (await signHead(nodePrimitives, signer, { ...head, origin: 'cardea/audit/org_2' })).note;
    expect(await findings([...leaves, { kind: 'head', note: forged }])).toMatchObject([{ why: 'signature' }]);
    expect(await findings([...leaves, { kind: 'head', note: foreign }])).toMatchObject([{ why: 'origin' }]);
    expect(await findings([...leaves, { kind: 'head', note: 'no note' }])).toMatchObject([{ why: 'signature' }]);
  });
});

describe('a log that came back from a backup', () => {
  const told = { size: 3, former_size: 6 };
  const restored = (said: Told): string[] => [...texts(3), textOf(3, 0, 'audit.restored', said), textOf(4, 5)];
  const verified = async (all: readonly string[], heads: readonly number[], seen: TreeHead[]): Promise<LogReport> =>
    verifyLog({ ...verification, seen }, await logOf(all, heads));

  it('says how many leaves of the former log are gone', async () => {
    const report = await verified(restored(told), [5], [await headOf(texts(2), 500), await headOf(texts(6), 900)]);
    expect(report).toMatchObject({ ok: true, seen: 1, restores: [{ number: 3, cameBackAt: 3, gone: 3, told }] });
  });

  it('its word counts only under a signed head, for heads from before it, and for leaves from where it came back', async () => {
    const later = await headOf(texts(6), 5_000);
    const early = await headOf([textOf(0, 1), textOf(1, 1)], 500);
    const former = await headOf(texts(6), 900);
    expect((await verified(restored(told), [], [former])).ok).toBe(false);
    expect((await verified(restored(told), [3], [former])).ok).toBe(false);
    expect((await verified(restored(told), [5], [later])).ok).toBe(false);
    expect((await verified(restored(told), [5], [early])).ok).toBe(false);
    // It cannot say that it came back with more than there is before it.
    expect((await verified(restored({ size: 40 }), [5], [former])).restores).toMatchObject([{ cameBackAt: 3 }]);
  });
});

it('an export that claims more, fewer or other leaves than it has is found out', async () => {
  const entries = await logOf(texts(6), [3, 6]);
  const lines = entries.map(encodeExportLine);
  const exported = (size: number, body: readonly string[], key = pair.publicKey) =>
    verifyExport({ ...verification, origin: undefined }, [
      encodeExportHeader({ origin, publicKey: key, size }),
      ...body,
    ]);
  expect((await exported(6, lines)).ok).toBe(true);
  expect((await exported(7, lines)).findings).toMatchObject([{ kind: 'head', why: 'cut', after: 6, until: 7 }]);
  expect((await exported(5, lines)).findings).toMatchObject([{ kind: 'leaf', number: 5, why: 'out_of_place' }]);
  expect((await exported(6, lines.slice(0, -1))).findings).toEqual([{ kind: 'unsigned', after: 3, size: 6 }]);
  expect((await exported(6, lines, generateP256().publicKey)).findings).toEqual([{ kind: 'header', why: 'key' }]);
  for (const finding of (await exported(7, lines.slice(1))).findings) expect(describeFinding(finding)).not.toBe('');
});
