import { type DoorKey, usableUntilS } from '@cardea/client-key';
import type { KeptDoor, KeptWay } from '../kept/vault.ts';

/** A door on the screen. */
export interface DoorRow {
  readonly id: string;
  readonly name: string;
  /** Of its property, IANA; undefined: the server has not said. */
  readonly zone: string | undefined;
  /** When what was given for it is over for good, Unix seconds; undefined: no end is known. */
  readonly endsS: number | undefined;
  /** Until when the key in this phone opens without network, Unix seconds; undefined: it has no key that opens now. */
  readonly offlineUntilS: number | undefined;
  /** From when on its key opens, Unix seconds; undefined: now, or it has none. */
  readonly opensFromS: number | undefined;
  /** What the server said of opening it from afar; undefined: nothing, or its time has come since. */
  readonly fromAfar: KeptWay | undefined;
  readonly hasPin: boolean;
}

/** What four octets of seconds hold: the window has no end. */
const NEVER_S = 0xffff_ffff;

/** The doors of the server and those of the keys, each once, by their names as people count. */
export function doorRows(doors: readonly KeptDoor[], keys: readonly DoorKey[], nowS: number): readonly DoorRow[] {
  const known = new Map(doors.map((door) => [door.id, door]));
  const names = new Map(doors.map(({ id, name }) => [id, name]));
  for (const { doorId, doorName } of keys) if (!names.has(doorId)) names.set(doorId, doorName);
  return [...names]
    .map(([id, name]) => {
      const door = known.get(id);
      const times = timesOf(
        keys.filter((key) => key.doorId === id),
        nowS,
      );
      const fromS = secondsOf(door?.opensFrom);
      // A refusal of before the door's time began says nothing of now.
      const begun = fromS !== undefined && fromS <= nowS;
      return {
        id,
        name,
        zone: door?.zone,
        ...times,
        endsS: times.endsS ?? secondsOf(door?.opensUntil),
        opensFromS: times.opensFromS ?? (times.offlineUntilS === undefined && !begun ? fromS : undefined),
        fromAfar: begun ? undefined : door?.fromAfar,
        hasPin: door?.hasPin ?? false,
      };
    })
    .sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}

function timesOf(keys: readonly DoorKey[], nowS: number): Pick<DoorRow, 'endsS' | 'offlineUntilS' | 'opensFromS'> {
  const opening = keys.filter((key) => key.operations.includes('unlock') && usableUntilS(key) >= nowS);
  const now = opening.filter((key) => key.notBeforeS <= nowS);
  const ends = opening.map((key) => key.notAfterS);
  return {
    endsS: ends.length === 0 || ends.includes(NEVER_S) ? undefined : Math.max(...ends),
    offlineUntilS: now.length === 0 ? undefined : Math.max(...now.map(usableUntilS)),
    opensFromS: now.length > 0 || opening.length === 0 ? undefined : Math.min(...opening.map((key) => key.notBeforeS)),
  };
}

function secondsOf(at: string | null | undefined): number | undefined {
  return at == null ? undefined : Date.parse(at) / 1_000;
}
