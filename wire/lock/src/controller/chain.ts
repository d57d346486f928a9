import { CHAIN_PARTS, decodeChainPart, joinChainParts } from '../chain.ts';
import type { Turn } from './turn.ts';

/**
 * A part of a chain head, authenticated under the event key with this frame counter. The parts of one head have counters
 * in a row: parts of an older one, sent again by whoever carries them, are left aside.
 * @throws LockError when it is malformed
 */
export function receiveChainPart(turn: Turn, counter: number, plaintext: Uint8Array): void {
  const { number, octets } = decodeChainPart(plaintext);
  const first = counter - number + 1;
  const known = turn.state.session?.chainParts;
  if (known !== undefined && first < known.first) return;
  const before = known?.first === first ? known.octets : Array.from({ length: CHAIN_PARTS }, () => undefined);
  if (before[number - 1] !== undefined) return;
  const parts = before.map((part, at) => (at === number - 1 ? octets : part));
  turn.updateSession({ chainParts: { first, octets: parts } });
  const all = parts.filter((part) => part !== undefined);
  if (all.length === CHAIN_PARTS) turn.emit({ kind: 'chain-head', head: joinChainParts(all) });
}
