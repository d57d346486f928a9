import { equal } from '@cardea/kit-octets';
import { DOMAIN_RECORD, deviceRecordName } from './ksn-turn.ts';
import { encodeDeviceEntry, encodeDomain } from './record.ts';
import type { KsnState } from './state.ts';

/** Everything that a KSN keeps, as of one moment: what it persists one by one, under the same names. */
export function recordsOf(state: KsnState): readonly { readonly name: string; readonly octets: Uint8Array }[] {
  const devices = state.entries.map((entry) => ({
    name: deviceRecordName(entry.address),
    octets: encodeDeviceEntry(entry, state.peers.find(({ address }) => equal(address, entry.address))?.lines ?? []),
  }));
  return [{ name: DOMAIN_RECORD, octets: encodeDomain(state) }, ...devices];
}
