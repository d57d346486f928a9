import type { CommandClass } from '@cardea/wire-profile';
import type { Actor } from '../actor.ts';
import { CoreError } from '../errors.ts';
import type { AttemptOperation, Role } from '../model.ts';
import type { Scope } from '../ports.ts';

/** What a role may do at the server, and the class that its commands carry to the lock, which enforces it. */
export interface RoleRights {
  readonly scopes: readonly Scope[];
  readonly class: CommandClass;
}

/** All scopes, in the order of the printed table. */
export const SCOPES: readonly Scope[] = [
  'estate:read',
  'estate:write',
  'locks:read',
  'locks:operate',
  'locks:manage',
  'persons:read',
  'persons:write',
  'gateways:write',
  'events:read',
  'tokens:write',
  'audit:read',
  'alerts:write',
  'sim:write',
  'organizations:write',
  'grants:read',
  'grants:write',
  'stays:write',
  'access:use',
];

/**
 * Scopes that reach beyond one organization: only in the installation's own organization (the first) does anybody hold
 * them, whatever the role.
 */
export const INSTALLATION_SCOPES: readonly Scope[] = ['organizations:write', 'sim:write'];

/**
 * The one table of roles (printed as docs/reference/roles.md). Residents and guests hold `access:use` alone: a door is
 * theirs by a grant, and without one nothing is permitted.
 */
export const ROLES: Readonly<Record<Role, RoleRights>> = {
  owner: { scopes: SCOPES, class: 'own' },
  manager: { scopes: SCOPES.filter((scope) => scope !== 'organizations:write'), class: 'own' },
  front_desk: {
    scopes: [
      'estate:read',
      'locks:read',
      'locks:operate',
      'persons:read',
      'events:read',
      'tokens:write',
      'alerts:write',
      'grants:read',
      'grants:write',
      'stays:write',
      'access:use',
    ],
    class: 'operate',
  },
  maintenance: {
    scopes: [
      'estate:read',
      'locks:read',
      'locks:operate',
      'locks:manage',
      'events:read',
      'tokens:write',
      'alerts:write',
      'grants:read',
      'access:use',
    ],
    class: 'manage',
  },
  cleaner: { scopes: ['estate:read', 'locks:read', 'locks:operate', 'access:use'], class: 'operate' },
  resident: { scopes: ['access:use'], class: 'operate' },
  guest: { scopes: ['access:use'], class: 'operate' },
};

/** The class that an operation needs at the lock. */
export const OPERATION_CLASS: Readonly<Record<AttemptOperation, CommandClass>> = {
  unlock: 'operate',
  lock: 'operate',
  status: 'operate',
  override: 'manage',
  set_time: 'manage',
  set_normal: 'manage',
  set_passage: 'manage',
  set_lockdown: 'manage',
  bind: 'own',
  unbind: 'own',
};

/** The scope that an operation needs at the server. */
export const OPERATION_SCOPE: Readonly<Record<AttemptOperation, Scope>> = {
  unlock: 'locks:operate',
  lock: 'locks:operate',
  status: 'locks:read',
  override: 'locks:manage',
  set_time: 'locks:manage',
  set_normal: 'locks:manage',
  set_passage: 'locks:manage',
  set_lockdown: 'locks:manage',
  bind: 'locks:manage',
  unbind: 'locks:manage',
};

const RANK: Readonly<Record<CommandClass, number>> = { operate: 1, manage: 2, own: 3 };

/** Whether commands of class `held` may do what needs class `needed`. */
export function classCovers(held: CommandClass, needed: CommandClass): boolean {
  return RANK[held] >= RANK[needed];
}

/** Whether the class of a role covers the operation at the lock: what nobody may grant beyond. */
export function mayCarry(role: Role, operation: AttemptOperation): boolean {
  return classCovers(ROLES[role].class, OPERATION_CLASS[operation]);
}

/** Whether a role with these token scopes may ask for the operation. */
export function mayOperate(role: Role, scopes: readonly Scope[], operation: AttemptOperation): boolean {
  const scope = OPERATION_SCOPE[operation];
  return (
    scopes.includes(scope) &&
    ROLES[role].scopes.includes(scope) &&
    classCovers(ROLES[role].class, OPERATION_CLASS[operation])
  );
}

/** Whether whoever holds `giver` may give `given`: nobody gives what he does not have. */
export function mayGive(giver: Role, given: Role): boolean {
  const held = ROLES[giver];
  const wanted = ROLES[given];
  if (given === 'owner' && giver !== 'owner') return false;
  return classCovers(held.class, wanted.class) && wanted.scopes.every((scope) => held.scopes.includes(scope));
}

/**
 * The first check of every use case: the actor's password is his own, and token and role both hold the scope.
 * @throws CoreError `password_change_required`, `not_permitted`
 */
export function requireScope(actor: Actor, scope: Scope): void {
  requireOwnPassword(actor);
  if (!actor.scopes.includes(scope) || !ROLES[actor.role].scopes.includes(scope)) {
    throw new CoreError('not_permitted', `this needs the scope ${scope}`);
  }
}

/**
 * Whether the actor holds a scope, where there is a smaller answer for who does not.
 * @throws CoreError `password_change_required` and the like, which come before any answer
 */
export function holds(actor: Actor, scope: Scope): boolean {
  requireOwnPassword(actor);
  return actor.scopes.includes(scope) && ROLES[actor.role].scopes.includes(scope);
}

/** The password is the actor's own, and so is a second factor where one is asked for. @throws CoreError `password_change_required`, `second_factor_setup_required` */
export function requireOwnPassword(actor: Actor): void {
  requireChangedPassword(actor);
  if (actor.mustAddSecondFactor === true) {
    throw new CoreError(
      'second_factor_setup_required',
      'a second factor has to be added before anything else can be done',
    );
  }
}

/**
 * Refuses a session that a phone has begun by its key: for what would outlive the phone, were it in a finder's hands.
 * @throws CoreError `not_permitted`
 */
export function requirePersonsSession(actor: Actor): void {
  if (actor.session !== 'phone') return;
  throw new CoreError('not_permitted', 'the key of a phone is not enough for this: sign in with the password');
}

/** @throws CoreError `password_change_required` */
export function requireChangedPassword(actor: Actor): void {
  if (actor.mustChangePassword) {
    throw new CoreError('password_change_required', 'the password has to be changed before anything else can be done');
  }
}

/** @throws CoreError `password_change_required`, `not_permitted` */
export function requireOperation(actor: Actor, operation: AttemptOperation): void {
  requireScope(actor, OPERATION_SCOPE[operation]);
  if (!mayOperate(actor.role, actor.scopes, operation)) {
    throw new CoreError('not_permitted', `the role ${actor.role} may not ${operation} a lock`);
  }
}
