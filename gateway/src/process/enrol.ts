import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { request } from 'node:https';
import type { ConnectionOptions } from 'node:tls';
import { LOCAL_AUTHORITY_ALPN, TLS_CLIENT, trustedAuthorities } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import { enrolmentProof } from '@cardea/wire-route';
import { GatewayError } from '../errors.ts';
import type { Credentials } from './credentials.ts';

const ANSWER_WITHIN_MS = 15_000;
const ANSWER_MOST_OCTETS = 64 * 1024;

/** Octets of an uncompressed P-256 point, the last of its SubjectPublicKeyInfo. */
const POINT_OCTETS = 65;

/**
 * Enrols with a one-time token: `POST /v1/gateway-enrolments` over HTTPS. With `ca` (PEM) that authority only is trusted.
 * The key of the gateway's certificate is made here and stays here.
 * @throws GatewayError `enrolment_unreachable`, `enrolment_refused`
 */
export async function enrol(serverUrl: string, ca: string | undefined, token: Secret<string>): Promise<Credentials> {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const point = publicKey.export({ format: 'der', type: 'spki' }).subarray(-POINT_OCTETS);
  const proof = sign('sha256', enrolmentProof(token.reveal()), { key: privateKey, dsaEncoding: 'ieee-p1363' });
  const { status, text } = await post(
    new URL('/v1/gateway-enrolments', serverUrl),
    ca,
    JSON.stringify({
      token: token.reveal(),
      public_key: point.toString('base64'),
      proof: proof.toString('base64'),
    }),
  );
  const body = parse(text);
  if (status < 200 || status > 299) {
    const title = typeof body.title === 'string' ? body.title : `status ${status}`;
    throw new GatewayError('enrolment_refused', `${title}; make a new token with: cardea gateway add`);
  }
  const { gateway_id: gatewayId, password, certificate } = body;
  const xmpp = typeof body.xmpp === 'object' && body.xmpp !== null ? (body.xmpp as Record<string, unknown>) : {};
  const { host, port, domain } = xmpp;
  if (
    typeof gatewayId !== 'string' ||
    typeof password !== 'string' ||
    typeof host !== 'string' ||
    typeof port !== 'number' ||
    typeof domain !== 'string'
  ) {
    throw new GatewayError('enrolment_refused', `${serverUrl}: its answer is not an enrolment`);
  }
  return {
    gatewayId,
    password: new Secret(password),
    xmpp: { host, port, domain },
    tokenHash: hashToken(token),
    ca,
    channelBinding: false,
    ...(typeof certificate !== 'string'
      ? {}
      : { certificate, key: new Secret(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()) }),
  };
}

/** SHA-256 of a token in hex. */
export function hashToken(token: Secret<string>): string {
  return createHash('sha256').update(token.reveal()).digest('hex');
}

function parse(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** Without an authority of its own it trusts those that the system knows: then a name is what is proved. */
const trusting = (ca: string | undefined): ConnectionOptions => ({
  ...TLS_CLIENT,
  ca: trustedAuthorities(ca),
  ALPNProtocols: ['http/1.1', ...(ca === undefined ? [] : [LOCAL_AUTHORITY_ALPN])],
});

function post(url: URL, ca: string | undefined, body: string): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const unreachable = (why: string): void =>
      reject(new GatewayError('enrolment_unreachable', `${url.origin}: ${why}; check the server's URL and CA file`));
    if (url.protocol !== 'https:') return unreachable('must be https');
    const asked = request(
      url,
      {
        method: 'POST',
        ...trusting(ca),
        headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
        signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
      },
      (answer) => {
        const parts: Buffer[] = [];
        let size = 0;
        answer.on('data', (part: Buffer) => {
          size += part.length;
          if (size > ANSWER_MOST_OCTETS) asked.destroy(new Error('its answer is too long'));
          else parts.push(part);
        });
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString('utf8') }),
        );
        answer.on('error', (error) => unreachable(error.message));
      },
    );
    asked.on('error', (error: NodeJS.ErrnoException) => unreachable(error.code ?? error.message));
    asked.end(body);
  });
}
