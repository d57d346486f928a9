import { readFile } from 'node:fs/promises';
import { connectTcp } from '@cardea/kit-node';
import { type AdvertisementReport, type Radio, RadioError } from '@cardea/kit-radio';
import type { Cancel, Clock, Log } from '@cardea/kit-runtime';
import { type Air, joinAir, parseHubAddress } from '@cardea/wire-air';
import { nameOf } from '../radio/neighbourhood.ts';

const RETRY_MS = 500;
/** The hub is on this machine: a try costs nothing, and doors wait for it. */
const RETRY_MOST_MS = 1_000;

/** A radio on the hub's air that joins again, with its scans, whenever the hub was gone. */
export interface HubRadio {
  readonly radio: Radio;
  readonly joined: boolean;
  start(): void;
  stop(): void;
}

/** Reads `hubFile` at each try: a hub that was restarted listens elsewhere. */
export function createHubRadio(options: {
  readonly clock: Clock;
  readonly log: Log;
  readonly hubFile: string;
  /** Who this is to the simulation. */
  readonly name: string;
}): HubRadio {
  const { clock, log } = options;
  let air: Air | undefined;
  let running = false;
  let failures = 0;
  let cancelRetry: Cancel = () => {};
  const scans = new Map<
    number,
    { services: readonly string[]; onReport: (report: AdvertisementReport) => void; stop: Cancel | undefined }
  >();
  let nextScan = 1;

  const retry = (): void => {
    if (!running) return;
    cancelRetry = clock.after(Math.min(RETRY_MOST_MS, RETRY_MS * 2 ** Math.min(failures++, 10)), () => void join());
  };

  const join = async (): Promise<void> => {
    try {
      const address = parseHubAddress(JSON.parse(await readFile(options.hubFile, 'utf8')));
      const transport = await connectTcp(address.host, address.port);
      const joined = await joinAir(transport, { token: address.token, name: options.name });
      if (!running) return joined.close();
      air = joined;
      failures = 0;
      log.info('radio joined');
      joined.onClose((reason) => {
        air = undefined;
        log.warn('radio lost', { reason });
        retry();
      });
      for (const scan of scans.values()) scan.stop = joined.radio.scan(scan.services, scan.onReport);
    } catch (error) {
      log.warn('radio not joined', { error: nameOf(error) });
      retry();
    }
  };

  return {
    get joined() {
      return air !== undefined;
    },
    radio: {
      serve() {
        throw new RadioError('unsupported', 'a gateway serves no peripheral');
      },
      scan(services, onReport) {
        const id = nextScan++;
        scans.set(id, { services, onReport, stop: air?.radio.scan(services, onReport) });
        return () => {
          scans.get(id)?.stop?.();
          scans.delete(id);
        };
      },
      async connect(address, connectOptions) {
        if (air === undefined) throw new RadioError('closed', 'the radio is not there');
        return air.radio.connect(address, connectOptions);
      },
    },
    start() {
      if (running) return;
      running = true;
      void join();
    },
    stop() {
      running = false;
      cancelRetry();
      air?.close();
    },
  };
}
