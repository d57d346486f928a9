import { isIP } from 'node:net';
import { checkServerName } from '@cardea/kit-node';
import type { Finding } from '../finding.ts';
import { plain } from '../output/table.ts';
import type { CertificateFacts } from './certificate.ts';
import type { TlsReport } from './examine.ts';

const HARDEN = 'take off old versions and suites where TLS ends (the server itself speaks none of them)';

/** What a person should know of a report, each thing with its remedy. */
export function findingsOf(report: TlsReport): readonly Finding[] {
  const { usual, target } = report;
  if (usual.kind !== 'agreed') {
    return [
      {
        state: 'fail',
        check: 'handshake',
        detail: `no TLS at ${target.host}:${target.port} (${plain(usual.reason)})`,
        remedy:
          usual.reason === 'ECONNREFUSED'
            ? `start what should listen there, or correct the address${target.alpn[0] === 'xmpp-client' ? ': --xmpp HOST:PORT' : ''}`
            : 'check that TLS is spoken on this port, and that nothing between ends it',
      },
    ];
  }
  const [leaf] = report.certificates;
  return [
    {
      state: 'ok',
      check: 'handshake',
      detail: `${usual.version}, ${usual.suite}${usual.group === undefined ? '' : `, ${usual.group}`}, ${Math.round(usual.roundTripMs)} ms`,
    },
    ...identityFindings(report),
    ...(leaf === undefined ? [] : [...strength(report.certificates), revocation(leaf, usual.stapledOctets)]),
    ...versions(report),
    weak(report),
    renegotiation(report),
    ...hsts(report),
    ...clear(report),
  ];
}

/** Whether whoever answers is the server that was looked for: its chain, its name and its dates. */
export function identityFindings(report: Pick<TlsReport, 'target' | 'usual' | 'certificates'>): readonly Finding[] {
  const [leaf] = report.certificates;
  if (report.usual.kind !== 'agreed' || leaf === undefined) return [];
  return [trust(report, report.usual.distrusted), names(report, leaf), dates(leaf)];
}

/** Worst first: what the whole is. */
export function verdictOf(findings: readonly Finding[]): Finding['state'] {
  const has = (state: Finding['state']): boolean => findings.some((one) => one.state === state);
  return has('fail') ? 'fail' : has('warn') ? 'warn' : 'ok';
}

const REMEDIES: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'renew it',
  CERT_NOT_YET_VALID: "check both machines' clocks",
  DEPTH_ZERO_SELF_SIGNED_CERT: 'have it issued by an authority, or hand that authority over: --ca-file FILE',
  SELF_SIGNED_CERT_IN_CHAIN: "hand over the server's authority: --ca-file FILE (on the server: cardea trust)",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "hand over the server's authority: --ca-file FILE (on the server: cardea trust)",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    'send the intermediate certificates too: the file holds the leaf alone, or give --ca-file FILE',
  UNSPECIFIED: 'see key and signature: OpenSSL takes no weak ones',
  PERMITTED_VIOLATION: 'the authority may not sign for this name: have it issued anew',
};

function trust(
  { certificates, target }: Pick<TlsReport, 'target' | 'certificates'>,
  distrusted: string | undefined,
): Finding {
  const by = target.ca === undefined ? 'the authorities that this system knows' : 'the given authority alone';
  return distrusted === undefined
    ? { state: 'ok', check: 'chain', detail: `${certificates.length} certificates, trusted by ${by}` }
    : {
        state: 'fail',
        check: 'chain',
        detail: `not trusted by ${by} (${plain(distrusted)})`,
        remedy: REMEDIES[distrusted] ?? 'have it issued anew',
      };
}

function names({ target }: Pick<TlsReport, 'target'>, leaf: CertificateFacts): Finding {
  const wrong = checkServerName(target.name, { subjectaltname: leaf.names.join(', ') });
  const listed = leaf.names.map(plain).join(', ');
  return wrong === undefined
    ? { state: 'ok', check: 'name', detail: `${target.name} is among ${listed}` }
    : {
        state: 'fail',
        check: 'name',
        detail: `${target.name} is not among ${listed === '' ? 'its names (it has none)' : listed}`,
        remedy: 'use a name of the certificate, or have one made for this name',
      };
}

function dates({ not_before, not_after, days_left }: CertificateFacts): Finding {
  const lifeDays = (Date.parse(not_after) - Date.parse(not_before)) / 86_400_000;
  const detail = `until ${not_after}, ${days_left} days left of ${Math.round(lifeDays)}`;
  if (days_left < 0) return { state: 'fail', check: 'dates', detail: `it ended: ${detail}`, remedy: 'renew it' };
  // A renewal comes after two thirds of a life: with a quarter left it has been failing for a while.
  if (days_left < lifeDays / 4 && days_left < 30) {
    return {
      state: 'warn',
      check: 'dates',
      detail,
      remedy: 'see why it is not renewed: cardea events --type alarm.certificate_not_renewed',
    };
  }
  return { state: 'ok', check: 'dates', detail };
}

function strength(certificates: readonly CertificateFacts[]): Finding[] {
  const findings: Finding[] = [];
  const [leaf] = certificates;
  if (leaf !== undefined)
    findings.push({ state: 'ok', check: 'key', detail: `${leaf.key}, signed with ${leaf.signature}` });
  const remedy = 'have it issued anew with EC P-256 or RSA 2048 and SHA-256';
  for (const one of certificates) {
    const weakKey = one.key_bits !== null && one.key_bits < (one.key.startsWith('EC') ? 224 : 2048);
    if (weakKey)
      findings.push({ state: 'fail', check: 'key', detail: `${plain(one.subject)}: ${one.key} is too short`, remedy });
    // What a root says of itself counts for nothing: it is trusted because it is known.
    const root = one.subject === one.issuer && one !== leaf;
    if (!root && /sha1|md5|md2/i.test(one.signature)) {
      findings.push({ state: 'fail', check: 'signature', detail: `${plain(one.subject)}: ${one.signature}`, remedy });
    }
  }
  return findings.some(({ state, check }) => state === 'fail' && check === 'key')
    ? findings.filter(({ state }) => state === 'fail')
    : findings;
}

function revocation(leaf: CertificateFacts, stapledOctets: number): Finding {
  const told = [
    ...leaf.ocsp.map((url) => `OCSP ${plain(url)}`),
    ...leaf.revocation_lists.map((url) => `list ${plain(url)}`),
    ...(stapledOctets > 0 ? ['an OCSP answer comes with it'] : []),
  ];
  return {
    state: 'ok',
    check: 'revocation',
    detail: told.length === 0 ? 'told nowhere: it is good until it ends' : told.join(', '),
  };
}

function versions({ versions: tried }: TlsReport): Finding[] {
  const accepted = tried.filter(({ outcome }) => outcome.kind === 'agreed').map(({ version }) => version);
  const unknown = tried.filter(({ outcome }) => outcome.kind === 'not_tried').map(({ version }) => version);
  const old = accepted.filter((version) => version === 'TLSv1' || version === 'TLSv1.1');
  const note = unknown.length === 0 ? '' : ` (not tried, this machine cannot: ${unknown.join(', ')})`;
  if (old.length > 0) {
    return [{ state: 'fail', check: 'versions', detail: `${accepted.join(', ')} accepted${note}`, remedy: HARDEN }];
  }
  return accepted.includes('TLSv1.3')
    ? [{ state: 'ok', check: 'versions', detail: `${accepted.join(', ')} accepted, older ones refused${note}` }]
    : [
        {
          state: 'warn',
          check: 'versions',
          detail: `TLSv1.3 is not accepted${note}`,
          remedy: 'switch it on where TLS ends',
        },
      ];
}

function weak({ weak: tried }: TlsReport): Finding {
  const accepted = tried.filter(({ outcome }) => outcome.kind === 'agreed').map(({ kind }) => kind);
  const unknown = tried.filter(({ outcome }) => outcome.kind === 'not_tried').map(({ kind }) => kind);
  const note = unknown.length === 0 ? '' : `; not tried, this machine knows none: ${unknown.join(', ')}`;
  if (accepted.length === 0) {
    return {
      state: 'ok',
      check: 'suites',
      detail: `${tried.length - unknown.length} weak kinds tried, none accepted${note}`,
    };
  }
  const broken = accepted.some((kind) => !kind.startsWith('CBC') && !kind.startsWith("server's"));
  return {
    state: broken ? 'fail' : 'warn',
    check: 'suites',
    detail: `weak ones are accepted: ${accepted.join(', ')}${note}`,
    remedy: HARDEN,
  };
}

function renegotiation({ renegotiates }: TlsReport): Finding {
  return renegotiates === true
    ? { state: 'warn', check: 'renegotiation', detail: 'a client may begin it, again and again', remedy: HARDEN }
    : { state: 'ok', check: 'renegotiation', detail: renegotiates === undefined ? 'TLS 1.2 is not spoken' : 'refused' };
}

function hsts({ strictTransport, target }: TlsReport): Finding[] {
  if (strictTransport === undefined) return [];
  const check = 'HSTS';
  if (strictTransport !== null) return [{ state: 'ok', check, detail: plain(strictTransport) }];
  return isIP(target.name) !== 0 || target.name === 'localhost' || !target.name.includes('.')
    ? [{ state: 'ok', check, detail: 'not sent, and not wanted for a name of this machine' }]
    : [{ state: 'warn', check, detail: 'not sent', remedy: 'set public_url on the server' }];
}

function clear({ target, clear: offer }: TlsReport): Finding[] {
  if (target.begins !== 'starttls') return [];
  if (offer === undefined) return [{ state: 'warn', check: 'before TLS', detail: 'a second stream was not answered' }];
  if (offer.mechanisms.length > 0) {
    return [
      {
        state: 'fail',
        check: 'before TLS',
        detail: `signing in is offered in the clear: ${offer.mechanisms.join(', ')}`,
        remedy: 'let the server offer STARTTLS alone',
      },
    ];
  }
  return offer.startTls === 'required'
    ? [{ state: 'ok', check: 'before TLS', detail: 'STARTTLS is required, nothing else is offered' }]
    : [{ state: 'warn', check: 'before TLS', detail: 'STARTTLS is offered, not required', remedy: 'make it required' }];
}
