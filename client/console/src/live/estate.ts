import { ApiProblem, type Client, type DoorState, doorStateOf, lockAfter, lockProved } from '@cardea/client-sdk';
import type { Door, Event, Lock, StreamProof } from '@cardea/wire-api';
import { Listeners } from './listeners.ts';

/** A door with its lock and what is shown of both. A new object whenever anything of it changed, the same one else. */
export interface LiveDoor {
  readonly door: Door;
  readonly lock: Lock | undefined;
  readonly state: DoorState;
}

/** How the stream of events stands. `since`: from when on, milliseconds. `failed`: the server refuses; nothing is tried again. */
export interface Connection {
  readonly state: 'connecting' | 'open' | 'lost' | 'failed';
  readonly since: number;
}

/** How far the estate has been read. */
export type Loading = 'loading' | 'ready' | { readonly failure: unknown };

/** What the live estate needs of the world; a browser gives its own, a test its own. */
export interface EstateWorld {
  readonly api: Pick<Client, 'doors' | 'locks' | 'events'>;
  readonly propertyId: string;
  readonly now: () => number;
  /** Calls once, in a task of its own after this one. */
  readonly soon: (then: () => void) => void;
  /** Calls once, at the next frame. */
  readonly atNextFrame: (then: () => void) => void;
  /** Calls once after `ms`; what it answers takes that back. */
  readonly after: (ms: number, then: () => void) => () => void;
}

/** Largest page that the server gives. */
const PAGE = 1_000;
/** Read anew this often although the stream tells all: a proof that was not told leaves its mark for no longer. */
const REREAD_MS = 5 * 60_000;
/** What is shown goes stale as time goes by; looked at this often. */
const SWEEP_MS = 15_000;
/** A stream that the server does not resume is begun afresh after this time. */
const AFRESH_AFTER_MS = 1_000;
/** Locks of which only this is known, that something changed, are fetched one by one up to here; more, all together. */
const MAX_SINGLE_FETCHES = 25;

/**
 * The doors of a property as they are: read once, then kept by the stream of events. Each door is told apart to whoever
 * watches it, so that one change draws one door anew and not two thousand: the first change right away, those that come
 * before the next frame with that frame.
 */
export class LiveEstate {
  readonly #world: EstateWorld;
  readonly #doors = new Map<string, LiveDoor>();
  readonly #doorOfLock = new Map<string, string>();
  readonly #changed = new Set<string>();
  readonly #suspect = new Set<string>();
  readonly #oneDoor = new Map<string, Listeners<[]>>();
  readonly #ending = new AbortController();
  readonly #timers = new Map<string, () => void>();
  #membersChanged = false;
  #telling = false;
  #reading = false;
  #readAgain = false;
  #held: Event[] = [];
  #list: readonly LiveDoor[] = [];
  #memberList: readonly Door[] = [];
  #loading: Loading = 'loading';
  #connection: Connection;

  /** Told which doors changed, at most once a frame. */
  readonly changes = new Listeners<[ids: ReadonlySet<string>]>();
  /** Told when doors came or went, and how far the estate is read. */
  readonly members = new Listeners<[]>();
  /** Told how the stream stands. */
  readonly connections = new Listeners<[]>();
  /** Told of every event of the property, and of those that belong to none, as they come. */
  readonly events = new Listeners<[event: Event]>();

  constructor(world: EstateWorld) {
    this.#world = world;
    this.#connection = { state: 'connecting', since: world.now() };
  }

  /** Begins to follow and to read; until {@link stop}. */
  start(): void {
    void this.#follow();
    this.#every('sweep', SWEEP_MS, () => this.#sweep());
    this.#every('reread', REREAD_MS, () => this.reread());
  }

  /** Ends all that is under way. The estate stays as it was last seen. */
  stop(): void {
    this.#ending.abort();
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  door(id: string): LiveDoor | undefined {
    return this.#doors.get(id);
  }

  /** All doors in the order of the server; the same list until one of them changes. */
  list(): readonly LiveDoor[] {
    return this.#list;
  }

  /** All doors without their states; the same list until one comes, goes or is changed. */
  memberList(): readonly Door[] {
    return this.#memberList;
  }

  loading(): Loading {
    return this.#loading;
  }

  connection(): Connection {
    return this.#connection;
  }

  /** Told when one door changed. */
  watch(id: string, listener: () => void): () => void {
    const listeners = this.#oneDoor.get(id) ?? new Listeners<[]>();
    this.#oneDoor.set(id, listeners);
    const end = listeners.add(listener);
    return () => {
      end();
      if (listeners.isEmpty) this.#oneDoor.delete(id);
    };
  }

  /** Reads doors and locks anew; once more afterwards where it is asked for meanwhile. */
  reread(): void {
    if (this.#reading) {
      this.#readAgain = true;
      return;
    }
    void this.#read();
  }

  async #follow(): Promise<void> {
    const { api, now } = this.#world;
    const { signal } = this.#ending;
    try {
      const stream = api.events.follow({
        signal,
        onState: (state) => {
          this.#connect({ state, since: now() });
          // What happened before the stream stood, or while it was lost before its first event, is only in the lists.
          if (state === 'open') this.reread();
        },
        onProof: (proof) => this.#prove(proof),
      });
      for await (const event of stream) this.#take(event);
    } catch (error) {
      if (signal.aborted) return;
      const isRefused = error instanceof ApiProblem && (error.status === 401 || error.status === 403);
      this.#connect({ state: isRefused ? 'failed' : 'lost', since: now() });
      // The last event that was seen may be gone by its age or by a backup that was played back: begin afresh.
      if (isRefused) this.reread();
      else this.#once('follow', AFRESH_AFTER_MS, () => void this.#follow());
    }
  }

  #connect(connection: Connection): void {
    if (connection.state === this.#connection.state) return;
    this.#connection = connection;
    this.connections.tell();
  }

  async #read(): Promise<void> {
    const { api, propertyId } = this.#world;
    const { signal } = this.#ending;
    this.#reading = true;
    this.#readAgain = false;
    try {
      const [doors, locks] = await Promise.all([
        all(api.doors.list({ property_id: propertyId, limit: PAGE }, { signal })),
        all(api.locks.list({ property_id: propertyId, limit: PAGE }, { signal })),
      ]);
      this.#replace(doors, locks);
      this.#becomes('ready');
    } catch (failure) {
      // What was read before is better than nothing; its times say how old it is.
      if (!signal.aborted && this.#loading !== 'ready') this.#becomes({ failure });
    } finally {
      this.#reading = false;
      const held = this.#held;
      this.#held = [];
      for (const event of held) this.#apply(event);
      if (this.#readAgain && !signal.aborted) this.reread();
    }
  }

  #becomes(loading: Loading): void {
    this.#loading = loading;
    this.#membersChanged = true;
    this.#tellSoon();
  }

  #replace(doors: readonly Door[], locks: readonly Lock[]): void {
    const now = this.#world.now();
    const lockOf = new Map(locks.map((lock) => [lock.id, lock]));
    const gone = new Set(this.#doors.keys());
    this.#doorOfLock.clear();
    for (const door of doors) {
      gone.delete(door.id);
      if (door.lock_id !== null) this.#doorOfLock.set(door.lock_id, door.id);
      const before = this.#doors.get(door.id);
      const lock = door.lock_id === null ? undefined : later(before?.lock, lockOf.get(door.lock_id));
      if (before === undefined || !sameJson(before.door, door)) this.#membersChanged = true;
      this.#set({ door, lock, state: doorStateOf(lock, now) }, before);
    }
    for (const id of gone) {
      this.#doors.delete(id);
      this.#changed.add(id);
      this.#membersChanged = true;
    }
    this.#tellSoon();
  }

  #set(next: LiveDoor, before: LiveDoor | undefined): void {
    if (before !== undefined && sameJson(before, next)) return;
    this.#doors.set(next.door.id, next);
    this.#changed.add(next.door.id);
    this.#tellSoon();
  }

  #take(event: Event): void {
    const { property_id: propertyId } = event;
    if (propertyId === null || propertyId === this.#world.propertyId) this.events.tell(event);
    if (this.#reading) this.#held.push(event);
    else this.#apply(event);
  }

  #apply(event: Event): void {
    if (MOVES_DOORS.test(event.type)) {
      this.#once('reread', 300, () => this.reread());
      return;
    }
    const { lock_id: lockId } = event;
    const doorId = lockId === null ? undefined : this.#doorOfLock.get(lockId);
    const before = doorId === undefined ? undefined : this.#doors.get(doorId);
    if (before?.lock === undefined) return;
    const lock = lockAfter(before.lock, event);
    if (lock === before.lock) return;
    if (lock === undefined) {
      this.#suspect.add(before.lock.id);
      this.#once('fetch', 50, () => void this.#fetchSuspects());
      return;
    }
    this.#set({ door: before.door, lock, state: doorStateOf(lock, this.#world.now()) }, before);
  }

  #prove(proof: StreamProof): void {
    const doorId = this.#doorOfLock.get(proof.lock_id);
    const before = doorId === undefined ? undefined : this.#doors.get(doorId);
    if (before?.lock === undefined) return;
    const lock = lockProved(before.lock, proof);
    if (lock !== before.lock)
      this.#set({ door: before.door, lock, state: doorStateOf(lock, this.#world.now()) }, before);
  }

  async #fetchSuspects(): Promise<void> {
    const ids = [...this.#suspect];
    this.#suspect.clear();
    if (ids.length > MAX_SINGLE_FETCHES) return this.reread();
    for (const id of ids) {
      try {
        const lock = await this.#world.api.locks.get(id, { signal: this.#ending.signal });
        const doorId = this.#doorOfLock.get(id);
        const before = doorId === undefined ? undefined : this.#doors.get(doorId);
        if (before === undefined) continue;
        const newest = later(before.lock, lock);
        this.#set({ door: before.door, lock: newest, state: doorStateOf(newest, this.#world.now()) }, before);
      } catch {
        // Not read now: the next reading of all has it.
      }
    }
  }

  #sweep(): void {
    const now = this.#world.now();
    for (const before of this.#doors.values()) {
      const state = doorStateOf(before.lock, now);
      if (state.stale !== before.state.stale || state.mode !== before.state.mode) {
        this.#set({ ...before, state }, before);
      }
    }
  }

  #tellSoon(): void {
    if (this.#telling) return;
    this.#telling = true;
    // Not in this task: what came together is told together.
    this.#world.soon(() => this.#tellAndRest());
  }

  #tellAndRest(): void {
    this.#tell();
    this.#world.atNextFrame(() => {
      if (this.#membersChanged || this.#changed.size > 0) this.#tellAndRest();
      else this.#telling = false;
    });
  }

  #tell(): void {
    const ids = new Set(this.#changed);
    this.#changed.clear();
    this.#list = [...this.#doors.values()];
    if (this.#membersChanged) {
      this.#membersChanged = false;
      this.#memberList = this.#list.map(({ door }) => door);
      this.members.tell();
    }
    if (ids.size === 0) return;
    for (const id of ids) this.#oneDoor.get(id)?.tell();
    this.changes.tell(ids);
  }

  #once(name: string, ms: number, then: () => void): void {
    const key = `once ${name}`;
    if (this.#timers.has(key) || this.#ending.signal.aborted) return;
    const run = () => {
      this.#timers.delete(key);
      then();
    };
    this.#timers.set(key, this.#world.after(ms, run));
  }

  #every(name: string, ms: number, then: () => void): void {
    this.#timers.set(
      name,
      this.#world.after(ms, () => {
        then();
        this.#every(name, ms, then);
      }),
    );
  }
}

/** Doors come and go, are renamed and moved, get locks and lose them; and with a gateway, the reach of many locks. */
const MOVES_DOORS = /^(?:door\.(?:added|removed|changed|lock_[a-z]+)|estate\.[a-z_]+|gateway\.(?:online|offline))$/;

/** Of two views of a lock the one that was proved later: what was fetched may be older than what was streamed. */
function later(known: Lock | undefined, fetched: Lock | undefined): Lock | undefined {
  if (known?.report == null || fetched?.report == null || known.id !== fetched.id) return fetched;
  if (Date.parse(known.report.proved_at) <= Date.parse(fetched.report.proved_at)) return fetched;
  return { ...fetched, report: known.report, stale: known.stale, stale_reason: known.stale_reason };
}

async function all<T>(items: AsyncIterable<T>): Promise<readonly T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

/** Whether two answers of the server say the same; they come in the same order of members. */
function sameJson<T>(a: T, b: T): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
