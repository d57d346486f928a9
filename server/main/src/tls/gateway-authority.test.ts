import { createPublicKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enrolmentProof } from '@cardea/wire-route';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { verifiedAddress } from '../../../xmpp/src/client-certificate.ts';
import { type CertificateContent, issueCertificate } from './certificate.ts';
import { openGatewayAuthority } from './gateway-authority.ts';

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 5, 1);
const now = () => NOW;
let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cardea-gateways-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const pair = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pointOf = (key: ReturnType<typeof pair>['publicKey']) =>
  new Uint8Array(key.export({ format: 'der', type: 'spki' }).subarray(-65));

describe('the gateways’ authority', () => {
  it('issues a certificate that names the address and nothing else, for the key that was given', async () => {
    const authority = await openGatewayAuthority(folder, now);
    const { publicKey } = pair();
    const issued = new X509Certificate(await authority.issue('gw_1@ras.example', pointOf(publicKey)));
    expect(verifiedAddress(issued, new X509Certificate(authority.certificate), NOW)).toBe('gw_1@ras.example');
    expect(issued.publicKey.equals(publicKey)).toBe(true);
    expect(issued.subjectAltName).toBe('othername:XmppAddr:gw_1@ras.example');
    expect(issued.subject).not.toContain('gw_1');
  });

  it('is the same at a second start; its key is readable by this user alone', async () => {
    const first = await openGatewayAuthority(folder, now);
    expect((await openGatewayAuthority(folder, now)).certificate).toBe(first.certificate);
    expect(statSync(join(folder, 'gateways.key')).mode & 0o777).toBe(0o600);
  });

  it('is made anew near its end, and refuses to start on damaged files rather than make new ones', async () => {
    const first = await openGatewayAuthority(folder, now);
    const later = await openGatewayAuthority(folder, () => NOW + 3640 * DAY_MS);
    expect(later.certificate).not.toBe(first.certificate);
    writeFileSync(join(folder, 'gateways.key'), 'damaged');
    await expect(openGatewayAuthority(folder, now)).rejects.toMatchObject({ code: 'certificate' });
  });

  it('a proof is of this key and this token', async () => {
    const authority = await openGatewayAuthority(folder, now);
    const { publicKey, privateKey } = pair();
    const prove = (message: Uint8Array, key = privateKey) =>
      new Uint8Array(sign('sha256', message, { key, dsaEncoding: 'ieee-p1363' }));
    const point = pointOf(publicKey);
    expect(authority.isProved('token', point, prove(enrolmentProof('token')))).toBe(true);
    expect(authority.isProved('other', point, prove(enrolmentProof('token')))).toBe(false);
    expect(authority.isProved('token', point, prove(enrolmentProof('token'), pair().privateKey))).toBe(false);
    expect(authority.isProved('token', new Uint8Array(65).fill(4), prove(enrolmentProof('token')))).toBe(false);
    expect(authority.isProved('token', point, new Uint8Array(0))).toBe(false);
  });
});

describe('a certificate that does not count', () => {
  /** What a rogue holder of that authority's key, or another authority, could make. */
  const made = async (change: Partial<CertificateContent>) => {
    const authority = await openGatewayAuthority(folder, now);
    const key = readFileSync(join(folder, 'gateways.key'), 'utf8');
    const issuerKey = (await import('node:crypto')).createPrivateKey(key);
    const content: CertificateContent = {
      subject: 'Cardea gateway',
      subjectKey: pair().publicKey,
      issuer: 'Cardea gateways',
      issuerKey,
      issuerPublicKey: createPublicKey(issuerKey),
      notBeforeMs: NOW - DAY_MS,
      notAfterMs: NOW + DAY_MS,
      use: 'gateway',
      names: ['gw_1@ras.example'],
      ...change,
    };
    const certificate = new X509Certificate(await issueCertificate(content));
    return verifiedAddress(certificate, new X509Certificate(authority.certificate), NOW);
  };

  it('control: one like it counts', async () => {
    expect(await made({})).toBe('gw_1@ras.example');
  });

  it.each<[string, () => Partial<CertificateContent>]>([
    ['has ended', () => ({ notAfterMs: NOW })],
    ['is not valid yet', () => ({ notBeforeMs: NOW + 1000 })],
    ['names two addresses', () => ({ names: ['gw_1@ras.example', 'gw_2@ras.example'] })],
    ['names none', () => ({ names: [] })],
    ['names a resource', () => ({ names: ['gw_1@ras.example/bgw'] })],
    ['names something else in an address’s clothes', () => ({ names: ['gw_1@ras.example, DNS:x'] })],
    ['is a server’s', () => ({ use: 'server', names: ['ras.example'] })],
    ['is an authority of its own', () => ({ use: 'gateways', names: [] })],
    [
      'comes from another authority of the same name',
      () => {
        const other = pair();
        return { issuerKey: other.privateKey, issuerPublicKey: other.publicKey };
      },
    ],
    ['comes from an authority of another name', () => ({ issuer: 'Cardea local authority' })],
  ])('%s', async (_name, change) => {
    expect(await made(change())).toBeUndefined();
  });
});
