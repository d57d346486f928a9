import { pbkdf2 } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  createEnvelope,
  createLog,
  type LogSink,
  nodeDh,
  nodePrimitives,
  systemClock,
  systemRandom,
} from '@cardea/kit-node';
import { type Log, Secret } from '@cardea/kit-runtime';
import { cardeaDriver, cardeaLegacyDriver } from '@cardea/wire-lock';
import { maker2Driver } from '@cardea/wire-maker2';
import { controlAddress } from '../control/address.ts';
import { openControl } from '../control/control-server.ts';
import { createGateway } from '../create-gateway.ts';
import { GatewayError } from '../errors.ts';
import { type LocalAddress, listenLocally } from '../local/listen.ts';
import { openFileJournal } from '../report/file-journal.ts';
import { DomainDesk } from '../scpm/domain-desk.ts';
import { createDomainPart, type DomainPart } from '../scpm/domain-part.ts';
import { type DomainStore, openDomainStore, type StoredDomain } from '../scpm/domain-store.ts';
import { DomainError } from '../scpm/errors.ts';
import { createUplink } from '../uplink/create-uplink.ts';
import { tlsTransport } from '../uplink/tls-transport.ts';
import type { DeriveKey } from '../uplink/uplink.ts';
import { type Credentials, readCredentials, writeCredentials } from './credentials.ts';
import { enrol, hashToken } from './enrol.ts';
import { createHubRadio } from './hub-radio.ts';

/** What a gateway's process is told. */
export interface RunGatewayOptions {
  /** Its own folder: key file, credentials and journal. Made when it does not exist. */
  readonly dataDir: string;
  /** hub.json of the simulated air. */
  readonly hubFile: string;
  /**
   * For the first start: where the RAS is, its authority's PEM file (without one, those that the system knows are trusted),
   * and the one-time token.
   */
  readonly serverUrl?: string | undefined;
  readonly caFile?: string | undefined;
  readonly enrolmentToken?: Secret<string> | undefined;
  /** Where the RAS's XMPP door is now, when it is no longer where it was at enrolment. Its name and authority stay. */
  readonly xmpp?: { readonly host: string; readonly port: number } | undefined;
  /** That port begins in the clear: STARTTLS first. */
  readonly starttls?: boolean | undefined;
  /** Where phones near by may come to their locks without the server (docs/scpm.md); nowhere unless told. */
  readonly local?: LocalAddress | undefined;
  readonly log?: Log | undefined;
  /** Where lines go when no `log` is handed in: standard error unless told. */
  readonly logTo?: LogSink | undefined;
  /** The process's Unix time is moved by this (a demo may live in another time). */
  readonly clockOffsetMs?: number | undefined;
  /** The journal failed: nothing more can be promised, so the process should end. */
  onBroken?(error: unknown): void;
}

/** A running gateway. */
export interface RunningGateway {
  readonly gatewayId: string;
  /** Signed in at the RAS and on the air. */
  readonly ready: boolean;
  /** Where its local endpoint listens, if it has one. */
  readonly local: LocalAddress | undefined;
  /** Resolves when it is ready for the first time. */
  untilReady(): Promise<void>;
  stop(): Promise<void>;
}

const READY_LOOK_MS = 50;
const stretch = promisify(pbkdf2);
const deriveKey: DeriveKey = async (password, salt, iterations) =>
  new Secret(new Uint8Array(await stretch(password.reveal(), salt, iterations, 32, 'sha256')));

/**
 * The gateway as a process: enrols at its first start, then signs in and serves. It opens no socket to a network, but for
 * a local endpoint where one is asked for; its own machine speaks to it over one in its data folder (`cardea domain`).
 * @throws GatewayError `not_enrolled`, `enrolment_refused`, `enrolment_unreachable`, `credentials`, `journal`, `control`,
 * `options` (the local endpoint);
 * EnvelopeError for its key file
 */
export async function runGateway(options: RunGatewayOptions): Promise<RunningGateway> {
  const { dataDir } = options;
  const log = options.log ?? createLog('gateway', 'info', options.logTo ?? { kind: 'stderr' });
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const envelope = await createEnvelope(join(dataDir, 'envelope.key'));
  const credentialsPath = join(dataDir, 'credentials');
  let credentials = await readCredentials(credentialsPath, envelope);
  const token = options.enrolmentToken;
  const isNew = token !== undefined && hashToken(token) !== credentials?.tokenHash;
  if (isNew || credentials === undefined) {
    credentials = await enrolAnew(options);
    await writeCredentials(credentialsPath, envelope, credentials);
    log.info('enrolled', { gateway: credentials.gatewayId });
  }
  const kept = credentials;
  const { gatewayId, password, ca } = kept;
  const xmpp = { ...kept.xmpp, ...options.xmpp };
  const jid = `${gatewayId}@${xmpp.domain}`;
  const identity =
    kept.certificate === undefined || kept.key === undefined
      ? undefined
      : { address: jid, certificate: kept.certificate, key: kept.key };

  const clock = systemClock(options.clockOffsetMs ?? 0);
  const hub = createHubRadio({ clock, log, hubFile: options.hubFile, name: gatewayId });
  const domainFolder = join(dataDir, 'domain');
  const store = openDomainStore(domainFolder, envelope);
  const stored = await readDomain(store, log);
  let domain: DomainPart | undefined;
  const gateway = createGateway({
    clock,
    random: systemRandom,
    log,
    radio: hub.radio,
    storage: await openFileJournal(join(dataDir, 'journal'), envelope),
    drivers: [cardeaDriver(nodePrimitives), cardeaLegacyDriver(nodePrimitives), maker2Driver(nodePrimitives)],
    uplink: (events) =>
      createUplink({
        ...events,
        connect: tlsTransport({
          host: xmpp.host,
          port: xmpp.port,
          serverName: xmpp.domain,
          ca,
          identity,
          starttls: options.starttls ?? false,
        }),
        jid,
        requireBinding: kept.channelBinding,
        onSignedIn(mechanism) {
          if (mechanism !== 'SCRAM-SHA-256-PLUS' || kept.channelBinding) return;
          const bound = { ...kept, channelBinding: true };
          writeCredentials(credentialsPath, envelope, bound).catch((error: unknown) =>
            log.error('credentials could not be written', { error: error instanceof Error ? error.name : 'unknown' }),
          );
        },
        password,
        primitives: nodePrimitives,
        deriveKey,
        random: systemRandom,
        clock,
        log,
      }),
    domain(ports) {
      const broken = (cause: unknown): void => {
        const why = cause instanceof Error ? cause.message : 'unknown';
        options.onBroken?.(
          new GatewayError('domain', `${domainFolder}: cannot be written (${why}); the gateway ends`, { cause }),
        );
      };
      domain = createDomainPart(
        { clock, random: systemRandom, log, primitives: nodePrimitives, dh: nodeDh, store, broken },
        ports,
        stored,
      );
      return domain;
    },
    onBroken(cause) {
      const why = cause instanceof Error ? cause.message : 'unknown';
      const file = join(dataDir, 'journal');
      options.onBroken?.(
        new GatewayError('journal', `${file}: cannot be written (${why}); the gateway ends`, { cause }),
      );
    },
  });
  const desk = new DomainDesk({ store, part: domain, clock, random: systemRandom, primitives: nodePrimitives });
  const control = await openControl(controlAddress(dataDir), desk, log);
  hub.start();
  await gateway.start();
  const endpoint = options.local && (await listenLocally(gateway.local, options.local, clock));
  if (endpoint !== undefined) log.info('local endpoint', { host: endpoint.host, port: endpoint.port });

  let stopped = false;
  return {
    gatewayId,
    local: endpoint && { host: endpoint.host, port: endpoint.port },
    get ready() {
      return gateway.online && hub.joined;
    },
    untilReady: () =>
      new Promise((resolve) => {
        const look = (): void => {
          if (stopped || (gateway.online && hub.joined)) resolve();
          else clock.after(READY_LOOK_MS, look);
        };
        look();
      }),
    async stop() {
      stopped = true;
      await endpoint?.close();
      await control.close();
      await gateway.stop();
      hub.stop();
    },
  };
}

async function enrolAnew({ serverUrl, caFile, enrolmentToken }: RunGatewayOptions): Promise<Credentials> {
  if (enrolmentToken === undefined) {
    throw new GatewayError('not_enrolled', 'this gateway is not enrolled; give it the token of: cardea gateway add');
  }
  if (serverUrl === undefined) throw new GatewayError('options', 'enrolment needs the URL of the server');
  let ca: string | undefined;
  try {
    ca = caFile === undefined ? undefined : await readFile(caFile, 'utf8');
  } catch (error) {
    throw new GatewayError('options', `${caFile}: the authority's file cannot be read`, { cause: error });
  }
  return enrol(serverUrl, ca, enrolmentToken);
}

/** A domain that does not open costs its locks, and none that are spoken to directly. */
async function readDomain(store: DomainStore, log: Log): Promise<StoredDomain | undefined> {
  try {
    return await store.read();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    log.error('the domain does not open; the gateway runs without it', { why: error.message });
    return undefined;
  }
}
