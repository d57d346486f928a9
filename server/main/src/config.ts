import { readFileSync } from 'node:fs';
import { LOG_LEVELS, type LogLevel } from '@cardea/kit-node';
import { ServerError } from './errors.ts';

/** What an operator can set. Each field can stand in `DATA/ras/config.json`, in the environment, or on the command line. */
export interface ServerConfig {
  /** Address to listen on. */
  readonly host: string;
  /** TCP port of HTTPS; 0 takes a free one. */
  readonly port: number;
  /** TCP port of XMPP over TLS; 0 takes a free one. */
  readonly xmppPort: number;
  /** TCP port of XMPP that begins in the clear and demands STARTTLS (5222 by convention); not opened unless set. */
  readonly xmppStarttlsPort: number | undefined;
  /** Offers gateways PLAIN and SCRAM-SHA-1, inside TLS, besides SCRAM and certificates: weak, for peers that know nothing better. */
  readonly xmppLegacySasl: boolean;
  /** Name by which clients and gateways reach this server: in its certificate and in the addresses it prints. */
  readonly publicHost: string;
  /**
   * Address by which the world reaches this server, `https://door.example.org[:port]`. It sets `publicHost`, and unless they
   * are told `port` and `host` (every address); without `tlsCertFile` a public certificate is got by ACME.
   */
  readonly publicUrl: string | undefined;
  /** ACME directory: `letsencrypt`, `letsencrypt-staging`, or an https URL. */
  readonly acmeDirectory: string;
  readonly acmeEmail: string | undefined;
  /** The terms of service of that ACME server were read and are agreed to. */
  readonly acmeAgreeTos: boolean;
  readonly acmeChallenge: AcmeChallenge;
  /** Where http-01 is answered; port 80 of the public name has to lead there. */
  readonly acmeHttpPort: number;
  /** PEM file of the authority of an ACME server of one's own. */
  readonly acmeCaFile: string | undefined;
  /** Name of the organization made at the first start. */
  readonly organization: string;
  /** Sign-in name of the owner made at the first start. */
  readonly ownerEmail: string;
  /** Own certificate (PEM) in place of the local authority's; together with `tlsKeyFile`. */
  readonly tlsCertFile: string | undefined;
  readonly tlsKeyFile: string | undefined;
  readonly logLevel: LogLevel;
  /** Admits makers' legacy protocols, which their source defines weakly. */
  readonly legacyProfiles: boolean;
  /** Events are removed when they are so many days old; 0 keeps them without end. */
  readonly eventRetentionDays: number;
  /** File to which the heads of the audit logs are appended: best on a medium that this machine cannot take back. */
  readonly auditWitnessFile: string | undefined;
  /** Time-stamping authority (RFC 3161) to which the heads of the audit logs are given. */
  readonly auditTsaUrl: string | undefined;
  /** Mail server: `smtp://host[:port]` with STARTTLS, or `smtps://host[:port]`. Without one no code is sent by e-mail. */
  readonly smtpUrl: string | undefined;
  /** Address that mail comes from. */
  readonly smtpFrom: string | undefined;
  readonly smtpUser: string | undefined;
  /** File with the password of `smtpUser`. */
  readonly smtpPasswordFile: string | undefined;
  /** PEM file of the authority that the mail server's certificate comes from, where it is none of the system's. */
  readonly smtpCaFile: string | undefined;
  /** Address that text messages are posted to (docs/people.md). Without one no code is sent by SMS. */
  readonly smsHookUrl: string | undefined;
  /** File with the secret (`whsec_...`) by which they are signed. */
  readonly smsHookSecretFile: string | undefined;
  /** Writes messages that nothing is set up for into `DATA/outbox`; demo estates always do. */
  readonly outbox: boolean;
  /** Folder of the built web apps, `console` and `phone` in it, where it is not the usual one. */
  readonly webDir: string | undefined;
}

export type AcmeChallenge = (typeof ACME_CHALLENGES)[number];
const ACME_CHALLENGES = ['tls-alpn-01', 'http-01'] as const;

interface Field<T> {
  readonly key: string;
  readonly fallback: T;
  /** The value, or undefined when `raw` is none; `expected` then says what would be. */
  parse(raw: unknown): T | undefined;
  readonly expected: string;
}

const text = (key: string, fallback: string, pattern: RegExp, expected: string): Field<string> => ({
  key,
  fallback,
  parse: (raw) => (typeof raw === 'string' && pattern.test(raw) ? raw : undefined),
  expected,
});

const whole = (key: string, fallback: number, most: number): Field<number> => ({
  key,
  fallback,
  parse(raw) {
    const value = typeof raw === 'string' && /^\d{1,9}$/.test(raw) ? Number(raw) : raw;
    return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most ? value : undefined;
  },
  expected: `a whole number from 0 to ${most}`,
});

const port = (key: string, fallback: number): Field<number> => whole(key, fallback, 65_535);

const flag = (key: string): Field<boolean> => ({
  key,
  fallback: false,
  parse(raw) {
    if (typeof raw === 'boolean') return raw;
    return raw === 'true' ? true : raw === 'false' ? false : undefined;
  },
  expected: 'true or false',
});

const path = (key: string): Field<string | undefined> => ({
  key,
  fallback: undefined,
  parse: (raw) => (typeof raw === 'string' && raw !== '' ? raw : undefined),
  expected: 'the path of a PEM file',
});

const HOST = /^[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$|^[0-9A-Fa-f:]{2,39}$/;

const EMAIL = /^[^\s@]{1,64}@[^\s@]{1,190}$/;
/** A name of two labels or more, the last of them no number: an authority signs for no address and no local name. */
const PUBLIC_URL =
  /^https:\/\/([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(:\d{1,5})?\/?$/;

const SMTP_URL = /^smtps?:\/\/(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]{1,253})(:\d{1,5})?\/?$/;
/** In the clear only where nobody is between. */
const HOOK_URL = /^(https:\/\/|http:\/\/(localhost|127\.0\.0\.1|\[::1\])[:/])[^\s]{1,500}$/;

/** One row a field: the only list of what can be set. */
const FIELDS: { readonly [Key in keyof ServerConfig]: Field<ServerConfig[Key]> } = {
  host: text('host', '127.0.0.1', HOST, 'an address or host name, such as "127.0.0.1"'),
  port: port('port', 8443),
  xmppPort: port('xmpp_port', 5223),
  xmppStarttlsPort: { ...port('xmpp_starttls_port', 0), fallback: undefined },
  xmppLegacySasl: flag('xmpp_legacy_sasl'),
  publicHost: text('public_host', 'localhost', HOST, 'a host name or address, such as "locks.example.com"'),
  publicUrl: {
    key: 'public_url',
    fallback: undefined,
    parse: (raw) => (typeof raw === 'string' && PUBLIC_URL.test(raw) ? raw : undefined),
    expected: 'an https URL of a DNS name without a path, such as "https://door.example.org"',
  },
  acmeDirectory: text(
    'acme_directory',
    'letsencrypt',
    /^(letsencrypt(-staging)?|https:\/\/[^\s]{1,500})$/,
    'letsencrypt, letsencrypt-staging, or the https URL of an ACME directory',
  ),
  acmeEmail: {
    key: 'acme_email',
    fallback: undefined,
    parse: (raw) => (typeof raw === 'string' && EMAIL.test(raw) ? raw : undefined),
    expected: 'an e-mail address',
  },
  acmeAgreeTos: flag('acme_agree_tos'),
  acmeChallenge: {
    key: 'acme_challenge',
    fallback: 'tls-alpn-01',
    parse: (raw) => ACME_CHALLENGES.find((one) => one === raw),
    expected: `one of ${ACME_CHALLENGES.join(', ')}`,
  },
  acmeHttpPort: port('acme_http_port', 80),
  acmeCaFile: path('acme_ca_file'),
  organization: text('organization', 'Cardea Demo', /^.{1,100}$/, 'a name of 1 to 100 characters'),
  ownerEmail: text('owner_email', 'operator@localhost', EMAIL, 'an e-mail address'),
  tlsCertFile: path('tls_cert_file'),
  tlsKeyFile: path('tls_key_file'),
  logLevel: {
    key: 'log_level',
    fallback: 'info',
    parse: (raw) => LOG_LEVELS.find((level) => level === raw),
    expected: `one of ${LOG_LEVELS.join(', ')}`,
  },
  legacyProfiles: flag('legacy_profiles'),
  eventRetentionDays: whole('event_retention_days', 365, 36_500),
  auditWitnessFile: { ...path('audit_witness_file'), expected: 'the path of a file' },
  auditTsaUrl: {
    key: 'audit_tsa_url',
    fallback: undefined,
    parse: (raw) => (typeof raw === 'string' && /^https?:\/\/[^\s]{1,500}$/.test(raw) ? raw : undefined),
    expected: 'the http or https URL of a time-stamping authority',
  },
  smtpUrl: {
    key: 'smtp_url',
    fallback: undefined,
    parse: (raw) => (typeof raw === 'string' && SMTP_URL.test(raw) && URL.canParse(raw) ? raw : undefined),
    expected: 'smtp://HOST[:PORT] or smtps://HOST[:PORT], without a name and a password in it',
  },
  smtpFrom: {
    key: 'smtp_from',
    fallback: undefined,
    parse: (raw) => (typeof raw === 'string' && EMAIL.test(raw) ? raw : undefined),
    expected: 'an e-mail address',
  },
  smtpUser: { ...path('smtp_user'), expected: 'a user name' },
  smtpPasswordFile: { ...path('smtp_password_file'), expected: 'the path of a file' },
  smtpCaFile: path('smtp_ca_file'),
  smsHookUrl: {
    key: 'sms_hook_url',
    fallback: undefined,
    parse: (raw) => (typeof raw === 'string' && HOOK_URL.test(raw) && URL.canParse(raw) ? raw : undefined),
    expected: 'an https URL, or an http URL of this machine',
  },
  smsHookSecretFile: { ...path('sms_hook_secret_file'), expected: 'the path of a file' },
  outbox: flag('outbox'),
  webDir: { ...path('web_dir'), expected: 'the path of a folder' },
};

const KEYS = Object.values(FIELDS).map((field) => field.key);

/** Where settings come from; the first that has a field wins: `flags`, then `environment`, then `file`. */
export interface ConfigSources {
  /** Values given on the command line or by a caller, by field of {@link ServerConfig}. */
  readonly flags: { readonly [Key in keyof ServerConfig]?: unknown };
  /** The process's environment: a field `xmpp_port` is `CARDEA_XMPP_PORT`. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Path of the JSON file, which need not exist. */
  readonly file: string;
}

/** The settings in force. @throws ServerError `config`, naming the field, where it stands, and what it must be */
export function readConfig(sources: ConfigSources): ServerConfig {
  const file = readFile(sources.file);
  const read = <Key extends keyof ServerConfig>(
    name: Key,
    fallback: ServerConfig[Key] = FIELDS[name].fallback,
  ): ServerConfig[Key] => {
    const field = FIELDS[name];
    const variable = `CARDEA_${field.key.toUpperCase()}`;
    const found: [unknown, string][] = [
      [sources.flags[name], `--${field.key.replaceAll('_', '-')}`],
      [sources.environment[variable], `the environment's ${variable}`],
      [file[field.key], `${field.key} in ${sources.file}`],
    ];
    for (const [raw, where] of found) {
      if (raw === undefined) continue;
      const value = field.parse(raw);
      if (value === undefined) {
        throw new ServerError('config', `${where} is ${JSON.stringify(raw)}`, `it must be ${field.expected}`);
      }
      return value;
    }
    return fallback;
  };
  const publicUrl = read('publicUrl');
  const reached = publicUrl === undefined ? undefined : new URL(publicUrl);
  const config: ServerConfig = {
    host: reached === undefined ? read('host') : read('host', '0.0.0.0'),
    port: reached === undefined ? read('port') : read('port', Number(reached.port || 443)),
    xmppPort: read('xmppPort'),
    xmppStarttlsPort: read('xmppStarttlsPort'),
    xmppLegacySasl: read('xmppLegacySasl'),
    publicHost: reached === undefined ? read('publicHost') : reached.hostname,
    publicUrl: reached?.origin,
    acmeDirectory: read('acmeDirectory'),
    acmeEmail: read('acmeEmail'),
    acmeAgreeTos: read('acmeAgreeTos'),
    acmeChallenge: read('acmeChallenge'),
    acmeHttpPort: read('acmeHttpPort'),
    acmeCaFile: read('acmeCaFile'),
    organization: read('organization'),
    ownerEmail: read('ownerEmail').toLowerCase(),
    tlsCertFile: read('tlsCertFile'),
    tlsKeyFile: read('tlsKeyFile'),
    logLevel: read('logLevel'),
    legacyProfiles: read('legacyProfiles'),
    eventRetentionDays: read('eventRetentionDays'),
    auditWitnessFile: read('auditWitnessFile'),
    auditTsaUrl: read('auditTsaUrl'),
    smtpUrl: read('smtpUrl'),
    smtpFrom: read('smtpFrom'),
    smtpUser: read('smtpUser'),
    smtpPasswordFile: read('smtpPasswordFile'),
    smtpCaFile: read('smtpCaFile'),
    smsHookUrl: read('smsHookUrl'),
    smsHookSecretFile: read('smsHookSecretFile'),
    outbox: read('outbox'),
    webDir: read('webDir'),
  };
  if ((config.tlsCertFile === undefined) !== (config.tlsKeyFile === undefined)) {
    const [given, missing] =
      config.tlsCertFile === undefined ? ['tls_key_file', 'tls_cert_file'] : ['tls_cert_file', 'tls_key_file'];
    throw new ServerError(
      'config',
      `${given} is set without ${missing}`,
      'set both, or neither for the local authority',
    );
  }
  if (config.publicUrl !== undefined && config.tlsCertFile === undefined && !config.acmeAgreeTos) {
    throw new ServerError(
      'config',
      `public_url asks ${config.acmeDirectory} for a certificate, whose terms of service have not been agreed to`,
      'read them and set acme_agree_tos to true, or give a certificate with tls_cert_file and tls_key_file',
    );
  }
  if (config.port !== 0 && config.port === config.xmppPort) {
    throw new ServerError('config', `port and xmpp_port are both ${config.port}`, 'give each its own');
  }
  const starttls = config.xmppStarttlsPort ?? 0;
  if (starttls !== 0 && [config.port, config.xmppPort].includes(starttls)) {
    const other = starttls === config.port ? 'port' : 'xmpp_port';
    throw new ServerError('config', `${other} and xmpp_starttls_port are both ${starttls}`, 'give each its own');
  }
  return config;
}

function readFile(file: string): Readonly<Record<string, unknown>> {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServerError('config', `${file} cannot be read (${reason})`, 'correct its permissions, or remove it');
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ServerError('config', `${file} is not JSON (${reason})`, 'correct it, or remove it');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new ServerError('config', `${file} is not a JSON object`, 'write it as { "port": 8443 }');
  }
  for (const key of Object.keys(parsed)) {
    if (KEYS.includes(key)) continue;
    throw new ServerError(
      'config',
      `${file} has an unknown field ${JSON.stringify(key)}`,
      `known are ${KEYS.join(', ')}`,
    );
  }
  return { ...parsed };
}
