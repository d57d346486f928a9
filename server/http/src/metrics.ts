import type { Core } from '@cardea/server-core';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What this door counts. No label names a tenant, a person or a door. */
export function createHttpMetrics(registry: Registry, core: Core) {
  const registers = [registry];
  const requests = new Counter({
    name: 'cardea_http_requests_total',
    help: 'Requests answered, by operation and status.',
    labelNames: ['operation', 'status'] as const,
    registers,
  });
  const seconds = new Histogram({
    name: 'cardea_http_request_seconds',
    help: 'Time from the first octet of a request to the last of its answer; waits and streams not counted.',
    labelNames: ['operation'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
    registers,
  });
  const streams = new Gauge({ name: 'cardea_http_streams', help: 'Event streams open now.', registers });
  new Gauge({
    name: 'cardea_gateways_online',
    help: 'Gateways with a session now.',
    registers,
    collect() {
      this.set(core.health().gatewaysOnline);
    },
  });
  new Gauge({
    name: 'cardea_attempts_open',
    help: 'Attempts that are not over.',
    registers,
    collect() {
      this.set(core.health().attemptsOpen);
    },
  });
  const children = new Map<string, () => void>();
  return {
    /** Counts one answer. The library's own lookup by labels costs more than the rest of it: it is kept. */
    answered(operation: string, status: number): void {
      const key = `${status} ${operation}`;
      let count = children.get(key);
      if (count === undefined) {
        const child = requests.labels({ operation, status });
        count = () => child.inc();
        children.set(key, count);
      }
      count();
    },
    seconds,
    streams,
    text: () => registry.metrics(),
  };
}

/** Whether a request comes from this machine itself and was not passed on by a proxy. */
export function isLoopback(address: string | undefined, headers: Readonly<Record<string, unknown>>): boolean {
  if (headers.forwarded !== undefined || headers['x-forwarded-for'] !== undefined) return false;
  return address === '::1' || /^(::ffff:)?127\./.test(address ?? '');
}
