import { readFileSync } from 'node:fs';
import { connectTcp } from '@cardea/kit-node';
import { CoreError } from '@cardea/server-core';
import type { SimPort } from '@cardea/server-http';
import { type Air, AirError, joinAir, parseHubAddress } from '@cardea/wire-air';

/** What can be done to a gateway's process: only whoever started it can. */
export type GatewayFault = (gatewayId: string, value: 'on' | 'off' | 'kill') => void | Promise<void>;

/** The way to the virtual estate: faults of locks go over the hub's air, those of a gateway to its supervisor. */
export interface Simulation extends SimPort {
  close(): void;
}

/** Joins the hub of `hubFile` when it is first needed, and again after it was gone. */
export function createSimulation(hubFile: string, gatewayFault: GatewayFault | undefined): Simulation {
  let joining: Promise<Air> | undefined;

  const air = (): Promise<Air> => {
    joining ??= join(hubFile).then(
      (joined) => {
        joined.onClose(() => {
          joining = undefined;
        });
        return joined;
      },
      (error: unknown) => {
        joining = undefined;
        throw error;
      },
    );
    return joining;
  };

  return {
    async apply({ fault, identifier, value }) {
      if (fault === 'gateway') {
        if (gatewayFault === undefined) throw unavailable('The gateway was not started by `cardea start`.');
        if (value === 'on' || value === 'off' || value === 'kill') await gatewayFault(identifier, value);
        return;
      }
      try {
        await (await air()).control(fault, identifier, value);
      } catch (error) {
        if (error instanceof AirError && error.code === 'refused') throw new CoreError('conflict', error.message);
        throw unavailable(
          `The virtual building does not answer (${error instanceof Error ? error.message : String(error)}).`,
        );
      }
    },
    close() {
      void joining?.then(
        (joined) => joined.close(),
        () => {},
      );
    },
  };
}

const unavailable = (message: string): CoreError => new CoreError('unavailable', message, { retryAfterS: 1 });

async function join(hubFile: string): Promise<Air> {
  const { host, port, token } = parseHubAddress(JSON.parse(readFileSync(hubFile, 'utf8')));
  return joinAir(await connectTcp(host, port), { token, name: 'server' });
}
