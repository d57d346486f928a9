/**
 * The operations of PADATA, octet 0 of a secure request (the text names them in 9.2 and 9.3 and gives no octets: ours).
 * An answer carries the operation with {@link ANSWER_BIT}.
 */
export const OPERATION = {
  'snf-inquiry': 0x02,
  'user-key': 0x10,
  'provider-key': 0x11,
  'forget-key': 0x12,
  'dh-value': 0x20,
  'new-master-key': 0x22,
  commit: 0x24,
  abort: 0x25,
  'update-request': 0x26,
  'lock-message': 0x30,
} as const;

/** One operation of PADATA. */
export type Operation = keyof typeof OPERATION;

/** Set in octet 0 of an answer. */
export const ANSWER_BIT = 0x80;

const OPERATIONS: ReadonlyMap<number, Operation> = new Map(
  (Object.keys(OPERATION) as Operation[]).map((operation) => [OPERATION[operation], operation]),
);

/** The operation of an octet of a request, if there is one. */
export function operationOf(octet: number): Operation | undefined {
  return OPERATIONS.get(octet);
}
