/** Which locks have a command under way through which gateway, so that nobody has to ask all locks of the estate. */
export interface UnderWay {
  /** The lock's command goes through `to` from now on; undefined is none. */
  moved(lockId: string, from: string | undefined, to: string | undefined): void;
  through(gatewayId: string): ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();

/** Nothing is under way. */
export function createUnderWay(): UnderWay {
  const byGateway = new Map<string, Set<string>>();
  return {
    moved(lockId, from, to) {
      if (from === to) return;
      const left = from === undefined ? undefined : byGateway.get(from);
      left?.delete(lockId);
      if (from !== undefined && left?.size === 0) byGateway.delete(from);
      if (to === undefined) return;
      const locks = byGateway.get(to) ?? new Set();
      byGateway.set(to, locks.add(lockId));
    },
    through: (gatewayId) => byGateway.get(gatewayId) ?? NONE,
  };
}
