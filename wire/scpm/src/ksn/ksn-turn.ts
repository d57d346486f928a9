import { equal, toHex } from '@cardea/kit-octets';
import type { Exchange } from '../exchange/exchange.ts';
import { Turn } from '../node/turn.ts';
import { heldKeys } from './held-keys.ts';
import { encodeDeviceEntry, encodeDomain } from './record.ts';
import {
  type DeviceEntry,
  type DeviceKeyState,
  type DeviceProgress,
  type DomainKey,
  deviceKeyOf,
  entryOf,
  type KsnState,
  PAUSE_MAX_MS,
  PAUSE_MS,
} from './state.ts';

/** Names of what a KSN keeps without power. */
export const DOMAIN_RECORD = 'domain';
export const deviceRecordName = (address: Uint8Array): string => `device-${toHex(address)}`;

/** One step of a KSN in the making. */
export class KsnTurn extends Turn {
  declare state: KsnState;

  change(patch: Partial<KsnState>): void {
    this.state = { ...this.state, ...patch };
  }

  /** Replaces fields of a device's entry, and what this node holds of its keys. */
  changeEntry(address: Uint8Array, patch: Partial<DeviceEntry>): void {
    this.change({
      entries: this.state.entries.map((entry) => (equal(entry.address, address) ? { ...entry, ...patch } : entry)),
    });
    this.rekey(address);
  }

  /** Replaces what a device holds of one index; `undefined` when it holds nothing any more. */
  changeKey(address: Uint8Array, keyIndex: number, patch: Partial<DeviceKeyState> | undefined): void {
    const entry = entryOf(this.state, address);
    if (entry === undefined) return;
    const others = entry.keys.filter((key) => key.keyIndex !== keyIndex);
    const keys = patch === undefined ? others : [...others, { ...deviceKeyOf(entry, keyIndex), ...patch }];
    this.changeEntry(address, { keys });
  }

  changeDomainKey(keyIndex: number, patch: Partial<DomainKey>): void {
    this.change({
      domainKeys: this.state.domainKeys.map((key) => (key.keyIndex === keyIndex ? { ...key, ...patch } : key)),
    });
    for (const { address } of this.state.entries) this.rekey(address);
    this.saveDomain();
  }

  /** Works out anew which keys are shared with a device; lines of keys that are gone go with them. */
  rekey(address: Uint8Array): void {
    const entry = entryOf(this.state, address);
    const known = this.peer(address);
    const shared = (known?.keys ?? []).filter(({ state }) => state === 'shared');
    const keys = entry === undefined ? [] : heldKeys(this.primitives, this.state, entry, known?.keys ?? []);
    const lines = (known?.lines ?? []).filter(
      (line) => line.dh || keys.some(({ keyIndex, version }) => keyIndex === line.keyIndex && version === line.version),
    );
    this.updatePeer(address, { keys: [...keys, ...shared], lines });
  }

  /** A version that no device was ever given: the time where it can be, so that a restored KSN does not fall behind. */
  newVersion(): number {
    const version = Math.max(this.state.lastVersion + 1, Math.floor(this.context.now.unixMs / 1000)) >>> 0;
    this.change({ lastVersion: version });
    return version;
  }

  exchangeWith(address: Uint8Array): Exchange | undefined {
    return this.state.exchanges.find(({ peer }) => equal(peer, address));
  }

  setExchange(address: Uint8Array, exchange: Exchange | undefined): void {
    const others = this.state.exchanges.filter(({ peer }) => !equal(peer, address));
    this.change({ exchanges: exchange === undefined ? others : [...others, exchange] });
  }

  progressOf(address: Uint8Array): DeviceProgress {
    const found = this.state.progress.find((each) => equal(each.address, address));
    return found ?? { address, failures: 0, notBeforeMs: 0, inquiryUntilMs: undefined };
  }

  setProgress(address: Uint8Array, patch: Partial<DeviceProgress>): void {
    const others = this.state.progress.filter((each) => !equal(each.address, address));
    this.change({ progress: [...others, { ...this.progressOf(address), ...patch }] });
  }

  /** A go at a device came to nothing: the next one waits. */
  pause(address: Uint8Array): void {
    const { failures } = this.progressOf(address);
    const waitMs = Math.min(PAUSE_MS * 2 ** failures, PAUSE_MAX_MS);
    const notBeforeMs = this.nowMs + waitMs;
    this.setProgress(address, { failures: failures + 1, notBeforeMs, inquiryUntilMs: undefined });
  }

  saveDomain(): void {
    this.emit({ kind: 'persist', name: DOMAIN_RECORD, octets: encodeDomain(this.state) });
  }

  saveDevice(address: Uint8Array): void {
    const entry = entryOf(this.state, address);
    const lines = this.peer(address)?.lines ?? [];
    const octets = entry === undefined ? undefined : encodeDeviceEntry(entry, lines);
    this.emit({ kind: 'persist', name: deviceRecordName(address), octets });
  }
}
