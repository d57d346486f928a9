/** For whom the service runs: the machine (its own passing user) or the person who installs it. */
export type ServiceScope = 'system' | 'user';

/** What a unit is made of. */
export interface ServiceUnit {
  readonly scope: ServiceScope;
  /** Absolute path of Node. */
  readonly node: string;
  /** Absolute path of `cardea.mjs`. */
  readonly program: string;
  /** Folder of the installation: the only part of a home that the service may see, where it lies in one. */
  readonly installation: string;
  /** Data folder of a user's service; a system's is /var/lib/cardea, which systemd makes. */
  readonly dataDir: string | undefined;
  /** Arguments after `cardea server --data DIR`. */
  readonly args: readonly string[];
  /** A port below 1024 is listened on. */
  readonly lowPorts: boolean;
}

/** Name of the unit. */
export const UNIT_NAME = 'cardea.service';

/** Folders that `ProtectHome` hides. */
const HOMES = ['/home/', '/root/', '/run/user/'];

/**
 * The systemd unit of the server (RAS). A system's runs under a user that exists while it runs, sees the system read-only
 * and writes to its own folder alone. `MemoryDenyWriteExecute` is left out: the engine compiles what it runs.
 */
export function serviceUnit(unit: ServiceUnit): string {
  const { scope, node, program, args } = unit;
  const dataDir = scope === 'system' ? '/var/lib/cardea' : (unit.dataDir ?? '%S/cardea');
  const command = [node, program, 'server', '--data', dataDir, ...args].map(quoted).join(' ');
  const sections: readonly (readonly [string, readonly string[]])[] = [
    [
      'Unit',
      [
        'Description=Cardea remote access server',
        ...(scope === 'system' ? ['Wants=network-online.target', 'After=network-online.target'] : []),
        'StartLimitIntervalSec=10min',
        'StartLimitBurst=20',
      ],
    ],
    [
      'Service',
      [
        'Type=exec',
        `ExecStart=${command}`,
        'ExecReload=kill -HUP $MAINPID',
        'Environment=NODE_ENV=production',
        'Restart=on-failure',
        'RestartSec=1',
        // A server that is asked to end closes its record and answers what is under way.
        'TimeoutStopSec=20',
        'KillMode=mixed',
        'LimitNOFILE=65536',
        'LimitCORE=0',
        'UMask=0077',
        ...(scope === 'system' ? systemOnly(unit) : []),
        ...hardening(unit),
      ],
    ],
    ['Install', [scope === 'system' ? 'WantedBy=multi-user.target' : 'WantedBy=default.target']],
  ];
  return sections.map(([name, lines]) => `[${name}]\n${lines.join('\n')}\n`).join('\n');
}

function systemOnly({ installation, node, lowPorts }: ServiceUnit): readonly string[] {
  const inHome = [installation, node].filter((path) => HOMES.some((home) => path.startsWith(home)));
  return [
    'DynamicUser=yes',
    'StateDirectory=cardea',
    'StateDirectoryMode=0700',
    // A program that lives in somebody's home is all that is seen of it.
    ...(inHome.length === 0
      ? ['ProtectHome=yes']
      : ['ProtectHome=tmpfs', `BindReadOnlyPaths=${inHome.map(escaped).join(' ')}`]),
    'PrivateDevices=yes',
    'DevicePolicy=closed',
    // A right to low ports would count in the service's own user namespace only.
    ...(lowPorts ? [] : ['PrivateUsers=yes']),
    'ProtectProc=invisible',
    'ProcSubset=pid',
    'ProtectClock=yes',
    'ProtectHostname=yes',
    'ProtectKernelLogs=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelTunables=yes',
    'ProtectControlGroups=yes',
    'PrivateTmp=yes',
    'ProtectSystem=strict',
    'RemoveIPC=yes',
  ];
}

/** What needs no privilege to be given up, and so holds for a user's service as well. */
function hardening({ scope, lowPorts }: ServiceUnit): readonly string[] {
  const ports = scope === 'system' && lowPorts;
  return [
    ...(scope === 'system'
      ? [
          `CapabilityBoundingSet=${ports ? 'CAP_NET_BIND_SERVICE' : ''}`,
          `AmbientCapabilities=${ports ? 'CAP_NET_BIND_SERVICE' : ''}`,
        ]
      : []),
    'NoNewPrivileges=yes',
    'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'LockPersonality=yes',
    'SystemCallArchitectures=native',
    'SystemCallFilter=@system-service',
    'SystemCallFilter=~@privileged @resources',
    'SystemCallErrorNumber=EPERM',
  ];
}

/** An argument of ExecStart: systemd takes quotes, backslashes, `%` and `$` apart. */
function quoted(argument: string): string {
  if (/^%S\/[\w/]+$/.test(argument)) return argument;
  const doubled = argument.replace(/%/g, '%%').replace(/\$/g, '$$$$');
  return /^[\w@:./=-]+$/.test(argument) ? argument : `"${doubled.replace(/(["\\])/g, '\\$1')}"`;
}

const escaped = (path: string): string => path.replace(/%/g, '%%').replace(/ /g, '\\x20');
