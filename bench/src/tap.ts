import { seededRandom } from '@cardea/kit-node';
import { createDemoEstate, type Estate } from '@cardea/twin-building';
import { type Figure, figure, quantile } from './measure.ts';

/** Between two taps, on average. */
const GAP_MS = 20_000;

interface Tap {
  readonly kind: string;
  readonly tookS: number;
}

/**
 * Tap to receipt on the demo estate under virtual time: from the call of the core's `operate` to the attempt succeeded
 * with the lock's receipt. Included: 10 ms of uplink one way, the wait for the lock's advertisement, connection, MTU
 * exchange, subscription, the exchange of messages by the default radio timing, bolt travel, and the receipt's way back.
 * Taps fall on a random one of the 12 doors at random moments, 20 s apart on average, beside the server's own polls and
 * the relocking of the doors. The locks are bound and at rest before the first tap; sessions that end are part of it.
 */
export async function tap({ taps = 200 }: { readonly taps?: number } = {}): Promise<readonly Figure[]> {
  const usual = await run(taps);
  // The same with the longer connection interval of a battery-powered central, to show what the figure rests on.
  const slow = await run(taps, 30);
  const kinds = [...new Set(usual.map(({ kind }) => kind))].sort();
  return [
    line('all doors', usual),
    ...kinds.map((kind) =>
      line(
        kind,
        usual.filter((one) => one.kind === kind),
      ),
    ),
    line('all doors, connection interval 30 ms', slow),
  ];
}

async function run(taps: number, connectionIntervalMs?: number): Promise<readonly Tap[]> {
  const timing = connectionIntervalMs === undefined ? {} : { timing: { connectionIntervalMs } };
  const estate = await createDemoEstate({ seed: 1, ...timing });
  try {
    await estate.enrolAll();
    await estate.clock.advance(120_000);
    const random = seededRandom('taps');
    const fraction = (): number => new DataView(random.octets(4).buffer).getUint32(0) / 2 ** 32;
    const done: Tap[] = [];
    for (let i = 0; i < taps; i++) {
      await estate.clock.advance(-Math.log(1 - fraction()) * GAP_MS);
      const door = estate.doors[Math.floor(fraction() * estate.doors.length)] ?? '';
      done.push(await once(estate, door));
    }
    return done;
  } finally {
    await estate.stop();
  }
}

async function once(estate: Estate, door: string): Promise<Tap> {
  const { maker, bluetooth } = estate.identity(door);
  const beganMs = estate.clock.monotonic();
  const attempt = await estate.operate(door, 'unlock');
  const tookS = (estate.clock.monotonic() - beganMs) / 1000;
  if (attempt.state !== 'succeeded' || attempt.receipt === null) {
    throw new Error(`door ${door} was not unlocked: ${attempt.state} ${attempt.reason}`);
  }
  return { kind: `${maker}, Bluetooth ${bluetooth}`, tookS };
}

function line(what: string, taps: readonly Tap[]): Figure {
  const tookS = taps.map((one) => one.tookS);
  const p95S = quantile(tookS, 0.95);
  return figure(`tap to receipt at p95, ${what} (virtual time)`, p95S, 's', '<= 1', {
    taps: taps.length,
    p50_s: quantile(tookS, 0.5),
    p95_s: p95S,
    p99_s: quantile(tookS, 0.99),
  });
}
