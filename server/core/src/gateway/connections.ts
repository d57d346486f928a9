import type { Clock } from '@cardea/kit-runtime';
import type { FromGateway } from '../ports.ts';
import { Spread } from '../statistics/spread.ts';

type Progress = Extract<FromGateway, { kind: 'progress' }>;

/** How a gateway's connections to locks went since the server started. */
export interface ConnectionHealth {
  readonly made: number;
  /** Failures by reason. */
  readonly failed: ReadonlyMap<string, number>;
  /** From the begin of a connection to the written command, ms; null where none was made. */
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
}

/** What gateways tell of their connections, in memory: of each the last {@link KEPT}. */
export interface Connections {
  progress(gatewayId: string, report: Progress): void;
  of(gatewayId: string): ConnectionHealth;
  forget(gatewayId: string): void;
}

const KEPT = 200;
/** Connections under way that are remembered of one gateway: it has one at a time, and may lie. */
const UNDER_WAY_MOST = 64;

/** Nothing is known yet. */
export function createConnections(clock: Clock): Connections {
  const gateways = new Map<string, { begun: Map<string, number>; over: (number | string)[] }>();
  return {
    progress(gatewayId, { id, stage, reason }) {
      const known = gateways.get(gatewayId) ?? { begun: new Map<string, number>(), over: [] };
      gateways.set(gatewayId, known);
      const { begun, over } = known;
      if (stage === 'connecting') {
        begun.delete(id);
        begun.set(id, clock.monotonic());
        if (begun.size > UNDER_WAY_MOST) for (const oldest of begun.keys()) if (begun.delete(oldest)) break;
        return;
      }
      const at = begun.get(id);
      if (stage === 'queued' || at === undefined) return;
      begun.delete(id);
      over.push(stage === 'written' ? clock.monotonic() - at : (reason ?? stage));
      if (over.length > KEPT) over.shift();
    },
    of(gatewayId) {
      const spread = new Spread();
      const failed = new Map<string, number>();
      let made = 0;
      for (const one of gateways.get(gatewayId)?.over ?? []) {
        if (typeof one === 'number') {
          spread.add(one);
          made++;
        } else failed.set(one, (failed.get(one) ?? 0) + 1);
      }
      const [p50Ms, p95Ms] = spread.percentiles([50, 95]);
      return { made, failed, p50Ms, p95Ms };
    },
    forget: (gatewayId) => void gateways.delete(gatewayId),
  };
}
