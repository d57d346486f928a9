import type { Clock } from '@cardea/kit-runtime';
import type { Context, Note } from '../../context.ts';
import { CoreError } from '../../errors.ts';
import type { GrantGiver } from '../../grant/keeper.ts';
import type { Door, Property } from '../../model.ts';
import type { Transaction } from '../../ports.ts';
import { createSlices, inSlices } from '../../slices.ts';
import type { StayKeeper } from '../keeper.ts';
import type { Stay } from '../model.ts';
import { resolve } from '../moments.ts';
import { roomsOf } from '../rooms.ts';
import type { ImportAnswer, ImportFormat, ImportLine } from './answer.ts';
import type { Booking, ReadFile } from './booking.ts';
import { readCsv } from './csv.ts';
import { readIcal } from './ical.ts';

/** @throws CoreError `invalid` for a file that is not read at all */
export function readFile(clock: Clock, format: ImportFormat, file: string): Promise<ReadFile> {
  return inSlices(createSlices(clock), format === 'csv' ? readCsv(file) : readIcal(file));
}

/** Lines that share a unit: another request waits no longer than for these. */
const LINES_A_UNIT = 10;

/** Thrown to leave a unit without its changes. */
class Undone extends Error {}

/** Brings a file's reservations onto the verbs, in the order of the file; a line that is refused does not keep the others. */
export async function applyFile(
  context: Context,
  keeper: StayKeeper,
  by: GrantGiver,
  property: Property,
  format: ImportFormat,
  { bookings, bad }: ReadFile,
  dryRun: boolean,
): Promise<{ readonly answer: ImportAnswer; readonly lockIds: readonly string[] }> {
  const lines: ImportLine[] = bad.map((one) => ({
    ...one,
    reference: null,
    result: 'refused',
    stayId: null,
  }));
  const lockIds = new Set<string>();
  const seen = new Planned();
  for (let at = 0; at < bookings.length; at += LINES_A_UNIT) {
    const some = bookings.slice(at, at + LINES_A_UNIT);
    let told: readonly ImportLine[] = [];
    const run = async (tx: Transaction, note: Note): Promise<void> => {
      const done: ImportLine[] = [];
      for (const booking of some) {
        done.push(
          await lineOf(booking, async () => {
            const after = await applyOne(tx, note, keeper, by, property, format, booking);
            for (const id of after.lockIds) lockIds.add(id);
            if (dryRun) seen.add(booking, after);
            return after;
          }),
        );
      }
      told = done;
      // What a dry run wrote is not there: a later line does not meet it, but `seen` does.
      if (dryRun) throw new Undone();
    };
    try {
      await context.write(run);
    } catch (error) {
      if (!(error instanceof Undone)) throw error;
    }
    lines.push(...told);
  }
  lines.sort((a, b) => a.line - b.line);
  return { answer: { dryRun, lines }, lockIds: dryRun ? [] : [...lockIds] };
}

interface Applied {
  readonly result: ImportLine['result'];
  readonly stay: Stay | undefined;
  readonly lockIds: readonly string[];
}

/** What a dry run would have reserved so far, beyond the unit in which it was tried. */
class Planned {
  readonly #stays = new Map<string, { readonly line: number; readonly stay: Stay }>();

  /** @throws CoreError `conflict` when an earlier line takes the room */
  add({ line }: Booking, { stay }: Applied): void {
    if (stay === undefined) return;
    const key = stay.reference ?? stay.id;
    this.#stays.delete(key);
    if (stay.state !== 'reserved' && stay.state !== 'checked_in') return;
    for (const other of this.#stays.values()) {
      const apart = other.stay.toAt <= stay.fromAt || stay.toAt <= other.stay.fromAt;
      if (apart || !other.stay.doorIds.some((id) => stay.doorIds.includes(id))) continue;
      throw new CoreError('conflict', `line ${other.line} takes the room at that time`, { field: 'room' });
    }
    this.#stays.set(key, { line, stay });
  }
}

async function lineOf(booking: Booking, apply: () => Promise<Applied>): Promise<ImportLine> {
  const { line, reference } = booking;
  try {
    const { result, stay } = await apply();
    return { line, reference, result, stayId: stay?.id ?? null, field: null, message: null };
  } catch (error) {
    if (!(error instanceof CoreError)) throw error;
    return { line, reference, result: 'refused', stayId: null, field: error.field ?? null, message: error.message };
  }
}

async function applyOne(
  tx: Transaction,
  note: Note,
  keeper: StayKeeper,
  by: GrantGiver,
  property: Property,
  source: ImportFormat,
  booking: Booking,
): Promise<Applied> {
  const { reference, cancelled, room, name, contact, arrival, departure } = booking;
  const known = await tx.stays.byReference(by.organizationId, property.id, reference);
  if (cancelled) return cancel(tx, note, keeper, by, known);
  if (room === null || name === null || arrival === null || departure === null) {
    throw new CoreError('invalid', 'the reservation does not say all that it needs');
  }
  const doors = await roomsOf(tx, property, { room });
  const time = { fromAt: resolve(arrival, property, 'arrival'), toAt: resolve(departure, property, 'departure') };
  if (known !== undefined && known.state !== 'cancelled') {
    return update(tx, note, keeper, by, property, known, doors, time);
  }
  // One that was cancelled and is wanted again is a new stay under its reference.
  if (known !== undefined) await tx.stays.update(by.organizationId, known.id, { reference: null });
  const doorIds = doors.map(({ id }) => id);
  const draft = { property, doorIds, ...time, guest: { name, contact }, source, reference };
  return { result: 'added', stay: await keeper.reserve(tx, note, by, draft), lockIds: [] };
}

async function cancel(
  tx: Transaction,
  note: Note,
  keeper: StayKeeper,
  by: GrantGiver,
  known: Stay | undefined,
): Promise<Applied> {
  if (known === undefined || known.state === 'cancelled' || known.state === 'checked_out') {
    return { result: 'unchanged', stay: known, lockIds: [] };
  }
  if (known.state === 'checked_in') {
    throw new CoreError('conflict', `the guest is in the room: check out ${known.id} at the desk`, { field: 'status' });
  }
  return { result: 'cancelled', stay: await keeper.cancel(tx, note, by, known), lockIds: [] };
}

async function update(
  tx: Transaction,
  note: Note,
  keeper: StayKeeper,
  by: GrantGiver,
  property: Property,
  known: Stay,
  doors: readonly Door[],
  time: Pick<Stay, 'fromAt' | 'toAt'>,
): Promise<Applied> {
  if (known.state === 'checked_out') return { result: 'unchanged', stay: known, lockIds: [] };
  const doorIds = doors.map(({ id }) => id);
  const inRoom = known.state === 'checked_in';
  const moved = doorIds.join() !== known.doorIds.join();
  if (moved && inRoom) {
    throw new CoreError('conflict', `the guest is in another room: move ${known.id} at the desk`, { field: 'room' });
  }
  // When somebody arrived is known better than any file says.
  const fromAt = inRoom ? known.fromAt : time.fromAt;
  const shifted = fromAt !== known.fromAt || time.toAt !== known.toAt;
  if (!moved && !shifted) return { result: 'unchanged', stay: known, lockIds: [] };
  const wished = { ...known, fromAt, toAt: time.toAt };
  // The new room at the new time is what has to be free, not the new room at the old time.
  if (moved && shifted) {
    await tx.stays.update(known.organizationId, known.id, { fromAt, toAt: time.toAt });
    const { stay } = await keeper.move(tx, note, by, property, wished, doorIds);
    return { result: 'changed', stay, lockIds: [] };
  }
  const { stay, lockIds } = moved
    ? await keeper.move(tx, note, by, property, known, doorIds)
    : await keeper.extend(tx, note, by, property, known, { fromAt, toAt: time.toAt });
  return { result: 'changed', stay, lockIds };
}
