import type { Primitives } from '@cardea/kit-crypto';
import { equal } from '@cardea/kit-octets';
import type { Instant } from '@cardea/kit-runtime';
import type { ScpmEffect } from '../effect.ts';
import { FIRST_SNF, type HeldKey, type Line, type LineName, lineName, sameLine } from './keys.ts';
import { type NodeState, newPeer, type Peer } from './state.ts';

/** What a machine is given besides its input. */
export interface ScpmContext {
  readonly primitives: Primitives;
  readonly now: Instant;
}

/**
 * One step in the making: the state so far and the effects so far. States are replaced, never changed, so the machine
 * is pure from the outside; this only spares every function from handing both back.
 */
export class Turn {
  readonly context: ScpmContext;
  readonly effects: ScpmEffect[] = [];
  /** Effects that follow the answer that is being made. */
  readonly after: ScpmEffect[] = [];
  state: NodeState;

  constructor(context: ScpmContext, state: NodeState) {
    this.context = context;
    this.state = state;
  }

  /** Monotonic milliseconds. */
  get nowMs(): number {
    return this.context.now.monotonicMs;
  }

  get primitives(): Primitives {
    return this.context.primitives;
  }

  emit(effect: ScpmEffect): void {
    this.effects.push(effect);
  }

  /** Replaces fields of the state. */
  update(patch: Partial<NodeState>): void {
    this.state = { ...this.state, ...patch };
  }

  /** A number that no effect and no message had before. */
  id(): number {
    const id = this.state.nextId;
    this.update({ nextId: id + 1 });
    return id;
  }

  peer(address: Uint8Array): Peer | undefined {
    return this.state.peers.find((each) => equal(each.address, address));
  }

  /** Replaces fields of a peer, which is added when it is new. */
  updatePeer(address: Uint8Array, patch: Partial<Peer>): Peer {
    const found = this.peer(address);
    const peer = { ...(found ?? newPeer(address)), ...patch };
    const peers = found ? this.state.peers.map((each) => (each === found ? peer : each)) : [...this.state.peers, peer];
    this.update({ peers });
    return peer;
  }

  /** The keys that hold between this node and a peer. */
  keysWith(address: Uint8Array): readonly HeldKey[] {
    return [...this.state.keys, ...(this.peer(address)?.keys ?? [])];
  }

  /** The line of that name with a peer; a new one when none is there. */
  line(address: Uint8Array, name: LineName): Line {
    const found = this.peer(address)?.lines.find((each) => sameLine(each, name));
    const { keyIndex, version, dh } = name;
    const isCurrent = this.#isOfThisRun(address, name);
    return (
      found ?? { keyIndex, version, dh, expected: this.state.firstSnf, last: undefined, next: FIRST_SNF, isCurrent }
    );
  }

  #isOfThisRun(address: Uint8Array, name: LineName): boolean {
    return this.keysWith(address).find((key) => sameLine(lineName(key), name))?.isOfThisRun ?? false;
  }

  updateLine(address: Uint8Array, name: LineName, patch: Partial<Line>): void {
    const line = { ...this.line(address, name), ...patch };
    const others = (this.peer(address)?.lines ?? []).filter((each) => !sameLine(each, name));
    this.updatePeer(address, { lines: [...others, line] });
  }

  /** Whether the next SNF of a line is known to be unused; `settle` says that it is, or no longer. */
  isSettled(address: Uint8Array, name: LineName): boolean {
    const isNew =
      this.state.settings.profile === 'hardened' &&
      this.#isOfThisRun(address, name) &&
      !this.peer(address)?.lines.some((each) => sameLine(each, name));
    return isNew || (this.peer(address)?.settled.some((each) => sameLine(each, name)) ?? false);
  }

  settle(address: Uint8Array, name: LineName, settled: boolean): void {
    const { keyIndex, version, dh } = name;
    const lines = this.peer(address)?.lines ?? [];
    // Names of lines that are gone go too.
    const others = (this.peer(address)?.settled ?? []).filter(
      (each) => !sameLine(each, name) && lines.some((line) => sameLine(line, each)),
    );
    this.updatePeer(address, { settled: settled ? [...others, { keyIndex, version, dh }] : others });
  }

  /** Has the peer asked, or no longer, where it stands on a line; it is asked before anything else ({@link Line.isCurrent}). */
  doubt(address: Uint8Array, name: LineName, isDoubted: boolean): void {
    const { keyIndex, version, dh } = name;
    const others = (this.peer(address)?.doubted ?? []).filter((each) => !sameLine(each, name));
    this.updatePeer(address, { doubted: isDoubted ? [...others, { keyIndex, version, dh }] : others });
  }

  /** The secret of a Diffie-Hellman run with a peer is gone, with the line that it protected. */
  dropShared(address: Uint8Array): void {
    const peer = this.peer(address);
    if (peer === undefined) return;
    this.updatePeer(address, {
      keys: peer.keys.filter(({ state }) => state !== 'shared'),
      lines: peer.lines.filter(({ dh }) => !dh),
      settled: peer.settled.filter(({ dh }) => !dh),
    });
  }

  /** So many octets of randomness; `undefined` until those that were asked for have come. */
  takeRandom(sizeOctets: number): Uint8Array | undefined {
    const { random, randomAsked } = this.state;
    if (random.length < sizeOctets + RANDOM_SIZE_OCTETS / 2 && !randomAsked) {
      this.update({ randomAsked: true });
      this.emit({ kind: 'make-random', id: this.id(), sizeOctets: RANDOM_SIZE_OCTETS });
    }
    if (random.length < sizeOctets) return undefined;
    this.update({ random: random.slice(sizeOctets) });
    return random.slice(0, sizeOctets);
  }
}

/** Randomness is asked for in such pieces, ahead of its use. */
const RANDOM_SIZE_OCTETS = 64;
