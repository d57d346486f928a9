import type { Context, Note } from '../context.ts';
import type { Presence } from '../gateway/presence.ts';
import type { LockWatch } from '../link/watch.ts';
import type { Grant } from '../model.ts';
import type { Transaction } from '../ports.ts';
import type { Restored } from '../restore/restored.ts';
import { createPlanner, type Planner } from './planner.ts';
import { createProvisioner, type Provisioner } from './provisioner.ts';
import { createRights, type Rights } from './rights.ts';
import { createWatch } from './watch.ts';
import { createWorks } from './work.ts';

/** What keeps the locks' own rights: planned with the grants, brought by the provisioner, kept true by the watch. */
export interface Methods {
  readonly rights: Rights;
  readonly planner: Planner;
  readonly watch: LockWatch;
  readonly provisioner: Provisioner;
}

/** What methods are made with. */
export interface MethodsWorld {
  readonly context: Context;
  readonly presence: Presence;
  readonly restored: Restored;
  /** Whether a maker's locks enforce anything by themselves. */
  supports(maker: string): boolean;
  /** A door was opened at the door itself by this grant; answers the locks where something follows from it. */
  opened(tx: Transaction, note: Note, grant: Grant, at: number): Promise<readonly string[]>;
}

/** The methods of all organizations. */
export function createMethods({ context, presence, restored, supports, opened }: MethodsWorld): Methods {
  const rights = createRights(context, restored);
  const provisioner = createProvisioner(context, presence, createWorks(context, rights));
  const planner = createPlanner({ context, rights, supports, kick: provisioner.kick });
  const watch = createWatch({
    context,
    rights,
    planner,
    supports,
    opened,
    proved: provisioner.proved,
    // After the unit that heard it.
    kick: (lockIds) => void context.ports.clock.after(0, () => provisioner.kick(lockIds)),
  });
  return { rights, planner, watch, provisioner };
}
