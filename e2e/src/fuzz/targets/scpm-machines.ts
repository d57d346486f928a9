import { equal, toHex } from '@cardea/kit-octets';
import {
  encodeAdata,
  encodePadata,
  encodePlainFrame,
  LOCK_MESSAGE_MAX_OCTETS,
  type Padata,
  ScpmError,
  type Services,
} from '@cardea/wire-scpm';
import { Duo, type End, rewriteDevice, rewriteDomain, rewriteEntry } from '../../../../wire/scpm/test/duo.ts';
import { foreseen, must, type Target } from '../target.ts';
import { pieces } from './lock.ts';

/** What a piece does, by the low bits of its first octet. */
const DO = { carry: 0, hand: 1, seal: 2, pass: 3, tell: 4, restart: 5, drop: 6, again: 7 } as const;
/** To the KSN, not to the device. */
const TO_KSN = 0x08;
const SERVICES: readonly Services[] = ['auth+enc', 'auth', 'enc'];
/** In the second octet after the first of a sealed piece: the request is a stranger's. */
const STRANGER = 0x80;
const STEPS_MAX = 16;
const SECONDS_MAX = 40;

const VERSION = 2_000_000_000;
const KEY = { version: VERSION, algorithm: 1, key: new Uint8Array(16).fill(0x4b) } as const;
/** A request of each kind. */
const PADATA: readonly Padata[] = [
  { kind: 'snf-inquiry', nonce: new Uint8Array(16) },
  { kind: 'user-key', keyIndex: 1, ...KEY, heard: [1, 2] },
  { kind: 'provider-key', keyIndex: 3, ...KEY },
  { kind: 'provider-key', keyIndex: 4, ...KEY, key: new Uint8Array(32) },
  { kind: 'forget-key', keyIndex: 3 },
  {
    kind: 'dh-value',
    exchangeId: 7,
    group: 2,
    keyIndex: 1,
    version: VERSION,
    fragment: 0,
    total: 1,
    part: new Uint8Array(65),
  },
  {
    kind: 'dh-value',
    exchangeId: 7,
    group: 1,
    keyIndex: 1,
    version: VERSION,
    fragment: 0,
    total: 2,
    part: new Uint8Array(128),
  },
  { kind: 'new-master-key', keyIndex: 1, ...KEY },
  { kind: 'commit', keyIndex: 1, version: VERSION },
  { kind: 'abort', keyIndex: 1, version: VERSION },
  { kind: 'update-request', keyIndex: 1 },
  { kind: 'lock-message', message: 1, fragment: 0, total: 1, part: Uint8Array.of(1) },
  { kind: 'lock-message', message: 2, fragment: 0, total: 2, part: Uint8Array.of(1) },
];

/** Moments in the life of a domain, to which any input may come. */
function moments(): readonly Duo[] {
  const made = (profile: 'hardened' | 'standard', preferred: 1 | 2, live: (duo: Duo) => void, group = 2): Duo => {
    const duo = new Duo(profile, preferred, group);
    live(duo);
    return duo;
  };
  const joined = (duo: Duo): void => {
    duo.join();
    duo.settle();
    must(duo.isJoined, 'the device joins');
  };
  const provided = (duo: Duo): void => {
    joined(duo);
    duo.tellKsn({ kind: 'add-provider', keyIndex: 3, key: duo.freshKey(), devices: [duo.deviceAddress] });
    duo.settle();
  };
  return [
    made('hardened', 1, (duo) => duo.join(), 1),
    made('standard', 1, (duo) => duo.join()),
    made('hardened', 1, (duo) => {
      provided(duo);
      duo.giveConfidential();
    }),
    made('hardened', 2, (duo) => {
      joined(duo);
      duo.tellKsn({ kind: 'update-key', keyIndex: 1, key: duo.freshKey() });
    }),
    made('standard', 1, (duo) => {
      provided(duo);
      duo.tellKsn({ kind: 'update-key', keyIndex: 3, key: duo.freshKey() });
    }),
    made('hardened', 1, (duo) => {
      provided(duo);
      duo.useUp();
    }),
  ];
}

/**
 * A KSN and a device, between which everything may happen to frames. The first octet of the first piece says which
 * moment it begins at (its high bits); every piece says what happens: a frame in flight arrives, is lost or arrives twice,
 * octets arrive as they are, PADATA arrives sealed under a key of its receiver, time passes (odd: and all that is sent
 * arrives), an actor gives a command, the power is cut.
 */
export async function scpmMachinesTarget(): Promise<Target> {
  const all = moments();
  const piece = (...octets: readonly number[]): readonly number[] => [octets.length, ...octets];
  const dialogue = Array.from({ length: STEPS_MAX - 1 }, () => piece(DO.carry, 0)).flat();
  const begin = (moment: number, first: number, ...rest: readonly number[]) => piece((moment << 4) | first, ...rest);
  const arrive = piece(DO.pass, 61);
  const commands = Array.from({ length: 12 }, (_, command) =>
    [1, 3].flatMap((keyIndex) => [
      ...[2, 4].map((moment) => [...begin(moment, DO.tell, command, keyIndex), ...arrive]),
      // All is lost for a while.
      [...begin(3, DO.tell, command, keyIndex), ...piece(DO.pass, 200), ...piece(DO.drop, 0), ...arrive],
    ]),
  ).flat();
  const device = moments()[0]?.deviceAddress ?? new Uint8Array(6);
  const told = encodeAdata({ kind: 'algorithms', algorithms: [9] });
  const ordinary = encodePlainFrame({ sa: device, da: all[0]?.ksn.address ?? device, adata: told });
  const sealed = PADATA.map(encodePadata).flatMap((padata) =>
    [0, 1, 2, 3].flatMap((key) => [
      ...[1, 2, 4].map((moment) => begin(moment, DO.seal | (key === 3 ? TO_KSN : 0), key, 0, ...padata)),
      begin(2, DO.seal, key, 1, ...padata),
      begin(4, DO.seal, key, STRANGER, ...padata),
    ]),
  );
  const confidential = [begin(2, DO.seal, 3, 2, 1, 2, 3), begin(4, DO.seal, 3, 2, 1, 2, 3)];
  const genuine = all.flatMap(({ inFlight }, moment) =>
    inFlight.map(({ to, octets }) => begin(moment, DO.hand | (to === 'ksn' ? TO_KSN : 0), ...octets)),
  );
  return {
    name: 'scpm-machines',
    covers: ['node/', 'device/', 'ksn/', 'exchange/', 'dh/'].map((folder) => `wire/scpm/src/${folder}`),
    seeds: [
      ...sealed,
      ...confidential,
      ...genuine,
      [...begin(0, DO.hand | TO_KSN, ...ordinary), ...arrive],
      ...commands,
      ...all.map((_, moment) => [...begin(moment, DO.carry, 0), ...dialogue]),
      [
        ...begin(3, DO.carry, 0),
        ...piece(DO.restart),
        ...piece(DO.restart | TO_KSN),
        ...piece(DO.pass, 40),
        ...dialogue,
      ],
      [...begin(2, DO.tell, 4), ...piece(DO.again, 0), ...piece(DO.drop, 0), ...piece(DO.pass, 10), ...dialogue],
    ].map((octets) => Uint8Array.from(octets)),
    maxOctets: 1_200,
    run(input) {
      const steps = pieces(input).slice(0, STEPS_MAX);
      const moment = all[((steps[0]?.[0] ?? 0) >> 4) % all.length];
      if (moment === undefined) return;
      const duo = moment.copy();
      const sent = new Set(duo.inFlight.map(({ octets }) => toHex(octets)));
      for (const step of steps) {
        const before = { keys: keysOf(duo), delivered: duo.delivered.length };
        const isForged = take(duo, step, sent);
        for (const { octets } of duo.inFlight) sent.add(toHex(octets));
        if (isForged)
          must(
            keysOf(duo) === before.keys && duo.delivered.length === before.delivered,
            'forged octets change no key and deliver nothing',
          );
        consistent(duo);
      }
    },
  };
}

/** One step. True when octets arrived that neither end ever sent or sealed. */
function take(duo: Duo, step: Uint8Array, sent: ReadonlySet<string>): boolean {
  const [first = 0, at = 0] = step;
  const to: End = (first & TO_KSN) === 0 ? 'device' : 'ksn';
  const index = duo.inFlight.length === 0 ? 0 : at % duo.inFlight.length;
  switch (first & 7) {
    case DO.carry: {
      const [frame] = duo.inFlight.splice(index, 1);
      if (frame !== undefined) duo.hand(frame.to, frame.octets);
      return false;
    }
    case DO.hand: {
      const octets = step.slice(1);
      duo.hand(to, octets);
      return octets[0] === 0x80 && !sent.has(toHex(octets));
    }
    case DO.seal: {
      const keys = duo.keysAt(to);
      const key = keys[at % keys.length];
      const how = step[2] ?? 0;
      const services = SERVICES[(how & 3) % SERVICES.length];
      if (key === undefined || services === undefined || step.length > 3 + 255) return false;
      // AES-CCM has no confidentiality only.
      if (services === 'enc' && key.algorithm !== 1) return false;
      duo.hand(to, duo.sealTo(to, key, services, step.slice(3), (how & STRANGER) !== 0));
      return false;
    }
    case DO.pass:
      if (at % 2 === 0) duo.pass(at * 500);
      else duo.settle((at >> 1) % SECONDS_MAX);
      return false;
    case DO.tell:
      tell(duo, at, step[2] ?? 1);
      return false;
    case DO.restart:
      duo.start(to);
      return false;
    case DO.drop:
      duo.inFlight.splice(index, 1);
      return false;
    default: {
      const frame = duo.inFlight[index];
      if (frame !== undefined) duo.hand(frame.to, frame.octets);
      return false;
    }
  }
}

/** What actors may ask of either end. */
function tell(duo: Duo, which: number, argument: number): void {
  const { deviceAddress: device } = duo;
  const keyIndex = argument & 15;
  const message = {
    kind: 'send',
    keyIndex: keyIndex === 3 ? 3 : 1,
    token: which,
    expiresAtMs: duo.nowMs + 60_000,
  } as const;
  const octets = new Uint8Array(Math.min(1 + argument * 5, LOCK_MESSAGE_MAX_OCTETS)).fill(argument);
  const link = argument % 2 === 0 ? 'reachable' : 'unreachable';
  const commands = [
    () => duo.tellDevice({ kind: 'setting-mode' }),
    () => duo.tellDevice({ kind: 'reset' }),
    () => duo.tellDevice({ kind: 'request-update', keyIndex }),
    () => duo.tellDevice({ ...message, to: duo.ksn.address, octets }),
    () => duo.tellKsn({ ...message, to: device, octets }),
    () => duo.tellKsn({ kind: 'update-key', keyIndex, key: duo.freshKey() }),
    () => duo.tellKsn({ kind: 'abort-update', keyIndex }),
    () => duo.tellKsn({ kind: 'add-provider', keyIndex: 3 + (keyIndex % 13), key: duo.freshKey(), devices: [device] }),
    () => duo.tellKsn({ kind: 'remove-provider', keyIndex }),
    () => duo.tellKsn({ kind: 'remove', device }),
    () => duo.join(),
    () => {
      duo.tellKsn({ kind: link, peer: device });
      duo.tellDevice({ kind: link, peer: duo.ksn.address });
    },
  ];
  commands[which % commands.length]?.();
}

const keysOf = (duo: Duo): string =>
  [...duo.keysAt('device'), ...duo.keysAt('ksn')]
    .map(({ keyIndex, version, state, key }) => `${keyIndex} ${version} ${state} ${toHex(key.reveal())}`)
    .join('\n');

/** What holds at all times. */
function consistent(duo: Duo): void {
  for (const end of ['device', 'ksn'] as const) {
    const names = duo.keysAt(end).map(({ keyIndex, state }) => `${keyIndex} ${state}`);
    must(new Set(names).size === names.length, 'an index has one active key, one pending and one secret of a run');
  }
  must(duo.device.peers.length <= 10, 'a device remembers few requesters');
  for (const { queue, lines } of [...duo.device.peers, ...duo.ksn.peers]) {
    must(queue.length <= 64, 'few requests wait');
    must(lines.length <= 64, 'a line for each key');
  }
  const given = duo.device.keys.filter(({ version }) => version > 0);
  must(
    given.every(({ keyIndex, version }) =>
      duo.device.floors.some((floor) => floor.keyIndex === keyIndex && floor.version >= version),
    ),
    'no key is above what the device knows to have had',
  );
  must(given.length === 0 || duo.device.ksn !== undefined, 'keys come from a KSN');
}

/** What is read after a start: the records of a device, and a KSN's of its domain and of a device. */
export async function scpmRecordsTarget(): Promise<Target> {
  const seeds = moments().flatMap(({ records }) =>
    [...records].map(([name, octets]) => Uint8Array.of(kindOf(name), ...octets)),
  );
  const rewrite = [rewriteDevice, rewriteDomain, rewriteEntry] as const;
  return {
    name: 'scpm-records',
    covers: ['wire/scpm/src/record/', 'wire/scpm/src/device/record.ts', 'wire/scpm/src/ksn/record.ts'],
    seeds,
    maxOctets: 1_200,
    run(input) {
      const again = rewrite[(input[0] ?? 0) % 3];
      const record = input.slice(1);
      const written = again && foreseen(ScpmError, () => again(record));
      if (written !== undefined) must(equal(written, record), 'a record comes back');
    },
  };

  function kindOf(name: string): number {
    return name === 'device device' ? 0 : name === 'ksn domain' ? 1 : 2;
  }
}
