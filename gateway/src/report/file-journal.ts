import { type FileHandle, open, readFile } from 'node:fs/promises';
import { crc32 } from 'node:zlib';
import { type Envelope, EnvelopeError, writeFileDurably } from '@cardea/kit-node';
import { concat, fromAscii, Reader, toAscii, Writer } from '@cardea/kit-octets';
import { Secret } from '@cardea/kit-runtime';
import { GatewayError } from '../errors.ts';
import type { JournalEntry, JournalStorage } from './journal.ts';

const CONTEXT = 'gateway journal 1';
const APPENDED = 1;
const REMOVED = 2;
/** After a rewrite: the number that comes next, though no entry before it is left. */
const NEXT = 3;
const HEAD_OCTETS = 8;
/** The file is written anew when it has grown past this and most of it is forgotten. */
const REWRITE_OCTETS = 512 * 1024;
const REWRITE_ENTRIES_LIVE = 64;
const RECORD_MOST_OCTETS = 4096;

type Change =
  | { readonly kind: 'appended'; readonly entry: JournalEntry }
  | { readonly kind: 'removed'; readonly number: number }
  | { readonly kind: 'next'; readonly number: number };

/**
 * The journal as a file that only grows: length(4), CRC-32(4), sealed change; an append is synced before its promise
 * resolves. A torn record at the end is what a kill leaves behind and is cut off; a damaged one before that is an error.
 * @throws GatewayError `journal`
 */
export async function openFileJournal(path: string, envelope: Envelope): Promise<JournalStorage> {
  const { changes, soundOctets } = readChanges(await readIfThere(path), envelope, path);
  const live = new Map<number, JournalEntry>();
  let nextNumber = 1;
  for (const change of changes) {
    if (change.kind === 'appended') live.set(change.entry.number, change.entry);
    else if (change.kind === 'removed') live.delete(change.number);
    const number = change.kind === 'appended' ? change.entry.number + 1 : change.number;
    nextNumber = Math.max(nextNumber, number);
  }
  let file: FileHandle = await open(path, 'a', 0o600);
  await file.truncate(soundOctets);
  let sizeOctets = soundOctets;

  const append = async (change: Change, sync: boolean): Promise<void> => {
    const record = encodeRecord(change, envelope);
    await file.appendFile(record);
    if (sync) await file.sync();
    sizeOctets += record.length;
  };

  const rewriteIfMostIsForgotten = async (): Promise<void> => {
    if (sizeOctets < REWRITE_OCTETS || live.size > REWRITE_ENTRIES_LIVE) return;
    const kept: Change[] = [...live.values()].map((entry) => ({ kind: 'appended', entry }));
    const octets = concat(
      ...[{ kind: 'next', number: nextNumber } as const, ...kept].map((change) => encodeRecord(change, envelope)),
    );
    await file.close();
    await writeFileDurably(path, octets, 0o600);
    file = await open(path, 'a', 0o600);
    sizeOctets = octets.length;
  };

  return {
    load: async () => ({ entries: [...live.values()].sort((a, b) => a.number - b.number), nextNumber }),
    async append(entry) {
      live.set(entry.number, entry);
      nextNumber = Math.max(nextNumber, entry.number + 1);
      await append({ kind: 'appended', entry }, true);
    },
    async remove(number) {
      if (!live.delete(number)) return;
      // Not synced: lost with the power, it costs one repetition that the RAS knows by its id.
      await append({ kind: 'removed', number }, false);
      await rewriteIfMostIsForgotten();
    },
    close: () => file.close(),
  };
}

function encodeRecord(change: Change, envelope: Envelope): Uint8Array {
  const sealed = envelope.seal(new Secret(encodeChange(change)), CONTEXT);
  return new Writer().uint('length', sealed.length, 4).uint('crc', crc32(sealed), 4).octets('sealed', sealed).done();
}

/** kind(1) number(6), for an entry then channel(1) lock(12) id length(1) id octets. */
function encodeChange(change: Change): Uint8Array {
  switch (change.kind) {
    case 'appended': {
      const { number, report } = change.entry;
      const id = fromAscii(report.id);
      return new Writer()
        .uint('kind', APPENDED, 1)
        .uint('number', number, 6)
        .uint('channel', report.channel, 1)
        .octets('lock', fromAscii(report.lock), 12)
        .uint('id length', id.length, 1)
        .octets('id', id)
        .octets('octets', report.octets)
        .done();
    }
    case 'removed':
      return new Writer().uint('kind', REMOVED, 1).uint('number', change.number, 6).done();
    case 'next':
      return new Writer().uint('kind', NEXT, 1).uint('number', change.number, 6).done();
  }
}

function decodeChange(octets: Uint8Array, path: string): Change {
  const reader = new Reader(octets);
  const kind = reader.uint('kind', 1);
  const number = reader.uint('number', 6);
  if (kind === REMOVED || kind === NEXT) {
    reader.end();
    return { kind: kind === REMOVED ? 'removed' : 'next', number };
  }
  if (kind !== APPENDED) throw damaged(path);
  const channel = reader.uint('channel', 1);
  const lock = toAscii(reader.octets('lock', 12));
  const id = toAscii(reader.octets('id', reader.uint('id length', 1)));
  return { kind: 'appended', entry: { number, report: { kind: 'frame', id, lock, channel, octets: reader.rest() } } };
}

function readChanges(
  octets: Uint8Array,
  envelope: Envelope,
  path: string,
): { readonly changes: readonly Change[]; readonly soundOctets: number } {
  const changes: Change[] = [];
  let at = 0;
  while (at < octets.length) {
    const record = nextRecord(octets, at);
    if (record === undefined) break;
    try {
      changes.push(decodeChange(envelope.open(record, CONTEXT).reveal(), path));
    } catch (error) {
      if (error instanceof EnvelopeError) throw damaged(path, error);
      throw error;
    }
    at += HEAD_OCTETS + record.length;
  }
  // What follows a record that is not whole was never promised; whole records behind it would have been.
  for (let ahead = at + 1; ahead < octets.length; ahead++) {
    if (nextRecord(octets, ahead) !== undefined) throw damaged(path);
  }
  return { changes, soundOctets: at };
}

function nextRecord(octets: Uint8Array, at: number): Uint8Array | undefined {
  if (octets.length < at + HEAD_OCTETS) return undefined;
  const view = new DataView(octets.buffer, octets.byteOffset);
  const length = view.getUint32(at);
  if (length < 1 || length > RECORD_MOST_OCTETS || octets.length < at + HEAD_OCTETS + length) return undefined;
  const sealed = octets.slice(at + HEAD_OCTETS, at + HEAD_OCTETS + length);
  return crc32(sealed) === view.getUint32(at + 4) ? sealed : undefined;
}

function damaged(path: string, cause?: unknown): GatewayError {
  return new GatewayError('journal', `${path}: is damaged; move it away to start without it`, { cause });
}

async function readIfThere(path: string): Promise<Uint8Array> {
  try {
    return new Uint8Array(await readFile(path));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return new Uint8Array(0);
    throw new GatewayError('journal', `${path}: cannot be read`, { cause: error });
  }
}
