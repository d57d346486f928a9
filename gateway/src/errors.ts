/** Why a gateway cannot start or go on. */
export type GatewayErrorCode =
  | 'options'
  | 'not_enrolled'
  | 'enrolment_refused'
  | 'enrolment_unreachable'
  | 'credentials'
  | 'journal'
  | 'domain'
  | 'control'
  | 'hub';

/** The one error of this package. Its message names the file or option and the remedy, and holds no secret. */
export class GatewayError extends Error {
  readonly code: GatewayErrorCode;
  constructor(code: GatewayErrorCode, detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'GatewayError';
    this.code = code;
  }
}
