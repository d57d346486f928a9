import type { DomainAbout } from '../src/scpm/about.ts';
import { DOMAIN_RECORD, type DomainStore } from '../src/scpm/domain-store.ts';

/** A store that keeps everything at once. */
export function memoryStore(): DomainStore {
  const records = new Map<string, Uint8Array>();
  let about: DomainAbout | undefined;
  return {
    async read() {
      const domain = records.get(DOMAIN_RECORD);
      if (about === undefined || domain === undefined) return undefined;
      const devices = [...records].filter(([name]) => name !== DOMAIN_RECORD);
      return { about, domain, devices: devices.map(([name, octets]) => ({ name, octets })) };
    },
    async persist(name, octets) {
      if (octets === undefined) records.delete(name);
      else records.set(name, octets);
    },
    async writeAbout(next) {
      about = structuredClone(next);
    },
  };
}
