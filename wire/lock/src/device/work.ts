import type { DeviceContext } from '@cardea/wire-profile';
import { encodeRefusal, type RefusalCode } from '../refusal.ts';
import type { DeviceRecord, DurableChange } from './durable.ts';
import type { DeviceEffect } from './effect.ts';
import type { AfterWrite, DeviceState } from './state.ts';

/**
 * One step in the making: the state so far and the effects so far. States are replaced, never changed, so the machine
 * is pure from the outside; this only spares every function from handing both back.
 */
export class Work {
  readonly context: DeviceContext;
  readonly effects: DeviceEffect[] = [];
  state: DeviceState;

  constructor(context: DeviceContext, state: DeviceState) {
    this.context = context;
    this.state = state;
  }

  /** Monotonic milliseconds. */
  get nowMs(): number {
    return this.context.now.monotonicMs;
  }

  /** Replaces fields of the state. */
  update(patch: Partial<DeviceState>): void {
    this.state = { ...this.state, ...patch };
  }

  emit(effect: DeviceEffect): void {
    this.effects.push(effect);
  }

  /** A number that no effect had before since power-on. */
  id(): number {
    const id = this.state.nextId;
    this.update({ nextId: id + 1 });
    return id;
  }

  /** Asks for a durable change; `then` happens once it is. Writes are done in the order of asking. */
  persist(change: DurableChange, then: AfterWrite): number {
    const id = this.id();
    this.update({ writes: [...this.state.writes, { id, then }] });
    this.emit({ kind: 'persist', id, change });
    return id;
  }

  /** Changes fields of the record, here and in flash. */
  saveRecord(patch: Partial<DeviceRecord>, then: AfterWrite): number {
    const record = { ...this.state.record, ...patch };
    this.update({ record });
    return this.persist({ kind: 'record', record }, then);
  }

  /** Sends to a link that is still there. */
  send(link: number, channel: number, octets: Uint8Array): void {
    if (this.state.links.some((each) => each.link === link)) this.emit({ kind: 'send', link, channel, octets });
  }

  /** Says why not: a hint, unauthenticated. */
  refuse(link: number, channel: number, code: RefusalCode): void {
    this.send(link, channel, this.refusal(code));
  }

  /** The refusal that says so, with what a RAS may be helped by. */
  refusal(code: RefusalCode): Uint8Array {
    const { active, pending, resetCount } = this.state.record;
    const keyVersion = Math.max(active?.keyVersion ?? 0, pending?.keyVersion ?? 0);
    return encodeRefusal({ code, keyVersion, resetCount });
  }

  /** Counts something forged on a link; the eighth ends the link. True when the link is still there. */
  forged(link: number): boolean {
    const count = (this.state.links.find((each) => each.link === link)?.wrongTags ?? 0) + 1;
    if (count >= WRONG_TAGS_MAX) {
      this.update({ links: this.state.links.filter((each) => each.link !== link) });
      this.emit({ kind: 'drop-link', link });
      return false;
    }
    this.update({
      links: this.state.links.map((each) => (each.link === link ? { ...each, wrongTags: count } : each)),
    });
    return true;
  }
}

/** The wrong tag that drops a link. */
export const WRONG_TAGS_MAX = 8;
