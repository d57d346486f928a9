import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ServerError } from '../errors.ts';
import { coversName, type ServerIdentity } from './authority.ts';

/**
 * The operator's own certificate (PEM, with its chain) and key. Everything that would make a client refuse it is found
 * here rather than in the client. @throws ServerError `certificate`
 */
export function configuredIdentity(
  certificateFile: string,
  keyFile: string,
  publicHost: string,
  nowMs: number,
): ServerIdentity {
  const certificateText = readText('tls_cert_file', certificateFile);
  const keyText = readText('tls_key_file', keyFile);
  const certificate = parseCertificate(certificateFile, certificateText);
  if (!certificate.checkPrivateKey(parseKey(keyFile, keyText))) {
    throw refuse(
      `tls_key_file: ${keyFile} is not the key of ${certificateFile}`,
      'give the two files that belong together',
    );
  }
  const notAfterMs = certificate.validToDate.getTime();
  if (notAfterMs <= nowMs) {
    throw refuse(`tls_cert_file: ${certificateFile} ended on ${certificate.validTo}`, 'renew it');
  }
  const notBeforeMs = certificate.validFromDate.getTime();
  if (notBeforeMs > nowMs) {
    throw refuse(
      `tls_cert_file: ${certificateFile} is not valid before ${certificate.validFrom}`,
      "check this machine's clock, or wait",
    );
  }
  if (!coversName(certificate, publicHost)) {
    throw refuse(
      `tls_cert_file: ${certificateFile} does not name ${publicHost}`,
      'set public_host to a name in the certificate, or have one made for this host',
    );
  }
  return { certificate: certificateText, key: keyText, authorityFile: undefined, notBeforeMs, notAfterMs, made: [] };
}

const refuse = (message: string, remedy: string): ServerError => new ServerError('certificate', message, remedy);

function readText(field: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw refuse(`${field}: ${path} cannot be read (${reason})`, 'correct the path or its permissions');
  }
}

function parseCertificate(path: string, text: string): X509Certificate {
  try {
    return new X509Certificate(text);
  } catch {
    throw refuse(`tls_cert_file: ${path} holds no PEM certificate`, 'give a file that begins with BEGIN CERTIFICATE');
  }
}

function parseKey(path: string, text: string): KeyObject {
  try {
    return createPrivateKey(text);
  } catch {
    throw refuse(`tls_key_file: ${path} holds no usable private key`, 'give an unencrypted PEM key (PKCS #8)');
  }
}
