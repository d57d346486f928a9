import { Attempt, Operate } from '../attempt.ts';
import { LockChain } from '../chain.ts';
import { IdParams } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import {
  EnrolLock,
  IdentifierParams,
  Legitimacy,
  Lock,
  LockPage,
  LockQuery,
  Manifest,
  ManifestAnswer,
  RemoveLockQuery,
  SetTime,
} from '../lock.ts';
import { commanding, listing, reading } from './usual.ts';

/** Locks: at their doors, in manifests, and themselves. */
export const lockEndpoints = {
  'POST /v1/doors/{id}/enrol': endpoint({
    ...commanding,
    name: 'enrolLock',
    summary: 'Bind a lock to a door; the attempt waits for the confirmation at the lock',
    scopes: ['locks:manage'],
    body: EnrolLock,
  }),
  'POST /v1/doors/{id}/unlock': endpoint({
    ...commanding,
    name: 'unlockDoor',
    summary: 'Unlock a door',
    scopes: ['locks:operate', 'access:use'],
    body: Operate,
  }),
  'POST /v1/doors/{id}/lock': endpoint({
    ...commanding,
    name: 'lockDoor',
    summary: 'Lock a door',
    scopes: ['locks:operate', 'access:use'],
    body: Operate,
  }),
  'POST /v1/doors/{id}/status': endpoint({
    ...commanding,
    name: 'askDoor',
    summary: "Ask a door's lock for its state; nothing moves",
    scopes: ['locks:read', 'access:use'],
    body: Operate,
  }),
  'POST /v1/manifests': endpoint({
    name: 'importManifest',
    summary: "Take in a maker's signed manifest of locks; all of it or nothing",
    scopes: ['locks:manage'],
    idempotent: true,
    body: Manifest,
    bodyLimitOctets: 4_194_304,
    status: 200,
    answer: ManifestAnswer,
    refusals: ['invalid', 'conflict'],
  }),
  'GET /v1/legitimacy/{identifier}': endpoint({
    name: 'checkLegitimacy',
    summary: 'Check a lock against the device register: status 0 legitimate, 1 not',
    scopes: ['locks:read'],
    params: IdentifierParams,
    status: 200,
    answer: Legitimacy,
  }),
  'GET /v1/locks': endpoint({
    ...listing,
    name: 'listLocks',
    summary: 'List locks with what is last known of them',
    scopes: ['locks:read'],
    query: LockQuery,
    answer: LockPage,
  }),
  'GET /v1/locks/{id}': endpoint({
    ...reading,
    name: 'getLock',
    summary: 'Show a lock with what is last known of it',
    scopes: ['locks:read'],
    answer: Lock,
  }),
  'GET /v1/locks/{id}/chain': endpoint({
    ...reading,
    name: 'getLockChain',
    summary: "Show how far a lock's event chain is verified, and what is missing of it",
    scopes: ['locks:read'],
    answer: LockChain,
  }),
  'DELETE /v1/locks/{id}': endpoint({
    name: 'removeLock',
    summary: 'Return a lock to its factory state and take it from its door; `force` withdraws one that does not answer',
    scopes: ['locks:manage'],
    params: IdParams,
    query: RemoveLockQuery,
    status: 202,
    answer: Attempt,
    refusals: ['not_found', 'precondition_failed', 'too_many'],
  }),
  'POST /v1/locks/{id}/set-time': endpoint({
    ...commanding,
    name: 'setLockTime',
    summary: "Set a lock's clock; a step of over 60 s back wants `step_back`",
    scopes: ['locks:manage'],
    body: SetTime,
  }),
};
