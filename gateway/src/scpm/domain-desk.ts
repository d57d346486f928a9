import type { Primitives } from '@cardea/kit-crypto';
import { toBase64, toHex } from '@cardea/kit-octets';
import { type Clock, type Random, Secret } from '@cardea/kit-runtime';
import { deviceKey, KEY_INDEX, openKsn, recordsOf } from '@cardea/wire-scpm';
import type { DomainAbout, Provider } from './about.ts';
import { openBackup, sealBackup } from './backup.ts';
import { exists, makeDomain } from './create-domain.ts';
import type { DomainPart } from './domain-part.ts';
import type { DomainRequest } from './domain-request.ts';
import { DOMAIN_RECORD, type DomainStore } from './domain-store.ts';
import { algorithmName, holds, versionAt, viewDomain } from './domain-view.ts';
import { DomainError } from './errors.ts';
import { checkPin } from './pin.ts';
import type { RunningDomain } from './running-domain.ts';

type Asked<Command extends DomainRequest['command']> = Extract<DomainRequest, { readonly command: Command }>;

/** What a desk works with. */
export interface DeskParts {
  readonly store: DomainStore;
  /** The part of the gateway that runs; `undefined` where none does, and the folder alone is worked on. */
  readonly part: DomainPart | undefined;
  readonly clock: Clock;
  readonly random: Random;
  readonly primitives: Primitives;
}

/** Locks are looked at so often while somebody waits for them. */
const LOOK_MS = 250;

/** Serves what is asked of the domain, one request after the other; answers are JSON. */
export class DomainDesk {
  readonly #parts: DeskParts;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  /** @throws DomainError */
  async serve(request: DomainRequest): Promise<object> {
    const done = this.#turn.then(() => this.#act(request));
    this.#turn = done.catch(() => {});
    const answer = await done;
    // Others need not wait with it.
    return request.command === 'provider-add' ? this.#handOut(request) : answer;
  }

  #act(request: DomainRequest): Promise<object> {
    switch (request.command) {
      case 'status':
        return this.#status();
      case 'create':
        return this.#create(request);
      case 'join':
        return this.#join(request);
      case 'remove':
        return this.#remove(request);
      case 'rotate':
        return this.#rotate(request);
      case 'provider-add':
        return this.#addProvider(request);
      case 'provider-remove':
        return this.#removeProvider(request);
      case 'backup':
        return this.#backup(request);
      case 'restore':
        return this.#restore(request);
    }
  }

  async #status(): Promise<object> {
    const { store, part } = this.#parts;
    const live = part?.domain;
    if (live !== undefined) return { domain: viewDomain(live.state, live.about, live.troubles) };
    const stored = await store.read();
    if (stored === undefined) return { domain: null };
    const devices = stored.devices.map(({ octets }) => octets);
    return { domain: viewDomain(openKsn(stored.domain, devices), stored.about, undefined) };
  }

  async #create(choice: Asked<'create'>): Promise<object> {
    const { store, part, primitives, random, clock } = this.#parts;
    if (part?.domain !== undefined) throw exists();
    const about = await makeDomain(store, { primitives, random, nowMs: clock.now() }, choice);
    await this.#begin();
    return { serial_key: about.serialKey, ...(await this.#status()) };
  }

  async #join({ pin, lock, serialKey, afterReset }: Asked<'join'>): Promise<object> {
    const live = await this.#changing(pin);
    // Asked anew, its keys would be forgotten here, and a lock that still has them could not be reached any more.
    if (live.isJoined(lock) && !afterReset) {
      throw new DomainError('exists', `${lock} is in the domain already`, 'if it was reset, say so with --after-reset');
    }
    const key = serialKey ?? this.#parts.part?.serialKeyOf(lock);
    if (key === undefined) {
      throw new DomainError(
        'unknown',
        `the server has told no serial key of ${lock}`,
        'name the one on its case with --serial-key',
      );
    }
    await live.join(lock, key, afterReset);
    const peer = live.addressOf(lock);
    if (peer !== undefined) live.input({ kind: 'reachable', peer });
    return this.#status();
  }

  async #remove({ pin, lock }: Asked<'remove'>): Promise<object> {
    const live = await this.#changing(pin);
    this.#lockOf(live, lock);
    await live.remove(lock);
    return this.#status();
  }

  async #rotate({ pin, provider }: Asked<'rotate'>): Promise<object> {
    const live = await this.#changing(pin);
    const index = provider === undefined ? KEY_INDEX.user : providerOf(live.about, provider).index;
    const begun = live.renew([index]).length > 0;
    await live.settled();
    if (begun && index === KEY_INDEX.user) await live.change(() => ({ rotatedAtMs: this.#parts.clock.now() }));
    return { begun, ...(await this.#status()) };
  }

  async #addProvider({ pin, name, locks }: Asked<'provider-add'>): Promise<object> {
    const live = await this.#changing(pin);
    if (live.state.settings.profile === 'standard') {
      throw new DomainError(
        'invalid',
        'in the profile standard a provider would get the key of every lock',
        'use a domain of the profile hardened',
      );
    }
    const devices = locks.map((lock) => this.#lockOf(live, lock));
    const known = live.about.providers.find((one) => one.name === name && !one.leaving);
    const index = known?.index ?? freeIndex(live);
    if (known === undefined) {
      const added: Provider = { index, name, handed: {}, leaving: false };
      await live.change(({ providers }) => ({ providers: [...providers.filter((one) => one.index !== index), added] }));
    }
    live.input({ kind: 'add-provider', keyIndex: index, key: new Secret(this.#parts.random.octets(16)), devices });
    await live.settled();
    return {};
  }

  /** What the provider's node needs: of each lock its own key, once. Waits until every lock has taken it, or so long. */
  async #handOut({ name, locks, waitMs }: Asked<'provider-add'>): Promise<object> {
    const { part, clock, primitives } = this.#parts;
    const live = part?.domain;
    if (live === undefined) throw offline();
    const { index } = providerOf(live.about, name);
    const entryOf = (lock: string) => {
      const address = live.addressOf(lock);
      return live.state.entries.find((entry) => address !== undefined && toHex(entry.address) === toHex(address));
    };
    const versionOf = (lock: string): number | undefined => {
      const entry = entryOf(lock);
      return entry === undefined ? undefined : versionAt(entry, index);
    };
    const untilMs = clock.monotonic() + waitMs;
    while (locks.some((lock) => versionOf(lock) === undefined) && clock.monotonic() < untilMs) {
      await new Promise<void>((resolve) => void clock.after(LOOK_MS, resolve));
    }
    const { handed } = providerOf(live.about, name);
    const given = locks.flatMap((lock) => {
      const entry = entryOf(lock);
      const slot = entry?.keys.find(({ keyIndex }) => keyIndex === index)?.active;
      const key = live.state.domainKeys.find(({ keyIndex }) => keyIndex === index);
      if (entry === undefined || slot === undefined || key === undefined || handed[lock] === slot.version) return [];
      const secret = key.generation === slot.generation ? key.key : key.next?.key;
      if (secret === undefined) return [];
      const own = deviceKey(primitives, secret.reveal(), entry.address, index, slot.version);
      const { version } = slot;
      return [
        { lock, address: toHex(entry.address), version, algorithm: algorithmName(entry.algorithm), key: toHex(own) },
      ];
    });
    await live.change(({ providers }) => ({
      providers: providers.map((one) =>
        one.index === index
          ? { ...one, handed: { ...one.handed, ...Object.fromEntries(given.map((each) => [each.lock, each.version])) } }
          : one,
      ),
    }));
    const pending = locks.filter((lock) => versionOf(lock) === undefined);
    return { provider: name, key_index: index, profile: live.state.settings.profile, locks: given, pending };
  }

  async #removeProvider({ pin, name }: Asked<'provider-remove'>): Promise<object> {
    const live = await this.#changing(pin);
    const { index } = providerOf(live.about, name);
    await live.change(({ providers }) => ({
      providers: providers.map((one) => (one.index === index ? { ...one, leaving: true } : one)),
    }));
    live.input({ kind: 'remove-provider', keyIndex: index });
    await live.settled();
    return this.#status();
  }

  async #backup({ pin, passphrase }: Asked<'backup'>): Promise<object> {
    await this.#checkPin(pin);
    const { store, part, clock } = this.#parts;
    const live = part?.domain;
    if (live !== undefined) {
      await live.settled();
      const sealed = await sealBackup(live.about, recordsOf(live.state), passphrase);
      await live.change(() => ({ backedUpAtMs: clock.now() }));
      return { backup: toBase64(sealed) };
    }
    const { about, domain, devices } = await this.#stored();
    const sealed = await sealBackup(about, [{ name: DOMAIN_RECORD, octets: domain }, ...devices], passphrase);
    await store.writeAbout({ ...about, backedUpAtMs: clock.now() });
    return { backup: toBase64(sealed) };
  }

  /** Lays a backup down where no domain is. Which SNFs were used since, each lock says itself; every key is renewed. */
  async #restore({ pin, passphrase, backup }: Asked<'restore'>): Promise<object> {
    const { store, part, clock } = this.#parts;
    if (part?.domain !== undefined || (await store.read()) !== undefined) throw exists();
    const { about, domain, devices } = await openBackup(backup, passphrase);
    // Whoever has the passphrase could try PINs elsewhere: here a wrong one only ends the command.
    await checkPin({ ...about.pin, failures: 0, failedAtMs: 0 }, pin, clock.now(), async () => {});
    // Nothing is laid down that could not be read again.
    openKsn(
      domain,
      devices.map(({ octets }) => octets),
    );
    for (const { name, octets } of devices) await store.persist(name, octets);
    await store.persist(DOMAIN_RECORD, domain);
    const afresh = { pin: { ...about.pin, failures: 0, failedAtMs: 0 }, renew: true, backedUpAtMs: null };
    await store.writeAbout({ ...about, ...afresh });
    await this.#begin();
    return this.#status();
  }

  /** The domain of the gateway that runs, for a change, once the PIN was right. */
  async #changing(pin: Secret<string>): Promise<RunningDomain> {
    const live = this.#parts.part?.domain;
    if (live !== undefined) {
      await this.#checkPin(pin);
      return live;
    }
    if (this.#parts.part !== undefined) throw none();
    await this.#stored();
    throw offline();
  }

  async #checkPin(pin: Secret<string>): Promise<void> {
    const { store, part, clock } = this.#parts;
    const live = part?.domain;
    const about = live?.about ?? (await this.#stored()).about;
    await checkPin(about.pin, pin, clock.now(), (record) =>
      live === undefined ? store.writeAbout({ ...about, pin: record }) : live.change(() => ({ pin: record })),
    );
  }

  async #begin(): Promise<void> {
    const { part } = this.#parts;
    if (part !== undefined) part.begin(await this.#stored());
  }

  async #stored() {
    const stored = await this.#parts.store.read();
    if (stored === undefined) throw none();
    return stored;
  }

  #lockOf(live: RunningDomain, lock: string): Uint8Array {
    const address = live.addressOf(lock);
    if (address !== undefined) return address;
    throw new DomainError('unknown', `${lock} is not in the domain`, 'see `cardea domain status`');
  }
}

function providerOf({ providers }: DomainAbout, name: string): Provider {
  const found = providers.find((one) => !one.leaving && (one.name === name || String(one.index) === name));
  if (found !== undefined) return found;
  throw new DomainError('unknown', `there is no provider ${name}`, 'see `cardea domain status`');
}

/** An index without a provider, of which no lock holds a key any more. */
function freeIndex({ about, state }: RunningDomain): number {
  const { firstProvider, lastProvider } = KEY_INDEX;
  for (let index = firstProvider; index <= lastProvider; index++) {
    const isTaken = about.providers.some((one) => one.index === index && !one.leaving);
    if (!isTaken && !state.entries.some((entry) => holds(entry, index))) return index;
  }
  throw new DomainError('busy', 'all 13 indexes of service providers are taken', 'remove a provider first');
}

const none = (): DomainError =>
  new DomainError('none', 'there is no domain here', 'make one with `cardea domain create`');

const offline = (): DomainError =>
  new DomainError('offline', 'the gateway of this folder does not run', 'start it, then try again');
