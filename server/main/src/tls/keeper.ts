import type { Cancel, Clock, Log } from '@cardea/kit-runtime';
import { ServerError } from '../errors.ts';
import type { ServerIdentity } from './authority.ts';
import { renewAtMs, retryInMs } from './renewal.ts';
import type { ShownCertificates } from './shown.ts';

/** Where the usual certificate comes from: the local authority, or files of the operator's. */
export interface UsualSource {
  /** The identity that should be shown now. @throws ServerError when what there is cannot be shown */
  read(nowMs: number): Promise<ServerIdentity>;
  /** How often it is looked at. */
  readonly everyMs: number;
}

/** Where the public certificate comes from. */
export interface PublicSource {
  readonly name: string;
  /** What an earlier process left, whatever its dates. */
  kept(): Promise<ServerIdentity | undefined>;
  /** A new one. @throws ServerError, with `retryAfterMs` where the other side says when */
  obtain(): Promise<ServerIdentity>;
}

/** What happened to a certificate, for the operator. */
export interface CertificateNews {
  readonly kind: 'renewed' | 'failed';
  readonly certificate: 'usual' | 'public';
  readonly notAfterMs: number | undefined;
  readonly reason: string | undefined;
  readonly failures: number;
}

export interface KeeperOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** From 0 to 1, for spreading. */
  readonly draw: () => number;
  readonly shown: ShownCertificates;
  readonly usual: UsualSource;
  readonly public: PublicSource | undefined;
  onNews(news: CertificateNews): void;
}

/** Keeps what is shown up to date while the server runs. */
export interface CertificateKeeper {
  /** Begins; resolves once a public certificate of an earlier process, still good, is shown. Waits for no other side. */
  start(): Promise<void>;
  /** Looks at everything now, as after SIGHUP: files anew, a failed renewal again. */
  reload(): Promise<void>;
  stop(): void;
}

/** A new certificate is kept for this part of its life at least: three days of ninety. */
const LEAST_PART = 30;

/**
 *     usual    every `everyMs`: read -> other than shown? show it : nothing.    cannot be read: keep the old one, say so
 *     public   kept and good? show it, wait until two thirds of its life
 *              else obtain -> show it;   failed: say so, wait longer each time, try again; what is shown stays
 */
export function createCertificateKeeper(options: KeeperOptions): CertificateKeeper {
  const { clock, log, shown } = options;
  let stopped = false;
  let cancelUsual: Cancel = () => {};
  let cancelPublic: Cancel = () => {};
  let usualFailures = 0;
  let publicFailures = 0;
  let obtaining: Promise<void> | undefined;

  const lookAtUsual = async (): Promise<void> => {
    cancelUsual();
    try {
      const found = await options.usual.read(clock.now());
      usualFailures = 0;
      if (found.certificate !== shown.usual.certificate || found.key !== shown.usual.key) {
        shown.show(found);
        log.info('another certificate is shown', { until: iso(found.notAfterMs) });
        options.onNews({
          kind: 'renewed',
          certificate: 'usual',
          notAfterMs: found.notAfterMs,
          reason: undefined,
          failures: 0,
        });
      }
    } catch (error) {
      usualFailures++;
      fail('usual', shown.usual.notAfterMs, usualFailures, error);
    }
    if (!stopped) cancelUsual = clock.after(options.usual.everyMs, () => void lookAtUsual());
  };

  const fail = (
    certificate: 'usual' | 'public',
    notAfterMs: number | undefined,
    failures: number,
    error: unknown,
  ): void => {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn('a certificate is not renewed', {
      certificate,
      failures,
      reason,
      ...(notAfterMs === undefined ? {} : { until: iso(notAfterMs) }),
    });
    options.onNews({ kind: 'failed', certificate, notAfterMs, reason, failures });
  };

  const waitForRenewal = (life: ServerIdentity, leastMs = 0): void => {
    cancelPublic();
    if (stopped) return;
    const delayMs = Math.max(leastMs, renewAtMs(life, options.draw()) - clock.now());
    cancelPublic = clock.after(delayMs, () => void obtain());
  };

  /** One at a time, whoever asks. */
  const obtain = (): Promise<void> => {
    obtaining ??= obtainOnce().finally(() => {
      obtaining = undefined;
    });
    return obtaining;
  };

  const obtainOnce = async (): Promise<void> => {
    const source = options.public;
    if (source === undefined || stopped) return;
    cancelPublic();
    try {
      const found = await source.obtain();
      publicFailures = 0;
      shown.showPublic(found);
      log.info('a public certificate was issued', { by: source.name, until: iso(found.notAfterMs) });
      options.onNews({
        kind: 'renewed',
        certificate: 'public',
        notAfterMs: found.notAfterMs,
        reason: undefined,
        failures: 0,
      });
      // Where this machine's clock is months ahead, each is due at once: authorities have limits.
      waitForRenewal(found, (found.notAfterMs - found.notBeforeMs) / LEAST_PART);
    } catch (error) {
      if (stopped) return;
      publicFailures++;
      fail('public', shown.public?.notAfterMs, publicFailures, error);
      const asked = error instanceof ServerError ? error.retryAfterMs : undefined;
      cancelPublic = clock.after(retryInMs(publicFailures, options.draw(), asked), () => void obtain());
    }
  };

  return {
    async start() {
      cancelUsual = clock.after(options.usual.everyMs, () => void lookAtUsual());
      const kept = await options.public?.kept();
      if (kept !== undefined && kept.notBeforeMs <= clock.now() && clock.now() < kept.notAfterMs) {
        shown.showPublic(kept);
        waitForRenewal(kept);
      } else if (options.public !== undefined) {
        // Not waited for: the proof of name needs the listener, and a server without its authority must still serve.
        cancelPublic = clock.after(0, () => void obtain());
      }
    },
    async reload() {
      await lookAtUsual();
      if (options.public !== undefined && publicFailures > 0) await obtain();
    },
    stop() {
      stopped = true;
      cancelUsual();
      cancelPublic();
    },
  };
}

const iso = (unixMs: number): string => new Date(unixMs).toISOString();
