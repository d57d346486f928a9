import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Envelope, EnvelopeError, syncFolder, writeFileDurably } from '@cardea/kit-node';
import { Secret } from '@cardea/kit-runtime';
import type { DomainAbout } from './about.ts';
import { DomainError } from './errors.ts';

/** A domain as it is kept: the records of the key setting node, and what is about them. */
export interface StoredDomain {
  readonly about: DomainAbout;
  readonly domain: Uint8Array;
  readonly devices: readonly { readonly name: string; readonly octets: Uint8Array }[];
}

/** Where a gateway keeps its domain. */
export interface DomainStore {
  /** `undefined` where there is no domain. @throws DomainError `damaged` */
  read(): Promise<StoredDomain | undefined>;
  /** Makes a record of the node durable under its name, whole or not at all; `undefined` erases. */
  persist(name: string, octets: Uint8Array | undefined): Promise<void>;
  writeAbout(about: DomainAbout): Promise<void>;
}

/** The name of the node's own record; the others are `device-...`. */
export const DOMAIN_RECORD = 'domain';
/** Written last when a domain is made. */
const ABOUT = 'about';

/** The folder `domain/` of a gateway: a file a record, each sealed by the gateway's envelope for its own name. */
export function openDomainStore(folder: string, envelope: Envelope): DomainStore {
  const pathOf = (name: string): string => join(folder, name);
  const contextOf = (name: string): string => `gateway domain 1 ${name}`;

  const open = async (name: string): Promise<Uint8Array | undefined> => {
    let sealed: Uint8Array;
    try {
      sealed = new Uint8Array(await readFile(pathOf(name)));
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw damaged(pathOf(name), error);
    }
    try {
      return envelope.open(sealed, contextOf(name)).reveal();
    } catch (error) {
      if (!(error instanceof EnvelopeError)) throw error;
      throw damaged(pathOf(name), error);
    }
  };

  /** The records that are there, of the node. */
  const names = async (): Promise<readonly string[]> => {
    try {
      return (await readdir(folder)).filter((name) => /^(domain|device-[0-9a-f]+)$/.test(name)).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw damaged(folder, error);
    }
  };

  const write = async (name: string, octets: Uint8Array): Promise<void> => {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await writeFileDurably(pathOf(name), envelope.seal(new Secret(octets), contextOf(name)), 0o600);
  };

  return {
    async read() {
      const about = await open(ABOUT);
      if (about === undefined) {
        // Keys of locks may be in it, so nothing is laid over it.
        if ((await names()).length > 0) throw damaged(pathOf(ABOUT));
        return undefined;
      }
      const domain = await open(DOMAIN_RECORD);
      if (domain === undefined) throw damaged(pathOf(DOMAIN_RECORD));
      const devices: { name: string; octets: Uint8Array }[] = [];
      const found = (await names()).filter((name) => name !== DOMAIN_RECORD);
      for (const name of found) devices.push({ name, octets: (await open(name)) ?? new Uint8Array(0) });
      return { about: JSON.parse(new TextDecoder().decode(about)) as DomainAbout, domain, devices };
    },
    async persist(name, octets) {
      if (octets !== undefined) return write(name, octets);
      await rm(pathOf(name), { force: true });
      await syncFolder(folder);
    },
    writeAbout: (about) => write(ABOUT, new TextEncoder().encode(JSON.stringify(about))),
  };
}

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

function damaged(path: string, cause?: unknown): DomainError {
  const remedy = 'move its folder away, then restore the backup of the domain';
  return new DomainError('damaged', `${path}: does not open, or is missing`, remedy, { cause });
}
