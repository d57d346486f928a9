import { nodePrimitives } from '@cardea/kit-node';
import { fromAscii, fromHex, toHex } from '@cardea/kit-octets';
import type { EditableLog } from './edit-lines.ts';

/**
 * The weak double: the same facts in a chain of hashes without a key, a signature or anybody who remembers. Each line says
 * the hash of the one before and its own; whoever edits a line makes the rest of the chain anew.
 */
export function chainedLog(facts: readonly string[]): EditableLog {
  const repair = (lines: readonly string[]): readonly string[] => {
    let before = '00'.repeat(32);
    return lines.map((line) => {
      const text = factOf(line);
      before = toHex(nodePrimitives.sha256(fromHex(before), fromAscii(text)));
      return `${before} ${text}`;
    });
  };
  const lines = repair(facts.map((text) => `- ${text}`));
  return {
    lines,
    isFact: () => true,
    dateBack: (line) => line.replace(/"received_at":(\d+)/, (_, time) => `"received_at":${Number(time) - 3_600_000}`),
    rewrite: (line) => line.replace(/"type":"[^"]*"/, '"type":"estate.nothing_happened"'),
    repair,
    fork: async (from) =>
      repair(lines.map((line, i) => (i < from ? line : line.replace(/"type":"[^"]*"/, '"type":"estate.other"')))),
  };
}

/** The verifier that goes with it: every hash is that of what stands before it. */
export function chainHolds(lines: readonly string[]): boolean {
  let before = '00'.repeat(32);
  return lines.every((line) => {
    const [hash = ''] = line.split(' ', 1);
    try {
      before = toHex(nodePrimitives.sha256(fromHex(before), fromAscii(factOf(line))));
    } catch {
      return false;
    }
    return hash === before;
  });
}

const factOf = (line: string): string => line.slice(line.indexOf(' ') + 1);
