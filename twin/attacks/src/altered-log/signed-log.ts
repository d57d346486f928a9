import { generateP256, nodeKeyAgreement, nodePrimitives, signP256 } from '@cardea/kit-node';
import {
  append,
  decodeExportHeader,
  decodeExportLine,
  decodeLeaf,
  EMPTY_FRONTIER,
  encodeExportHeader,
  encodeExportLine,
  encodeLeaf,
  type Leaf,
  leafOctets,
  rootOfFrontier,
  signHead,
  treeHash,
  verifyExport,
} from '@cardea/wire-audit';
import type { EditableLog } from './edit-lines.ts';
import type { AuditedRecord } from './record.ts';

const tree = treeHash(nodePrimitives);

/** Whether the product's verifier finds nothing: by the pinned key and the last head that the client saw. */
export async function holds(record: AuditedRecord, lines: readonly string[]): Promise<boolean> {
  const { publicKey, origin, seen } = record;
  try {
    const context = { primitives: nodePrimitives, verify: nodeKeyAgreement.verify, publicKey, origin, seen: [seen] };
    return (await verifyExport(context, lines)).ok;
  } catch {
    // What is no export at all was found too.
    return false;
  }
}

/** An export of the product's log in its editor's hands: he knows the format as well as its maker does. */
export function signedLog(record: AuditedRecord): EditableLog {
  const { lines } = record;
  const isFact = (line: string): boolean => line.startsWith('{"hash"');
  const withLeaf = (line: string, change: (leaf: Leaf) => Leaf): string => {
    const entry = decodeExportLine(line);
    if (entry.kind !== 'leaf') return line;
    return encodeExportLine({ ...entry, leaf: encodeLeaf(change(decodeLeaf(entry.leaf))) });
  };
  const repair = (edited: readonly string[]): readonly string[] => {
    const [first = '', ...rest] = edited;
    let number = 0;
    const body = rest.map((line) => {
      const entry = decodeExportLine(line);
      if (entry.kind === 'head') return line;
      return encodeExportLine({ ...entry, number: number++, hash: tree.leaf(leafOctets(entry.leaf)) });
    });
    return [encodeExportHeader({ ...decodeExportHeader(first), size: number }), ...body];
  };
  return {
    lines,
    isFact,
    dateBack: (line) => withLeaf(line, (leaf) => ({ ...leaf, receivedAt: leaf.receivedAt - 3_600_000 })),
    rewrite: (line) => withLeaf(line, (leaf) => ({ ...leaf, type: 'estate.nothing_happened' })),
    repair,
    async fork(from) {
      const { publicKey, privateKey } = generateP256();
      const sign = async (message: Uint8Array): Promise<Uint8Array> => signP256(privateKey, message);
      const [first = '', ...rest] = lines;
      const header = decodeExportHeader(first);
      const facts = rest.filter(isFact).map((line, i) => (i < from ? line : withLeaf(line, other)));
      const forked: string[] = [];
      let frontier = EMPTY_FRONTIER;
      for (const line of repair([first, ...facts]).slice(1)) {
        const entry = decodeExportLine(line);
        if (entry.kind !== 'leaf') continue;
        frontier = append(tree, frontier, entry.hash).frontier;
        forked.push(line);
      }
      const { origin } = header;
      const head = { origin, size: frontier.size, root: rootOfFrontier(tree, frontier), time: record.seen.time };
      const { note } = await signHead(nodePrimitives, { publicKey, sign }, head);
      return [
        encodeExportHeader({ ...header, publicKey, size: frontier.size }),
        ...forked,
        encodeExportLine({ kind: 'head', note }),
      ];
    },
  };
}

const other = (leaf: Leaf): Leaf => ({ ...leaf, type: 'estate.something_else' });
