import 'reflect-metadata';
import { X509Certificate as NodeCertificate, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { AsnConvert, AsnUtf8StringConverter } from '@peculiar/asn1-schema';
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  NameConstraints,
  OtherName,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsageExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** A certificate that an attacker made, or had made, with its key. */
export interface Forged {
  readonly subject: string;
  readonly pem: string;
  readonly key: string;
  readonly keys: { readonly publicKey: webcrypto.CryptoKey; readonly privateKey: webcrypto.CryptoKey };
}

/** What stands in it; what is not said is as it should be. */
export interface Recipe {
  readonly subject: string;
  /** Host names and addresses; `xmpp:` before the address of an XMPP account. */
  readonly names?: readonly string[];
  /** DNS names, whatever they look like. */
  readonly dnsNames?: readonly string[];
  /** Signs itself when left out. */
  readonly issuer?: Forged;
  /** Days from now. */
  readonly fromDays?: number;
  readonly toDays?: number;
  /** An authority; a number bounds how many may follow below it. */
  readonly authority?: boolean | number;
  /** Extended key usages, by object identifier. */
  readonly uses?: readonly string[];
  /** For an authority: the only names below which it may sign. */
  readonly permitted?: readonly string[];
  readonly key?: 'P-256' | 'RSA 1024' | 'RSA 2048';
  readonly hash?: 'SHA-256' | 'SHA-1';
  /** A critical extension that nobody knows. */
  readonly unknownCritical?: boolean;
  readonly keys?: Forged['keys'];
}

export const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
export const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
/** id-on-xmppAddr (RFC 6120, 13.7.1.4). */
const XMPP_ADDR = '1.3.6.1.5.5.7.8.5';
/** An arc for documentation (RFC 5612). */
const UNKNOWN = '1.3.6.1.4.1.32473.38';
const DAY_MS = 86_400_000;

/** Makes it. */
export async function forge(recipe: Recipe): Promise<Forged> {
  const keys = recipe.keys ?? (await newKeys(recipe.key ?? 'P-256'));
  const issuer = recipe.issuer ?? { subject: recipe.subject, keys };
  const signing = issuer.keys.privateKey.algorithm;
  const now = Date.now();
  const certificate = await X509CertificateGenerator.create(
    {
      subject: [{ CN: [recipe.subject] }],
      issuer: [{ CN: [issuer.subject] }],
      notBefore: new Date(now + (recipe.fromDays ?? -1) * DAY_MS),
      notAfter: new Date(now + (recipe.toDays ?? 90) * DAY_MS),
      publicKey: keys.publicKey,
      signingKey: issuer.keys.privateKey,
      signingAlgorithm: { ...signing, hash: recipe.hash ?? 'SHA-256' },
      extensions: extensionsOf(recipe),
    },
    webcrypto,
  );
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  return {
    subject: recipe.subject,
    pem: `${certificate.toString('pem')}\n`,
    key: `-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----\n`,
    keys,
  };
}

/** The same certificate with `from` overwritten by `to` of the same length: what was signed is another text. */
export function alter(forged: Forged, from: string, to: string): Forged {
  const raw = Buffer.from(new NodeCertificate(forged.pem).raw);
  for (let at = raw.indexOf(from); at >= 0; at = raw.indexOf(from, at + 1)) raw.write(to, at, 'latin1');
  const lines = raw.toString('base64').replace(/.{64}/g, '$&\n');
  return { ...forged, pem: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n` };
}

async function newKeys(kind: NonNullable<Recipe['key']>): Promise<Forged['keys']> {
  const use = ['sign', 'verify'] as const;
  return kind === 'P-256'
    ? webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, [...use])
    : webcrypto.subtle.generateKey(
        {
          name: 'RSASSA-PKCS1-v1_5',
          hash: 'SHA-256',
          modulusLength: kind === 'RSA 1024' ? 1024 : 2048,
          publicExponent: new Uint8Array([1, 0, 1]),
        },
        true,
        [...use],
      );
}

function extensionsOf(recipe: Recipe): Extension[] {
  const { authority = false, uses = [], permitted } = recipe;
  const names = [
    ...(recipe.names ?? []).map(generalName),
    ...(recipe.dnsNames ?? []).map((dNSName) => new GeneralName({ dNSName })),
  ];
  const isAuthority = authority !== false;
  return [
    new BasicConstraintsExtension(isAuthority, typeof authority === 'number' ? authority : undefined, true),
    new KeyUsagesExtension(
      isAuthority ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment,
      true,
    ),
    ...(uses.length === 0 ? [] : [new ExtendedKeyUsageExtension([...uses])]),
    ...(names.length === 0
      ? []
      : [new Extension('2.5.29.17', false, AsnConvert.serialize(new SubjectAlternativeName(names)))]),
    ...(permitted === undefined
      ? []
      : [
          new Extension(
            id_ce_nameConstraints,
            true,
            AsnConvert.serialize(
              new NameConstraints({
                permittedSubtrees: new GeneralSubtrees(
                  permitted.map((name) => new GeneralSubtree({ base: new GeneralName({ dNSName: name }) })),
                ),
              }),
            ),
          ),
        ]),
    ...(recipe.unknownCritical === true ? [new Extension(UNKNOWN, true, new Uint8Array([5, 0]))] : []),
  ];
}

function generalName(name: string): GeneralName {
  if (name.startsWith('xmpp:')) {
    const value = AsnUtf8StringConverter.toASN(name.slice('xmpp:'.length)).toBER();
    return new GeneralName({ otherName: new OtherName({ typeId: XMPP_ADDR, value }) });
  }
  return isIP(name) === 0 ? new GeneralName({ dNSName: name }) : new GeneralName({ iPAddress: name });
}
