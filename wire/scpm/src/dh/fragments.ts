import { concat } from '@cardea/kit-octets';
import { ScpmError } from '../errors.ts';
import type { DhValue } from '../padata/padata.ts';
import type { DhGroup } from './group.ts';

/** What all parts of both public values of one run say. */
export interface DhRun {
  /** 0 to 2^32 - 1, chosen by the KSN. */
  readonly exchangeId: number;
  readonly group: DhGroup;
  /** The key under which the run stands. */
  readonly keyIndex: number;
  /** The version of the key that will be given. */
  readonly version: number;
}

/** A public value as the requests that carry it, in order. @throws ScpmError `length` */
export function fragmentsOf({ exchangeId, group, keyIndex, version }: DhRun, value: Uint8Array): readonly DhValue[] {
  const { fragments: total, valueOctets } = group;
  if (value.length !== valueOctets) {
    throw new ScpmError('length', 'value', `of group ${group.id} has ${valueOctets} octets, not ${value.length}`);
  }
  const size = valueOctets / total;
  return Array.from({ length: total }, (_, fragment) => ({
    kind: 'dh-value' as const,
    exchangeId,
    group: group.id,
    keyIndex,
    version,
    fragment,
    total,
    part: value.slice(fragment * size, (fragment + 1) * size),
  }));
}

/** The parts that have come of one public value: from the first on, without a gap. */
export interface DhAssembly {
  readonly run: DhRun;
  readonly parts: readonly Uint8Array[];
}

/**
 * Takes the next part of a public value. Part 0 begins a value; every other must follow the one before it in the same run
 * (a part that was sent again never comes here: its SNF is answered from the cache). At most one value is held.
 * `misfit`: it follows nothing that is here, or has not the size or the total of its group.
 */
export function assemble(
  assembly: DhAssembly | undefined,
  group: DhGroup,
  { exchangeId, keyIndex, version, fragment, total, part }: Omit<DhValue, 'kind' | 'group'>,
):
  | { readonly kind: 'more'; readonly assembly: DhAssembly }
  | { readonly kind: 'whole'; readonly run: DhRun; readonly value: Uint8Array }
  | { readonly kind: 'misfit' } {
  if (total !== group.fragments || part.length !== group.valueOctets / group.fragments) return { kind: 'misfit' };
  const run: DhRun = { exchangeId, group, keyIndex, version };
  const before = fragment === 0 ? { run, parts: [] } : assembly;
  if (before === undefined || before.parts.length !== fragment || !sameRun(before.run, run)) return { kind: 'misfit' };
  const parts = [...before.parts, part];
  return parts.length === total
    ? { kind: 'whole', run, value: concat(...parts) }
    : { kind: 'more', assembly: { run, parts } };
}

function sameRun(a: DhRun, b: DhRun): boolean {
  return (
    a.exchangeId === b.exchangeId && a.group.id === b.group.id && a.keyIndex === b.keyIndex && a.version === b.version
  );
}
