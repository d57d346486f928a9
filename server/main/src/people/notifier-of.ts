import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, type Log, type Random, Secret } from '@cardea/kit-runtime';
import {
  createNotifier,
  createSmsHook,
  createSmtpSender,
  hookKey,
  type OpenNotifier,
  type Outbox,
  openOutbox,
} from '@cardea/server-notify';
import type { ServerConfig } from '../config.ts';
import { ServerError } from '../errors.ts';

/** Folder of the outbox, in the estate's own. */
export const OUTBOX = 'outbox';

/** What the configuration says of mail and text messages. */
export type NotifySettings = Pick<
  ServerConfig,
  | 'smtpUrl'
  | 'smtpFrom'
  | 'smtpUser'
  | 'smtpPasswordFile'
  | 'smtpCaFile'
  | 'smsHookUrl'
  | 'smsHookSecretFile'
  | 'outbox'
>;

/**
 * The way to people as it is configured. With the outbox (always on demo estates), a channel that nothing is set up for is
 * written to a folder. @throws ServerError `config`
 */
export function notifierOf(
  config: NotifySettings,
  dataDir: string,
  demo: boolean,
  parts: {
    /** Where people reach this server; known once it listens. */
    readonly publicUrl: () => string | undefined;
    readonly clock: Clock;
    readonly random: Random;
    readonly log: Log;
  },
): { readonly notifier: OpenNotifier; readonly outbox: Outbox | undefined } {
  const outbox = config.outbox || demo ? openOutbox(join(dataDir, OUTBOX), () => parts.clock.now()) : undefined;
  const { smtpUrl, smtpFrom, smtpUser, smtpPasswordFile, smtpCaFile, smsHookUrl, smsHookSecretFile } = config;
  if (smtpUrl !== undefined && smtpFrom === undefined) {
    throw new ServerError(
      'config',
      'smtp_url is set without smtp_from',
      'set smtp_from to the address that mail comes from',
    );
  }
  if ((smtpUser === undefined) !== (smtpPasswordFile === undefined)) {
    throw new ServerError('config', 'smtp_user and smtp_password_file go together', 'set both, or neither');
  }
  if ((smsHookUrl === undefined) !== (smsHookSecretFile === undefined)) {
    throw new ServerError('config', 'sms_hook_url and sms_hook_secret_file go together', 'set both, or neither');
  }
  const email =
    smtpUrl === undefined || smtpFrom === undefined
      ? outbox?.sender('email')
      : createSmtpSender({
          url: smtpUrl,
          from: smtpFrom,
          user: smtpUser,
          password: smtpPasswordFile === undefined ? undefined : secretIn('smtp_password_file', smtpPasswordFile),
          authority: smtpCaFile === undefined ? undefined : readSetting('smtp_ca_file', smtpCaFile),
        });
  const sms =
    smsHookUrl === undefined || smsHookSecretFile === undefined
      ? outbox?.sender('sms')
      : createSmsHook({ url: smsHookUrl, secret: hookSecret(smsHookSecretFile) }, parts.clock);
  const notifier = createNotifier({ senders: { email, sms }, forget: outbox && ((to) => outbox.forget(to)), ...parts });
  return { notifier, outbox };
}

function hookSecret(file: string): Secret<string> {
  const secret = secretIn('sms_hook_secret_file', file);
  if (hookKey(secret) !== undefined) return secret;
  throw new ServerError(
    'config',
    `${file} holds no secret of a hook`,
    'write whsec_ and base64 of 24 to 64 octets into it',
  );
}

function secretIn(field: string, file: string): Secret<string> {
  return new Secret(readSetting(field, file).trim());
}

function readSetting(field: string, file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServerError(
      'config',
      `${field}: ${file} cannot be read (${reason})`,
      'correct the path or its permissions',
    );
  }
}
