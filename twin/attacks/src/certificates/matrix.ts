import type { TlsOptions } from 'node:tls';
import { alter, CLIENT_AUTH, type Forged, forge, SERVER_AUTH } from './forge.ts';

/** What a hostile server shows to a client that trusts `ca` and looks for `name`. */
export interface Shown {
  readonly options: TlsOptions;
  readonly ca: string;
  /** The name that the client looks for, when the row needs one of its own. */
  readonly name?: string;
  /** Set in the environment meanwhile. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** One row of the matrix. */
export interface Row {
  readonly title: string;
  show(name: string, world: World): Promise<Shown>;
}

/** The true authority, and what an attacker could have of it. */
export interface World {
  readonly authority: Forged;
  /** A certificate that the authority did issue, for somebody else's name. */
  readonly elsewhere: Forged;
}

export async function createWorld(): Promise<World> {
  const authority = await forge({ subject: 'True authority', authority: true });
  return {
    authority,
    elsewhere: await forge({
      subject: 'elsewhere',
      names: ['elsewhere.example'],
      issuer: authority,
      uses: [SERVER_AUTH],
    }),
  };
}

/** What honest servers show: every client must take them, else the rows below show nothing. */
export const honest: readonly Row[] = [
  row('the true server', (name, { authority }) => ({ leaf: { names: [name], issuer: authority } })),
  row('the true server, its name not the first', (name, { authority }) => ({
    leaf: { names: ['elsewhere.example', '192.0.2.1', name], issuer: authority },
  })),
  row('the true server below an intermediate that is sent', async (name, { authority }) => {
    const issuer = await forge({ subject: 'Intermediate', authority: 0, issuer: authority, permitted: [name] });
    return { leaf: { names: [name], issuer }, sent: [issuer] };
  }),
];

const OLD = { ciphers: 'ALL:@SECLEVEL=0' };

/** Every way in which a server is not the one that it should be, or speaks as nobody should. */
export const rows: readonly Row[] = [
  row('expired', (name, { authority }) => ({ leaf: { names: [name], issuer: authority, fromDays: -90, toDays: -1 } })),
  row('not yet valid', (name, { authority }) => ({ leaf: { names: [name], issuer: authority, fromDays: 1 } })),
  row('for another name', (_name, { elsewhere }) => ({ shown: elsewhere })),
  row('wildcard for everything', (_name, { authority }) => ({ leaf: { names: ['*'], issuer: authority } })),
  row('wildcards in the wrong place', (name, { authority }) => ({
    leaf: { names: wildcards(name), issuer: authority },
  })),
  row('name in the common name alone', (name, { authority }) => ({ leaf: { subject: name, issuer: authority } })),
  row('null octet in the name', (name, { authority }) => ({
    leaf: { names: [`${name}\0.evil.example`], issuer: authority },
  })),
  row('address as a DNS name', (_name, { authority }) => ({
    leaf: { names: [], issuer: authority },
    name: '127.0.0.1',
    dns: '127.0.0.1',
  })),
  row('address for a host name', (_name, { authority }) => ({ leaf: { names: ['127.0.0.1'], issuer: authority } })),
  row('signed by itself', (name) => ({ leaf: { names: [name] } })),
  row('by an unknown authority', async (name) => {
    const issuer = await forge({ subject: 'Unknown authority', authority: true });
    return { leaf: { names: [name], issuer }, sent: [issuer] };
  }),
  row(
    'by an authority of the same name with another key (swapped after the first use)',
    async (name, { authority }) => {
      const issuer = await forge({ subject: authority.subject, authority: true });
      return { leaf: { names: [name], issuer }, sent: [issuer] };
    },
  ),
  row('by a server certificate that is no authority', (name, { elsewhere }) => ({
    leaf: { names: [name], issuer: elsewhere },
    sent: [elsewhere],
  })),
  row('beyond the permitted length of a chain', async (name, { authority }) => {
    const last = await forge({ subject: 'Last authority', authority: 0, issuer: authority });
    const further = await forge({ subject: 'One too many', authority: true, issuer: last });
    return { leaf: { names: [name], issuer: further }, sent: [further, last] };
  }),
  row('against the name constraints of its authority', async (name, { authority }) => {
    const issuer = await forge({ subject: 'Bounded', authority: 0, issuer: authority, permitted: ['other.example'] });
    return { leaf: { names: [name], issuer }, sent: [issuer] };
  }),
  row('below an expired intermediate', async (name, { authority }) => {
    const issuer = await forge({ subject: 'Old', authority: 0, issuer: authority, fromDays: -90, toDays: -1 });
    return { leaf: { names: [name], issuer }, sent: [issuer] };
  }),
  row('chain incomplete', async (name, { authority }) => {
    const issuer = await forge({ subject: 'Not sent', authority: 0, issuer: authority });
    return { leaf: { names: [name], issuer } };
  }),
  row("for clients alone (a gateway's certificate shown as a server's)", (name, { authority }) => ({
    leaf: { names: [name], issuer: authority, uses: [CLIENT_AUTH] },
  })),
  row('with a critical extension that nobody knows', (name, { authority }) => ({
    leaf: { names: [name], issuer: authority, unknownCritical: true },
  })),
  row('altered after it was signed', async (name, { authority }) => {
    const other = 'x'.repeat(name.length);
    return { shown: alter(await forge({ subject: 'altered', names: [other], issuer: authority }), other, name) };
  }),
  row('RSA key of 1024 bits', (name, { authority }) => ({
    leaf: { names: [name], issuer: authority, key: 'RSA 1024' },
  })),
  row('signed with SHA-1', (name, { authority }) => ({ leaf: { names: [name], issuer: authority, hash: 'SHA-1' } })),
  ...(['TLSv1', 'TLSv1.1'] as const).map((version) =>
    row(`true certificate, but ${version} alone`, (name, { authority }) => ({
      leaf: { names: [name], issuer: authority },
      tls: { ...OLD, minVersion: version, maxVersion: version },
    })),
  ),
  row('anonymous suites: no certificate at all', (name, { authority }) => ({
    leaf: { names: [name], issuer: authority },
    tls: { ciphers: 'aNULL:@SECLEVEL=0', maxVersion: 'TLSv1.2', dhparam: 'auto' },
  })),
  row("true certificate, but the server's static key: no forward secrecy", (name, { authority }) => ({
    leaf: { names: [name], issuer: authority, key: 'RSA 2048' },
    tls: { ciphers: 'kRSA:@SECLEVEL=0', maxVersion: 'TLSv1.2' },
  })),
  row('true certificate, but a CBC suite', (name, { authority }) => ({
    leaf: { names: [name], issuer: authority },
    tls: { ciphers: 'ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0', maxVersion: 'TLSv1.2' },
  })),
  row('by an unknown authority, with NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment', async (name) => ({
    leaf: { names: [name] },
    environment: { NODE_TLS_REJECT_UNAUTHORIZED: '0' },
  })),
];

interface Plan {
  readonly leaf?: Partial<Parameters<typeof forge>[0]>;
  /** Shown in place of a leaf that is made. */
  readonly shown?: Forged;
  /** Sent after the leaf. */
  readonly sent?: readonly Forged[];
  readonly tls?: TlsOptions;
  readonly name?: string;
  /** A DNS name that looks like an address. */
  readonly dns?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

function row(title: string, plan: (name: string, world: World) => Plan | Promise<Plan>): Row {
  return {
    title,
    async show(name, world) {
      const { leaf, shown, sent = [], tls = {}, dns, environment, ...more } = await plan(name, world);
      const uses = leaf?.uses ?? [SERVER_AUTH];
      const made =
        shown ?? (await forge({ subject: 'server', ...leaf, uses, ...(dns === undefined ? {} : { dnsNames: [dns] }) }));
      return {
        options: { ...tls, key: made.key, cert: [made, ...sent].map(({ pem }) => pem).join('') },
        ca: world.authority.pem,
        ...(more.name === undefined ? {} : { name: more.name }),
        ...(environment === undefined ? {} : { environment }),
      };
    },
  };
}

/** `*.example` for `door.hotel.example` and the like: each stands for more than one label, or for a part inside. */
function wildcards(name: string): string[] {
  const labels = name.split('.');
  const top = labels.at(-1) ?? '';
  return labels.length > 2
    ? [`*.${top}`, `*.*.${top}`, `${labels[0]}.*.${top}`, `**.${labels.slice(1).join('.')}`]
    : [`*.${name}`, `*${name.slice(1)}`, `${name.slice(0, 3)}*`];
}
