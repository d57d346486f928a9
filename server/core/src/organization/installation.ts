import type { Context } from '../context.ts';

/** Whose installation this is: the organization that was founded first, at the first start. It never changes. */
export interface Installation {
  /** Undefined while there is no organization. */
  organizationId(): Promise<string | undefined>;
}

/** Reads it once; every later question is answered from memory. */
export function createInstallation(context: Context): Installation {
  let known: string | undefined;
  return {
    async organizationId() {
      known ??= (await context.read((tx) => tx.organizations.list()))[0]?.id;
      return known;
    },
  };
}
