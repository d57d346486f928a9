/**
 * Why something of the audit log could not be read or made: a leaf, head, proof or export is `malformed`; a size or number
 * is out of `range`; a hash that a proof needs is `missing` from its source.
 */
export type AuditErrorCode = 'malformed' | 'range' | 'missing';

/** The one error of this package. `field` names what was being read or made. */
export class AuditError extends Error {
  readonly code: AuditErrorCode;
  readonly field: string;
  constructor(code: AuditErrorCode, field: string, detail: string) {
    super(`${field}: ${detail}`);
    this.name = 'AuditError';
    this.code = code;
    this.field = field;
  }
}
