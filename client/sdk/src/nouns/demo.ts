import type { BodyOf, OutboxMessage, SimFaultName } from '@cardea/wire-api';
import type { RequestOptions, Transport } from '../transport.ts';

/** What there is on demo estates only. */
export interface DemoClient {
  /** On demo estates: the newest messages that were written down instead of sent. */
  outbox(options?: RequestOptions): Promise<readonly OutboxMessage[]>;
  /** Makes a fault at a virtual lock or gateway; on demo estates only. */
  sim(fault: SimFaultName, input: BodyOf<'POST /v1/sim/{fault}'>, options?: RequestOptions): Promise<void>;
}

/** {@link DemoClient} over a transport. */
export const demoClient = ({ call }: Transport): DemoClient => ({
  outbox: async (more) => (await call('GET /v1/sim/outbox', {}, more)).items,
  sim: (fault, body, more) => call('POST /v1/sim/{fault}', { params: { fault }, body }, more),
});
