import { toHex } from '@cardea/kit-octets';
import type { Radio } from '@cardea/kit-radio';
import type { Clock, Log, Random } from '@cardea/kit-runtime';
import type { GatewayDriver } from '@cardea/wire-profile';
import type { FromGateway, ToGateway } from '@cardea/wire-route';
import { createLocalDesk, type LocalDesk } from './local/local-desk.ts';
import { createNeighbourhood } from './radio/neighbourhood.ts';
import { createRadioScheduler } from './radio/scheduler.ts';
import type { JournalStorage } from './report/journal.ts';
import { createReporter } from './report/reporter.ts';
import type { DomainPart, DomainPorts } from './scpm/domain-part.ts';
import type { Uplink, UplinkOptions } from './uplink/uplink.ts';

/** What a gateway is made of. Everything that touches the world comes in here. */
export interface GatewayOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly radio: Radio;
  /** Makes the uplink around the gateway's own callbacks. */
  uplink(events: Required<Pick<UplinkOptions, 'onMessage' | 'onOnline' | 'onOffline'>>): Uplink;
  readonly storage: JournalStorage;
  readonly drivers: readonly GatewayDriver[];
  /** The part in SCPM (docs/scpm.md), around the gateway's own ports; without it every lock is spoken to directly. */
  domain?(ports: DomainPorts): DomainPart;
  /** The journal cannot be trusted any more: the process should end and say so. */
  onBroken?(error: unknown): void;
}

/** A gateway (BGW): carries opaque messages between the RAS and locks of several makers. It holds no lock key. */
export interface Gateway {
  readonly online: boolean;
  /** Frames that wait for the radio. */
  readonly queued: number;
  /** Reports that wait for the RAS. */
  readonly unacknowledged: number;
  /** Where phones near by come to their locks; nobody does unless something listens for it. */
  readonly local: LocalDesk;
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** A gateway that is not started yet. */
export function createGateway(options: GatewayOptions): Gateway {
  const { clock, log, radio, drivers } = options;

  const take = (message: ToGateway): void => {
    switch (message.kind) {
      case 'frame':
        submit(message);
        return;
      case 'cancel':
        if (domain?.cancel(message.id) !== true) scheduler.cancel(message.id);
        return;
      case 'locks':
        neighbourhood.setLocks(message.locks);
        domain?.setLocks(message.locks);
        return;
    }
  };

  const submit = (frame: Extract<ToGateway, { readonly kind: 'frame' }>): void => {
    if (domain?.takeFromRas(frame) !== true) scheduler.submit(frame);
  };
  const fromLock = (lock: string, channel: number, octets: Uint8Array): void => {
    if (!local.takeFromLock(lock, channel, octets)) reporter.message(lock, channel, octets);
  };
  const progress = (told: Extract<FromGateway, { readonly kind: 'progress' }>): void => {
    if (!local.takeProgress(told)) reporter.passing(told);
  };

  const uplink = options.uplink({
    onMessage: take,
    onOnline() {
      neighbourhood.reportAgain();
      reporter.online();
    },
    onOffline(reason) {
      log.info('offline', { reason });
    },
  });
  const reporter = createReporter({
    clock,
    log,
    storage: options.storage,
    send: (report) => uplink.send(report),
    isOnline: () => uplink.online,
    idPrefix: `rep_${toHex(options.random.octets(6))}`,
    broken: (error) => options.onBroken?.(error),
  });
  const neighbourhood = createNeighbourhood({
    clock,
    log,
    radio,
    drivers,
    heard(identifier, returned) {
      scheduler.heard(identifier, returned);
      domain?.heard(identifier, returned);
    },
    report(sighting) {
      reporter.passing(sighting);
      domain?.sighted(sighting);
    },
  });
  const scheduler = createRadioScheduler({
    clock,
    log,
    radio,
    neighbourhood,
    message(lock, channel, octets) {
      if (domain?.takeFromLock(channel, octets) !== true) fromLock(lock, channel, octets);
    },
    progress,
  });
  const domain = options.domain?.({
    submit: (frame) => scheduler.submit(frame),
    cancel: (id) => scheduler.cancel(id),
    setOwing: (lock, owes) => scheduler.setOwing(lock, owes),
    isHeard: (lock) => neighbourhood.find(lock)?.address !== undefined,
    message: fromLock,
    progress,
  });
  const local = createLocalDesk({
    clock,
    log,
    isServed: (lock) => neighbourhood.find(lock) !== undefined,
    isHeard: (lock) => neighbourhood.find(lock)?.address !== undefined,
    submit,
    hangUp: (lock) => scheduler.hangUp(lock),
  });

  return {
    get online() {
      return uplink.online;
    },
    get queued() {
      return scheduler.size + (domain?.size ?? 0);
    },
    local,
    get unacknowledged() {
      return reporter.waiting;
    },
    async start() {
      await reporter.load();
      neighbourhood.start();
      scheduler.start();
      uplink.start();
    },
    async stop() {
      local.stop();
      neighbourhood.stop();
      scheduler.stop();
      await uplink.stop();
      await domain?.stop();
      await reporter.stop();
    },
  };
}
