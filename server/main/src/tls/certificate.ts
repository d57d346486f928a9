import 'reflect-metadata';
import { type KeyObject, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import { AsnConvert, AsnUtf8StringConverter } from '@peculiar/asn1-schema';
import {
  GeneralName,
  GeneralSubtree,
  GeneralSubtrees,
  id_ce_nameConstraints,
  id_ce_subjectAltName,
  NameConstraints,
  OtherName,
  SubjectAlternativeName,
} from '@peculiar/asn1-x509';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  Extension,
  type JsonGeneralName,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** What an X.509 version 3 certificate (RFC 5280) of the local authority says. */
export interface CertificateContent {
  readonly subject: string;
  /** P-256. */
  readonly subjectKey: KeyObject;
  readonly issuer: string;
  /** P-256. */
  readonly issuerKey: KeyObject;
  readonly issuerPublicKey: KeyObject;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /**
   * The authority's own certificate, or one for a TLS server, `names` being host names and addresses; the gateways'
   * authority, which has no names; or one for a gateway, its name being the bare XMPP address.
   */
  readonly use: 'authority' | 'server' | 'gateways' | 'gateway';
  /** For a server its subject alternative names; for an authority all that it may ever sign (name constraints). */
  readonly names: readonly string[];
}

/** id-on-xmppAddr (RFC 6120 13.7.1.4). */
const ID_ON_XMPP_ADDR = '1.3.6.1.5.5.7.8.5';
const ECDSA_P256 = { name: 'ECDSA', namedCurve: 'P-256' };

/** A PEM certificate, signed with ECDSA and SHA-256 by the issuer's P-256 key. */
export async function issueCertificate(content: CertificateContent): Promise<string> {
  const subjectKey = content.subjectKey.toCryptoKey(ECDSA_P256, true, ['verify']);
  const issuerKey = content.issuerPublicKey.toCryptoKey(ECDSA_P256, true, ['verify']);
  const certificate = await X509CertificateGenerator.create(
    {
      subject: [{ CN: [content.subject] }],
      issuer: [{ CN: [content.issuer] }],
      notBefore: new Date(content.notBeforeMs),
      notAfter: new Date(content.notAfterMs),
      publicKey: subjectKey,
      signingKey: content.issuerKey.toCryptoKey(ECDSA_P256, false, ['sign']),
      signingAlgorithm: { ...ECDSA_P256, hash: 'SHA-256' },
      extensions: [
        ...EXTENSIONS[content.use](content.names),
        await SubjectKeyIdentifierExtension.create(subjectKey, false, webcrypto),
        await AuthorityKeyIdentifierExtension.create(issuerKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return `${certificate.toString('pem')}\n`;
}

/** An authority with none below it, which may sign for `names` alone. */
function authorityExtensions(names: readonly string[]): Extension[] {
  return [
    new BasicConstraintsExtension(true, 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
    new Extension(id_ce_nameConstraints, true, AsnConvert.serialize(permitted(names))),
  ];
}

function serverExtensions(names: readonly string[]): Extension[] {
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
    new SubjectAlternativeNameExtension(
      names.map((value): JsonGeneralName => ({ type: isIP(value) === 0 ? 'dns' : 'ip', value })),
    ),
  ];
}

/** An authority that signs for gateways alone: nothing of it is a name of a host. */
function gatewaysExtensions(): Extension[] {
  return [
    new BasicConstraintsExtension(true, 0, true),
    new KeyUsagesExtension(KeyUsageFlags.keyCertSign, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
  ];
}

/** A client of XMPP: its address as an XmppAddr (RFC 6120 13.7.1.4), and no other name. */
function gatewayExtensions(names: readonly string[]): Extension[] {
  const addresses = names.map((name) => {
    const value = AsnUtf8StringConverter.toASN(name).toBER();
    return new GeneralName({ otherName: new OtherName({ typeId: ID_ON_XMPP_ADDR, value }) });
  });
  return [
    new BasicConstraintsExtension(false, undefined, true),
    new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
    new ExtendedKeyUsageExtension([ExtendedKeyUsage.clientAuth]),
    new Extension(id_ce_subjectAltName, true, AsnConvert.serialize(new SubjectAlternativeName(addresses))),
  ];
}

const EXTENSIONS: Readonly<Record<CertificateContent['use'], (names: readonly string[]) => Extension[]>> = {
  authority: authorityExtensions,
  server: serverExtensions,
  gateways: gatewaysExtensions,
  gateway: gatewayExtensions,
};

/** In name constraints an address carries its mask: here that of one single host (RFC 5280, 4.2.1.10). */
function permitted(names: readonly string[]): NameConstraints {
  const bases = names.map((one) => {
    switch (isIP(one)) {
      case 4:
        return new GeneralName({ iPAddress: `${one}/32` });
      case 6:
        return new GeneralName({ iPAddress: `${one}/128` });
      default:
        return new GeneralName({ dNSName: one });
    }
  });
  return new NameConstraints({
    permittedSubtrees: new GeneralSubtrees(bases.map((base) => new GeneralSubtree({ base }))),
  });
}
