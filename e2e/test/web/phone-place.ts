import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectTcp, systemClock } from '@cardea/kit-node';
import type { CentralLink, Radio } from '@cardea/kit-radio';
import { type Bluez, type PrivateBus, runBluez, startPrivateBus } from '@cardea/twin-bluez';
import { type Air, joinAir, parseHubAddress } from '@cardea/wire-air';
import { LINK_CHARACTERISTIC, LOCK_SERVICE } from '@cardea/wire-lock';

/** Where a phone stands in a building, as its browser's Bluetooth hears and speaks there. */
export interface PhonePlace {
  /** What the browser is started with. */
  readonly dbusAddress: string;
  /** The name under which the browser's list shows a lock just now: its address, which says nothing and changes. */
  nameOf(identifier: string): Promise<RegExp>;
  /** The next exchange loses its link when the lock begins to answer what was presented to it. */
  loseNextReceipt(): void;
  close(): Promise<void>;
}

/** The first octet of a bound lock's advertisement. */
const BOUND = 0x01;

/**
 * Puts a phone on the air of the building that runs in `folder`, by a bus of its own. `locks`: identifiers of those that
 * are bound to doors.
 */
export async function standIn(folder: string, locks: readonly string[]): Promise<PhonePlace> {
  const hub = parseHubAddress(JSON.parse(readFileSync(join(folder, 'twin', 'hub.json'), 'utf8')));
  let air: Air | undefined;
  let bus: PrivateBus | undefined;
  let bluez: Bluez | undefined;
  let losing = false;
  const close = async (): Promise<void> => {
    bluez?.close();
    air?.close();
    await bus?.close();
  };
  try {
    const joined = await joinAir(await connectTcp(hub.host, hub.port), { token: hub.token, name: 'phone' });
    air = joined;
    bus = await startPrivateBus();
    bluez = await runBluez({
      busAddress: bus.address,
      clock: systemClock(),
      services: [{ uuid: LOCK_SERVICE, characteristics: [{ uuid: LINK_CHARACTERISTIC, write: true, notify: true }] }],
      radio: {
        ...joined.radio,
        async connect(address, options) {
          const link = await joined.radio.connect(address, options);
          if (!losing) return link;
          losing = false;
          return lostAtReceipt(link);
        },
      },
    });
    return {
      dbusAddress: bus.address,
      async nameOf(identifier) {
        const others = locks.filter((one) => one !== identifier);
        for (const other of others) await joined.control('range', other, 'out');
        const address = await onlyOne(joined.radio);
        for (const other of others) await joined.control('range', other, 'in');
        return new RegExp((address.match(/../g) ?? []).join('[:-]'), 'i');
      },
      loseNextReceipt() {
        losing = true;
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The address of the only bound lock that is in range. */
function onlyOne(radio: Radio): Promise<string> {
  return new Promise((resolve) => {
    const stop = radio.scan([LOCK_SERVICE], ({ address, data }) => {
      if (data[0] !== BOUND) return;
      stop();
      resolve(address);
    });
  });
}

/** Hello, proof, presentation go through; the first octets of the receipt end the link instead. */
function lostAtReceipt(link: CentralLink): CentralLink {
  let proved = false;
  let presented = false;
  return {
    ...link,
    write(characteristic, value) {
      presented ||= proved;
      return link.write(characteristic, value);
    },
    onNotify(characteristic, listener) {
      link.onNotify(characteristic, (value) => {
        proved = true;
        if (presented) link.disconnect();
        else listener(value);
      });
    },
  };
}
