import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { Server as TlsServer } from 'node:tls';
import {
  createConnectionGuard,
  createEnvelope,
  createLog,
  GUARD_LIMITS,
  type GuardLimits,
  type LogSink,
  nodeKeyAgreement,
  nodePrimitives,
  systemClock,
  systemRandom,
  TLS_SERVER,
} from '@cardea/kit-node';
import type { Log } from '@cardea/kit-runtime';
import { type Core, type CorePorts, createCore } from '@cardea/server-core';
import { createHttpDoor, idempotencyIn } from '@cardea/server-http';
import { createXmppDoor, listenXmpp } from '@cardea/server-xmpp';
import about from '../package.json' with { type: 'json' };
import { applyRestore } from './backup/apply-restore.ts';
import { listenControl } from './backup/control.ts';
import { finishSwap } from './backup/swap.ts';
import { readConfig, type ServerConfig } from './config.ts';
import { ServerError } from './errors.ts';
import { ensureFolder } from './files.ts';
import { type FirstOwner, foundOnce, signCliIn } from './first-start.ts';
import { localUrlOf, openRecord, urlOf } from './open.ts';
import { createPasswords } from './passwords.ts';
import { notifierOf } from './people/notifier-of.ts';
import { createPasskeys } from './people/passkeys.ts';
import { secondFactors } from './people/second-factors.ts';
import { legacyScramDerivation, scramDerivation, sha1, stretchPassword } from './scram.ts';
import { createSimulation, type GatewayFault } from './sim.ts';
import { openCertificates, type RenewableListener } from './tls/certificates.ts';
import { openGatewayAuthority } from './tls/gateway-authority.ts';
import type { CertificateNews } from './tls/keeper.ts';
import { loadWebApps } from './web/load.ts';
import { witnessesOf } from './witness/witnesses.ts';

/** How a server is run. */
export interface ServerOptions {
  /** The estate's folder: the record in `ras/`, `cli.json` beside it. */
  readonly dataDir: string;
  /** What was given on the command line, by field of the configuration; it wins over environment and file. */
  readonly flags?: { readonly [Key in keyof ServerConfig]?: unknown };
  readonly environment?: Readonly<Record<string, string | undefined>>;
  readonly logTo?: LogSink;
  /** Where the web apps are built unless the configuration says otherwise (`web_dir`). Without either they are not served. */
  readonly webDir?: string;
  /** Other bounds on connections of strangers than {@link GUARD_LIMITS}. */
  readonly guard?: Partial<GuardLimits> | undefined;
  /** Time that a stranger has for its handshake, its request and its sign-in each, where not as the doors have it. */
  readonly patienceMs?: number | undefined;
  /** Set on demo estates only: faults of virtual locks are taken, those of a gateway's process handed on here. */
  readonly demo?: { readonly onGatewayFault?: GatewayFault };
  /** The record has failed: everything is refused since, so the process should end and be started again. */
  readonly onBroken?: (error: ServerError) => void;
}

/** A server that does its work. */
export interface RunningServer {
  /** Address of the API, by its public name. */
  readonly url: string;
  readonly xmpp: { readonly host: string; readonly port: number };
  /** PEM file that clients have to trust; undefined when the certificate comes from a known authority. */
  readonly caFile: string | undefined;
  /** Set at the first start alone. */
  readonly firstOwner: FirstOwner | undefined;
  /** Durable commits of the record since the start. */
  readonly commits: number;
  /** After SIGHUP: opens the log anew, reads the web apps anew and looks at the certificates now. */
  reload(): Promise<void>;
  /** Ends every connection and closes the record. */
  stop(): Promise<void>;
}

/** How long each part may take to end. */
const STOP_MS = 3_000;

/**
 * Composes the RAS: record, core, and its doors HTTP and XMPP, both on TLS. The only place that reads the environment.
 * @throws ServerError when it cannot start; nothing is left open then
 */
export async function runServer(options: ServerOptions): Promise<RunningServer> {
  const folder = join(options.dataDir, 'ras');
  // Before anything looks into the folder: a restore may have been cut short between its two renames.
  await finishSwap(options.dataDir);
  const config = readConfig({
    flags: options.flags ?? {},
    environment: options.environment ?? process.env,
    file: join(folder, 'config.json'),
  });
  ensureFolder(options.dataDir);
  ensureFolder(folder);
  const log = createLog('server', config.logLevel, options.logTo ?? { kind: 'stderr' });
  // What has been opened, closed in reverse when something further on fails, and at the end.
  const opened: (() => Promise<void> | void)[] = [() => log.flush()];
  const close = async (): Promise<void> => {
    for (const end of opened.reverse()) await bounded(end, log);
    opened.length = 0;
  };
  try {
    const clock = systemClock();
    const store = await openRecord(
      folder,
      (error) => {
        log.error('the record has failed: the server ends', { error: error.message });
        options.onBroken?.(error);
      },
      (fromSchema) =>
        log.warn('the record was brought up to date; a backup of before is kept beside it', { fromSchema }),
    );
    opened.push(() => store.close());
    opened.push(await listenControl(folder, store, log));

    const certificates = await openCertificates({
      config,
      folder,
      envelope: await createEnvelope(join(folder, 'envelope.key')),
      clock,
      log,
      version: about.version,
    });
    opened.push(() => certificates.stop());

    const gateways: { core: Core['uplink'] | undefined } = { core: undefined };
    const xmppDoor = createXmppDoor({
      core: forward(gateways),
      domain: config.publicHost,
      primitives: nodePrimitives,
      random: systemRandom,
      clock,
      log,
      legacySasl: config.xmppLegacySasl ? { plain: true, sha1, stretch: stretchPassword } : undefined,
      negotiateWithinMs: options.patienceMs,
    });
    if (config.xmppLegacySasl) log.warn('legacy: gateways may sign in by PLAIN and SCRAM-SHA-1 (xmpp_legacy_sasl)');
    // Where browsers find this server: its public name, at the port that it listens on.
    const origins: string[] = [];
    const { notifier, outbox } = notifierOf(config, options.dataDir, options.demo !== undefined, {
      publicUrl: () => (options.webDir === undefined && config.webDir === undefined ? undefined : origins[0]),
      clock,
      random: systemRandom,
      log,
    });
    opened.push(() => notifier.close());
    const gatewayAuthority = await openGatewayAuthority(join(folder, 'tls'), () => clock.now());
    const ports: CorePorts = {
      store,
      clock,
      random: systemRandom,
      primitives: nodePrimitives,
      keys: nodeKeyAgreement,
      passwords: createPasswords(),
      scram: config.xmppLegacySasl ? legacyScramDerivation : scramDerivation,
      uplink: xmppDoor.uplink,
      witnesses: witnessesOf(config, systemRandom),
      notifier,
      secondFactors,
      passkeys: createPasskeys({ id: config.publicHost, origins: () => origins }),
      origins: () => origins,
      log,
    };
    await applyRestore(folder, ports);
    const core = createCore(ports, {
      legacy: config.legacyProfiles,
      eventRetentionDays: config.eventRetentionDays === 0 ? undefined : config.eventRetentionDays,
    });
    gateways.core = core.uplink;
    await core.start();
    opened.push(() => core.stop());

    const guard = createConnectionGuard(clock, { ...GUARD_LIMITS, ...options.guard });
    const xmpp = await listening('xmpp_port', config.host, config.xmppPort, () =>
      listenXmpp({
        tls: certificates.xmpp(),
        host: config.host,
        port: config.xmppPort,
        starttlsPort: config.xmppStarttlsPort,
        gatewayAuthority: gatewayAuthority.certificate,
        door: xmppDoor,
        guard,
        clock,
        log,
      }),
    );
    opened.push(async () => {
      xmppDoor.close();
      await xmpp.close();
    });

    const simulation =
      options.demo === undefined
        ? undefined
        : createSimulation(join(options.dataDir, 'twin', 'hub.json'), options.demo.onGatewayFault);
    if (simulation !== undefined) opened.push(() => simulation.close());
    const webDir = config.webDir ?? options.webDir;
    let web = webDir === undefined ? undefined : loadWebApps(webDir);
    const { patienceMs } = options;
    const http = createHttpDoor({
      core,
      clock,
      random: systemRandom,
      log,
      idempotency: idempotencyIn(store),
      xmppAddress: () => ({ host: config.publicHost, port: xmpp.port, domain: config.publicHost }),
      gatewayCertificates: {
        isProved: gatewayAuthority.isProved,
        issue: (gatewayId, publicKey) => gatewayAuthority.issue(`${gatewayId}@${config.publicHost}`, publicKey),
      },
      tls: certificates.https(),
      hsts: config.publicUrl !== undefined,
      version: about.version,
      sim: simulation,
      outbox: options.demo === undefined ? undefined : outbox,
      web: web && (() => web ?? {}),
      guard,
      ...(patienceMs === undefined ? {} : { limits: { headerTimeoutMs: patienceMs, requestTimeoutMs: patienceMs } }),
    });
    const port = await listening('port', config.host, config.port, async () => {
      await http.listen({ host: config.host, port: config.port });
      return (http.server.address() as AddressInfo).port;
    });
    opened.push(() => http.close());
    // After both ports are ours: a start that fails must not have used up the one showing of the password.
    const firstOwner = await foundOnce(core, store, config);

    const url = urlOf(config, port);
    origins.push(url);
    const caFile = certificates.shown.usual.authorityFile;
    await signCliIn(
      core,
      store,
      join(options.dataDir, 'cli.json'),
      { url: localUrlOf(config, port), caFile },
      { first: firstOwner !== undefined, log },
    );
    await certificates.start({ https: renewable(http.server), xmpp }, (news) => {
      tellOfCertificate(core, news).catch((error) => log.error('a fact was not recorded', { error: String(error) }));
    });
    log.info('server ready', {
      url,
      xmppPort: xmpp.port,
      xmppStarttlsPort: xmpp.starttlsPort,
      demo: simulation !== undefined,
    });
    return {
      url,
      xmpp: { host: config.publicHost, port: xmpp.port },
      caFile: config.publicUrl === undefined ? caFile : undefined,
      firstOwner,
      get commits() {
        return store.commits;
      },
      async reload() {
        log.reopen();
        log.info('reloading');
        if (webDir !== undefined) web = loadWebApps(webDir);
        await certificates.reload();
      },
      stop: close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Listens, and says what to do where the system refuses. @throws ServerError `port` */
async function listening<T>(field: string, host: string, port: number, listen: () => Promise<T>): Promise<T> {
  try {
    return await listen();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const option = `--${field.replaceAll('_', '-')}`;
    switch (code) {
      case 'EADDRINUSE':
        throw new ServerError(
          'port',
          `port ${port} on ${host} is in use (${field})`,
          `stop what uses it, or take another with ${option} N`,
        );
      case 'EACCES':
        throw new ServerError(
          'port',
          `port ${port} may not be opened by this user (${field})`,
          `take one above 1023 with ${option} N`,
        );
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
        throw new ServerError(
          'port',
          `${host} is no address of this machine (host)`,
          'set host to one that is, such as 127.0.0.1',
        );
      default:
        throw error;
    }
  }
}

/** The XMPP door and the core need each other: the door's calls reach the core once it is made. */
function forward(gateways: { readonly core: Core['uplink'] | undefined }): Core['uplink'] {
  const core = (): Core['uplink'] => {
    if (gateways.core === undefined) throw new Error('a gateway came before the core was made');
    return gateways.core;
  };
  return {
    verifier: (gatewayId, hash) => core().verifier(gatewayId, hash),
    online: (gatewayId) => core().online(gatewayId),
    received: (gatewayId, message) => core().received(gatewayId, message),
    offline: (gatewayId, reason) => core().offline(gatewayId, reason),
    lost: (gatewayId, reason) => core().lost(gatewayId, reason),
  };
}

/** The HTTPS listener as one whose certificate is renewed. */
function renewable(server: object): RenewableListener {
  if (!(server instanceof TlsServer)) throw new Error('the HTTP door does not speak TLS');
  return {
    renew: (tls) => server.setSecureContext({ ...TLS_SERVER, ...tls }),
    forgetTickets: () => server.setTicketKeys(randomBytes(48)),
  };
}

/** Operators hear of each renewal, and of a failure at the first time, the second, the fourth, ... in a row. */
async function tellOfCertificate(core: Core, news: CertificateNews): Promise<void> {
  const until = news.notAfterMs === undefined ? null : new Date(news.notAfterMs).toISOString();
  const { certificate, failures } = news;
  if (news.kind === 'renewed') await core.tell('estate.certificate_renewed', { certificate, until });
  else if (Number.isInteger(Math.log2(failures))) {
    await core.tell('alarm.certificate_not_renewed', { certificate, until, failures, reason: news.reason ?? null });
  }
}

async function bounded(end: () => Promise<void> | void, log: Log): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(() => {
      log.warn('something did not end in time');
      resolve();
    }, STOP_MS);
  });
  try {
    await Promise.race([end(), late]);
  } catch (error) {
    log.error('something did not end well', { error: error instanceof Error ? error.message : String(error) });
  } finally {
    clearTimeout(timer);
  }
}
