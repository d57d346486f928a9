import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Attack, resultOf, type Trial } from './attack.ts';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const EXACT_VERSION = /^\d+\.\d+\.\d+(-[\w.]+)?$/;

/**
 * Attack 45: a package is changed on its way in. A throw-away project depends on a hostile package from a local tarball
 * and is installed by the real npm with an empty cache, under this repository's rules (its `.npmrc`, a lock file, `npm
 * ci`) or, as the weak double, without them. The repository's own manifest and lock file are inspected as well.
 */
export const supplyChain: Attack = {
  id: 45,
  title: 'supply chain: drifted lock file, install scripts, unpinned versions',
  weakDouble: 'the same project installed by a bare `npm install`: no lock file, scripts allowed',
  async run({ weak }) {
    return resultOf(weak ? weakTrials() : [...installTrials(), ...inspectRepository(ROOT)]);
  },
};

function installTrials(): Trial[] {
  return withProject((project) => {
    copyFileSync(join(ROOT, '.npmrc'), join(project.folder, '.npmrc'));
    project.npm('install', '--package-lock-only');
    const clean = project.npm('ci');
    const scriptRan = project.scriptRan();
    project.alterPackage();
    const altered = project.npm('ci');
    project.restorePackage();
    project.drift();
    const drifted = project.npm('ci');
    return [
      { name: 'an honest package installs (else the trials below show nothing)', through: clean !== 0 },
      { name: 'an install script of a dependency runs', through: scriptRan },
      { name: 'a tarball that differs from its integrity hash is installed', through: altered === 0 },
      { name: 'a lock file that does not fit package.json is installed', through: drifted === 0 },
    ];
  });
}

function weakTrials(): Trial[] {
  return withProject((project) => {
    project.npm('install', '--ignore-scripts=false', '--no-package-lock');
    return [{ name: 'an install script of a dependency runs', through: project.scriptRan() }];
  });
}

/** Every external dependency exact, every locked package with a hash, no script allowed, no download address. */
function inspectRepository(root: string): Trial[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, { link?: boolean; integrity?: string; resolved?: string; version?: string }>;
  };
  const locked = Object.entries(lock.packages);
  const external = locked.filter(([path, entry]) => path.includes('node_modules/') && entry.link !== true);
  const manifests = locked
    .filter(([path]) => !path.includes('node_modules/'))
    .map(([path]) => join(root, path, 'package.json'));
  const loose: string[] = [];
  for (const manifest of manifests) {
    const { dependencies, devDependencies, optionalDependencies } = JSON.parse(
      readFileSync(manifest, 'utf8'),
    ) as Record<'dependencies' | 'devDependencies' | 'optionalDependencies', Record<string, string> | undefined>;
    for (const [name, range] of Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })) {
      if (!name.startsWith('@cardea/') && !EXACT_VERSION.test(range)) loose.push(`${name}@${range}`);
    }
  }
  const unhashed = external.filter(([, entry]) => !entry.integrity?.startsWith('sha512-')).map(([path]) => path);
  const addressed = external.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path);
  const scripts = !/^ignore-scripts=true$/m.test(readFileSync(join(root, '.npmrc'), 'utf8'));
  return [
    {
      name: `a dependency without an exact version ${loose.join(', ')}`.trim(),
      through: loose.length > 0,
      tried: manifests.length,
    },
    {
      name: `a locked package without a hash ${unhashed.join(', ')}`.trim(),
      through: unhashed.length > 0,
      tried: external.length,
    },
    {
      name: `a locked package with a download address ${addressed.join(', ')}`.trim(),
      through: addressed.length > 0,
      tried: external.length,
    },
    { name: 'install scripts are allowed by .npmrc', through: scripts },
  ];
}

interface Project {
  readonly folder: string;
  npm(...args: string[]): number;
  scriptRan(): boolean;
  alterPackage(): void;
  restorePackage(): void;
  drift(): void;
}

function withProject(work: (project: Project) => Trial[]): Trial[] {
  const folder = mkdtempSync(join(tmpdir(), 'cardea-supply-'));
  try {
    const source = join(folder, 'source');
    const marker = join(folder, 'script-ran');
    const tarball = join(folder, 'hostile-1.0.0.tgz');
    mkdirSync(source);
    const manifest = {
      name: 'hostile',
      version: '1.0.0',
      scripts: { postinstall: `node -e "require('node:fs').writeFileSync('${marker}', '')"` },
    };
    writeFileSync(join(source, 'package.json'), JSON.stringify(manifest));
    const npm = (cwd: string, args: string[]): number => {
      const caches = createHash('sha256')
        .update(args.join(' '))
        .update(String(Math.trunc(performance.now() * 1000)))
        .digest('hex');
      const flags = [
        '--offline',
        '--no-audit',
        '--no-fund',
        '--loglevel=error',
        `--cache=${join(folder, `cache-${caches}`)}`,
      ];
      return (
        spawnSync('npm', [...args, ...flags], { cwd, stdio: 'ignore', shell: process.platform === 'win32' }).status ?? 1
      );
    };
    npm(source, ['pack', '--ignore-scripts', `--pack-destination=${folder}`]);
    const honest = readFileSync(tarball);
    const describe = (version: string) =>
      writeFileSync(
        join(folder, 'package.json'),
        JSON.stringify({ name: 'victim', version: '1.0.0', dependencies: { hostile: version } }),
      );
    describe('file:hostile-1.0.0.tgz');
    return work({
      folder,
      npm: (...args) => npm(folder, args),
      scriptRan: () => existsSync(marker),
      alterPackage: () => appendFileSync(tarball, 'altered'),
      restorePackage: () => writeFileSync(tarball, honest),
      drift: () => describe('^2.0.0'),
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
