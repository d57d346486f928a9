import type { ChainGap, LockChain } from '@cardea/wire-api';
import { fields, table } from './output/table.ts';
import { ago } from './output/time.ts';
import type { ChainProof } from './prove-chain.ts';

/** What each kind of gap means to somebody who reads the record. */
const KIND: { readonly [Kind in ChainGap['kind']]: string } = {
  missing: 'never came, and nobody says why',
  lost: 'given up by the lock, which said so',
  reset: 'cleared by a reset of the lock',
  altered: 'on record, but not what the lock has signed',
};

/** A lock's event chain for people: how far it is verified, by which head, and its gaps. */
export function chainLines(identifier: string, chain: LockChain, nowMs: number): string {
  if (!chain.chained) return `${identifier} keeps no event chain: its maker's protocol has none\n`;
  const { head } = chain;
  const open = chain.gaps.filter(({ closed_at }) => closed_at === null).length;
  const lines = fields([
    ['lock', identifier],
    ['verified', head === null ? 'nothing yet: the lock has signed no head' : `up to event ${chain.verified_to}`],
    ['head', head === null ? 'none' : `event ${head.sequence}, day ${head.day}, ${ago(chain.last_head_at, nowMs)}`],
    ['hash', head?.hash ?? 'none'],
    ...(chain.unsettled_since === null
      ? []
      : ([['waiting', `for events that the head counts, since ${ago(chain.unsettled_since, nowMs)}`]] as const)),
    ['gaps', chain.gaps.length === 0 ? 'none' : `${chain.gaps.length}, ${open} of them open`],
  ]);
  if (chain.gaps.length === 0) return lines;
  return `${lines}\n${table(
    ['EVENTS', 'WHAT', 'SEEN', 'CLOSED'],
    chain.gaps.map((gap) => [
      gap.from === gap.to ? `${gap.from}` : `${gap.from} to ${gap.to}`,
      KIND[gap.kind],
      ago(gap.seen_at, nowMs),
      gap.closed_at === null ? 'no' : ago(gap.closed_at, nowMs),
    ]),
  )}`;
}

/** What was checked here, for people. */
export function proofLines(proof: ChainProof): string {
  const events = {
    agree: 'they hash to the head',
    differ: 'WRONG: they are not what the lock has signed',
    incomplete: `${proof.missing} of them are not shown: they cannot be held against the head`,
  };
  return fields([
    ['signature', proof.signature === 'good' ? "checked here: by the lock's serial key" : "WRONG: not the lock's"],
    ['events', `checked here: ${events[proof.events]}`],
  ]);
}
