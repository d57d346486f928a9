import { equal } from '@cardea/kit-octets';
import { KEY_INDEX } from '../header.ts';
import type { HeldKey } from '../node/keys.ts';
import { type Peer, REQUESTERS_MAX } from '../node/state.ts';
import { Turn } from '../node/turn.ts';
import { encodeDeviceRecord } from './record.ts';
import type { DeviceState } from './state.ts';

/** Name of what a device keeps without power. */
export const DEVICE_RECORD = 'device';

/** One step of a device in the making. */
export class DeviceTurn extends Turn {
  declare state: DeviceState;

  change(patch: Partial<DeviceState>): void {
    this.state = { ...this.state, ...patch };
  }

  /** A new peer takes the place of one that only ever tried to join, where there are too many. */
  override updatePeer(address: Uint8Array, patch: Partial<Peer>): Peer {
    const { peers } = this.state;
    if (this.peer(address) === undefined && peers.length > REQUESTERS_MAX) {
      const forgotten = peers.find((peer) => this.isForgettable(peer));
      this.change({ peers: peers.filter((peer) => peer !== forgotten) });
    }
    return super.updatePeer(address, patch);
  }

  /**
   * Whether a peer may be forgotten: nothing but the serial key was used with it, under which nothing is enciphered, and
   * its run is over.
   */
  isForgettable({ address, lines }: Peer): boolean {
    const { exchange, ksn } = this.state;
    const isBusy = [exchange?.peer, ksn].some((each) => each !== undefined && equal(each, address));
    return !isBusy && lines.every(({ keyIndex }) => keyIndex === KEY_INDEX.serial);
  }

  /** Puts a key in the place of those of its index and state. */
  setKey(key: HeldKey): void {
    const others = this.state.keys.filter((each) => each.keyIndex !== key.keyIndex || each.state !== key.state);
    const floors = this.state.floors.filter(({ keyIndex }) => keyIndex !== key.keyIndex);
    const version = Math.max(this.floor(key.keyIndex), key.version);
    this.change({ keys: [...others, key], floors: [...floors, { keyIndex: key.keyIndex, version }] });
  }

  /** Erases keys, and the lines that they protected. */
  eraseKeys(isErased: (key: HeldKey) => boolean): void {
    const erased = this.state.keys.filter(isErased);
    if (erased.length === 0) return;
    const isOf = (line: { readonly keyIndex: number; readonly version: number; readonly dh: boolean }) =>
      !line.dh && erased.some(({ keyIndex, version }) => keyIndex === line.keyIndex && version === line.version);
    this.change({
      keys: this.state.keys.filter((key) => !isErased(key)),
      peers: this.state.peers.map((peer) => ({ ...peer, lines: peer.lines.filter((line) => !isOf(line)) })),
    });
  }

  /** The highest version that an index has had; -1 when none. */
  floor(keyIndex: number): number {
    return this.state.floors.find((each) => each.keyIndex === keyIndex)?.version ?? -1;
  }

  /** Setting mode: for a time after the button, while no user key is set. */
  get isSetting(): boolean {
    const { settingUntilMs } = this.state;
    return settingUntilMs !== undefined && this.nowMs < settingUntilMs;
  }

  /** NEW_KEY_PENDING ends: the pending key is active, and the old one erased. */
  activate(pending: HeldKey): void {
    const { keyIndex, version } = pending;
    this.eraseKeys((key) => key.keyIndex === keyIndex && key.state === 'active');
    const keys = this.state.keys.map((key) => (key === pending ? { ...key, state: 'active' as const } : key));
    const wish = this.state.wish?.keyIndex === keyIndex ? undefined : this.state.wish;
    this.change({ keys, wish });
    this.after.push({ kind: 'key', peer: this.state.address, keyIndex, version, state: 'active' });
  }

  save(): void {
    this.emit({ kind: 'persist', name: DEVICE_RECORD, octets: encodeDeviceRecord(this.state) });
  }
}
