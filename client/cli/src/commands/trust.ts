import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { copyFileSync, existsSync, readFileSync } from 'node:fs';
import type { Command } from 'commander';
import type { Register } from '../context.ts';
import { CliError } from '../errors.ts';
import { example } from '../help.ts';
import { fields } from '../output/table.ts';
import { readProfile } from '../profile.ts';

/** Where Debian takes further authorities from (update-ca-certificates(8)). */
const DEBIAN_FOLDER = '/usr/local/share/ca-certificates';
const DEBIAN_FILE = `${DEBIAN_FOLDER}/cardea-local-authority.crt`;

/** `cardea trust`: the server's local authority. */
export function trustCommand(program: Command, register: Register): void {
  register<[{ install?: boolean }]>(
    example(
      program
        .command('trust')
        .option('--install', "put it into this system's store (Debian, as root)")
        .description(
          "show the certificate of the server's local authority and how to make browsers and systems trust it",
        ),
      'trust',
      'trust --install',
    ),
    async (context, options) => {
      const { caFile } = readProfile(context.profilePath);
      if (caFile === undefined) {
        throw new CliError('refused', 'this profile trusts the authorities that the system knows', {
          remedy: 'there is nothing to install',
        });
      }
      const certificate = readAuthority(caFile);
      const about = {
        file: caFile,
        subject: certificate.subject,
        not_after: certificate.validToDate.toISOString(),
        sha256: certificate.fingerprint256,
      };
      if (options.install === true) {
        install(caFile);
        context.print(
          { ...about, installed: DEBIAN_FILE },
          () => `installed as ${DEBIAN_FILE}; browsers with a store of their own still need an import\n`,
        );
        return;
      }
      context.print(
        about,
        () =>
          `${fields([
            ['file', about.file],
            ['subject', about.subject],
            ['valid until', about.not_after],
            ['SHA-256', about.sha256],
          ])}
The authority can only sign for the names of this one server (name constraints), and its key never leaves the machine.
Compare the fingerprint before you trust it elsewhere.

  Debian, Ubuntu  sudo cp ${caFile} ${DEBIAN_FILE} && sudo update-ca-certificates   (or: cardea trust --install)
  macOS           sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ${caFile}
  Windows         certutil -addstore Root ${caFile}
  Firefox         Settings, Certificates, Authorities, Import
  curl            curl --cacert ${caFile} ...
  Node            NODE_EXTRA_CA_CERTS=${caFile}
`,
      );
    },
  );
}

function readAuthority(file: string): X509Certificate {
  try {
    return new X509Certificate(readFileSync(file));
  } catch (cause) {
    throw new CliError('failed', `${file} holds no certificate that can be read`, {
      field: 'ca_file',
      remedy: 'start the server once: it makes its authority',
      cause,
    });
  }
}

function install(file: string): void {
  if (!existsSync(DEBIAN_FOLDER)) {
    throw new CliError('refused', `this system has no ${DEBIAN_FOLDER}`, {
      field: '--install',
      remedy: 'see `cardea trust` for other systems',
    });
  }
  if (process.getuid?.() !== 0) {
    throw new CliError('refused', 'only root may change the store of the system', {
      field: '--install',
      remedy: 'run it with sudo',
    });
  }
  copyFileSync(file, DEBIAN_FILE);
  const ran = spawnSync('update-ca-certificates', { encoding: 'utf8' });
  if (ran.status !== 0) {
    throw new CliError('failed', `update-ca-certificates failed: ${(ran.stderr || ran.error?.message || '').trim()}`, {
      remedy: `the certificate is in ${DEBIAN_FILE}`,
    });
  }
}
