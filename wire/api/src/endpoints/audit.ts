import {
  AuditConsistency,
  AuditConsistencyQuery,
  AuditHead,
  AuditHeadPage,
  AuditInclusion,
  AuditInclusionQuery,
  AuditKey,
  AuditLeaves,
  AuditLeavesQuery,
} from '../audit.ts';
import { recordPageQuery, strict } from '../common.ts';
import { endpoint } from '../endpoint.ts';
import { listing } from './usual.ts';

/** The audit log, its heads and its proofs. */
export const auditEndpoints = {
  'GET /v1/audit/key': endpoint({
    name: 'getAuditKey',
    summary: "The key that signs the heads of the organization's audit log",
    scopes: ['audit:read'],
    status: 200,
    answer: AuditKey,
  }),
  'GET /v1/audit/head': endpoint({
    name: 'getAuditHead',
    summary: 'The signed head over what is in the audit log now',
    scopes: ['audit:read'],
    status: 200,
    answer: AuditHead,
    refusals: ['conflict'],
  }),
  'GET /v1/audit/heads': endpoint({
    ...listing,
    name: 'listAuditHeads',
    summary: 'List signed heads, smallest first unless told, with where they were witnessed',
    scopes: ['audit:read'],
    query: strict(recordPageQuery),
    answer: AuditHeadPage,
  }),
  'GET /v1/audit/leaves': endpoint({
    ...listing,
    name: 'listAuditLeaves',
    summary: 'Leaves of the audit log from a number on',
    scopes: ['audit:read'],
    query: AuditLeavesQuery,
    answer: AuditLeaves,
  }),
  'GET /v1/audit/proof/inclusion': endpoint({
    name: 'proveAuditInclusion',
    summary: 'Prove that an event is in the audit log (RFC 9162, 2.1.3)',
    scopes: ['audit:read'],
    query: AuditInclusionQuery,
    status: 200,
    answer: AuditInclusion,
    refusals: ['invalid', 'not_found', 'conflict'],
  }),
  'GET /v1/audit/proof/consistency': endpoint({
    name: 'proveAuditConsistency',
    summary: 'Prove that the audit log of one size is the past of that of another (RFC 9162, 2.1.4)',
    scopes: ['audit:read'],
    query: AuditConsistencyQuery,
    status: 200,
    answer: AuditConsistency,
    refusals: ['invalid'],
  }),
  'GET /v1/audit/export': endpoint({
    name: 'exportAudit',
    summary: 'The whole audit log as lines of JSON, ended by the head over all of it (docs/audit.md)',
    scopes: ['audit:read'],
    status: 200,
    media: 'application/x-ndjson',
    refusals: ['conflict'],
  }),
};
