import type { Secret } from '@cardea/kit-runtime';
import { createTransport } from 'nodemailer';
import { NotifyError } from './errors.ts';
import type { Sender } from './sender.ts';

/** A mail server to hand mail to (RFC 6409). */
export interface SmtpSettings {
  /** `smtp://host[:587]` demands STARTTLS (RFC 3207), `smtps://host[:465]` speaks TLS from the first octet (RFC 8314). */
  readonly url: string;
  /** Sender's address, as mail has it. */
  readonly from: string;
  readonly user?: string | undefined;
  readonly password?: Secret<string> | undefined;
  /** PEM of the authority to trust instead of the system's. */
  readonly authority?: string | undefined;
}

/** How long a mail server may take for each step. */
const PATIENCE_MS = 15_000;
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

/** Sends mail by SMTP. Nothing goes out in the clear, but to a server on the same machine. */
export function createSmtpSender({ url, from, user, password, authority }: SmtpSettings): Sender {
  const { protocol, hostname, port } = new URL(url);
  const secure = protocol === 'smtps:';
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port || (secure ? 465 : 587)),
    secure,
    requireTLS: !secure && !LOOPBACK.includes(hostname),
    ...(user === undefined ? {} : { auth: { user, pass: password?.reveal() ?? '' } }),
    tls: { minVersion: 'TLSv1.2', ...(authority === undefined ? {} : { ca: authority }) },
    connectionTimeout: PATIENCE_MS,
    greetingTimeout: PATIENCE_MS,
    socketTimeout: PATIENCE_MS,
    // A text is a text: nothing in it makes the server read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send({ id, to, subject, text }) {
      try {
        await transport.sendMail({
          // As an object: what looks like a list of addresses is none.
          from: { name: 'Cardea', address: from },
          to: { name: '', address: to },
          messageId: `<${id}@${from.split('@')[1] ?? 'cardea'}>`,
          headers: { 'Auto-Submitted': 'auto-generated' },
          subject,
          text,
        });
      } catch (cause) {
        const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
        const answer = cause instanceof Error && 'responseCode' in cause ? ` ${String(cause.responseCode)}` : '';
        throw new NotifyError('not_sent', `the mail server ${hostname} did not take it (${code}${answer})`, { cause });
      }
    },
  };
}
