import type { Cancel } from '@cardea/kit-runtime';
import type { ChainHead, EventChain } from '@cardea/wire-profile';
import type { Context } from '../context.ts';
import type { LinkMemory } from '../link/memory.ts';
import type { Turns } from '../link/turns.ts';
import {
  CHAIN_GRACE_MS,
  type ChainWork,
  fillGaps,
  noteOverdueHead,
  noteWrongHead,
  settle,
  takeGenuineHead,
} from './settle.ts';

/** A head is asked for at least daily: as soon as the newest is older than this, at the next poll. */
const HEAD_EVERY_MS = 20 * 3_600_000;
/** When one has been asked for and did not come, or when a gap shows, it is asked again after this. */
const ASK_AGAIN_MS = 10 * 60_000;
/** A lock that answers and whose head does not come for so long is an alarm: somebody holds it back. */
const HEAD_OVERDUE_MS = 48 * 3_600_000;
/** Askings without a head before that is said: after a start of the server the newest may be old. */
const ASKED_LEAST = 3;
/** When the record did not take what was found, it is looked at again after this. */
const FAILED_AGAIN_MS = 60_000;
/** Events of a moment are looked at together. */
const SETTLE_AFTER_MS = 1_000;

/** Keeps one lock's event chain: when its head is wanted, what a head proves, and what is missing. */
export interface ChainKeeper {
  /** The lock has just answered: whether it should be asked for its head. Asked once, it says no for a while. */
  wantsHead(): boolean;
  /** The lock has answered that it signs no heads. */
  unsupported(): void;
  /** A gap has shown: the next poll brings a head. */
  gapShown(): void;
  /** A head by a live session; resolves when what follows from it is durable. */
  head(head: ChainHead): Promise<void>;
  /** An event is durable. */
  event(sequence: number): void;
  /** Reads from the record where the chain is. */
  begin(): Promise<void>;
  stop(): void;
}

/** The keeper of one lock's chain. */
export function createChainKeeper(context: Context, chain: EventChain, memory: LinkMemory, turns: Turns): ChainKeeper {
  const { clock, keys } = context.ports;
  let headAt: number | undefined;
  let askedAtMonotonic: number | undefined;
  let shown = false;
  let signsNone = false;
  /** Since when a head is missing, or was last said to be. */
  let overdueSince: number | undefined;
  let asked = 0;
  /** Events up to here have to do with the newest head. */
  let headSequence = 0;
  let cancel: Cancel = () => {};
  let due: number | undefined;
  let stopped = false;

  const work = (tx: ChainWork['tx'], note: ChainWork['note']): ChainWork => ({
    context,
    tx,
    note,
    chain,
    lock: memory.lock,
    place: memory.place,
  });
  const remember = async (): Promise<void> => {
    const known = await context.read((tx) => tx.chains.get(memory.lock.id));
    if (known === undefined) return;
    ({ headAt, headSequence } = known);
    overdueSince = headAt;
    asked = 0;
    if (known.unsettledSince !== null) again(known.unsettledSince + CHAIN_GRACE_MS - context.now());
  };
  /** Looks at the record again, once for all that asked. */
  const again = (delayMs: number): void => {
    const at = clock.monotonic() + Math.max(SETTLE_AFTER_MS, delayMs);
    if (due !== undefined && due <= at) return;
    due = at;
    cancel();
    cancel = clock.after(at - clock.monotonic(), () => {
      due = undefined;
      turns.takeAlone('an event chain could not be settled', async () => {
        try {
          await context.write(async (tx, note) => {
            await settle(work(tx, note));
            await fillGaps(work(tx, note));
          });
        } catch (error) {
          // What it had to say is said when the record takes it.
          if (!stopped) again(FAILED_AGAIN_MS);
          throw error;
        }
        await remember();
      });
    });
  };

  const checkOverdue = (): void => {
    overdueSince ??= context.now();
    if (asked < ASKED_LEAST || context.now() - overdueSince < HEAD_OVERDUE_MS) return;
    overdueSince = context.now();
    turns.takeAlone('an overdue head could not be told', () =>
      context.write((tx, note) => noteOverdueHead(work(tx, note), headAt)),
    );
  };

  return {
    wantsHead() {
      if (signsNone) return false;
      checkOverdue();
      const now = clock.monotonic();
      if (askedAtMonotonic !== undefined && now - askedAtMonotonic < ASK_AGAIN_MS) return false;
      const old = headAt === undefined || context.now() - headAt >= HEAD_EVERY_MS;
      if (!old && !shown) return false;
      askedAtMonotonic = now;
      asked++;
      shown = false;
      return true;
    },
    unsupported() {
      signsNone = true;
    },
    gapShown() {
      shown = true;
    },
    async head(head) {
      const { lock, record } = memory;
      const serial = await context.read((tx) => tx.locks.serial(lock.id));
      const signed = chain.signed(lock.identifier, head);
      const genuine = serial !== undefined && (await keys.verify(serial.publicKey, signed, head.signature));
      await context.write(async (tx, note) => {
        if (genuine) await takeGenuineHead(work(tx, note), head, record?.resetCount ?? 0);
        else await noteWrongHead(work(tx, note), 'signature', head);
      });
      await remember();
    },
    event(sequence) {
      if (sequence <= headSequence) again(0);
    },
    begin: remember,
    stop() {
      stopped = true;
      cancel();
    },
  };
}
