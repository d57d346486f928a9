import type { Transaction } from '@cardea/server-core';

/** A method of one of the record's tables, whatever it takes. */
export type TableMethod = (...args: unknown[]) => unknown;

/**
 * The same tables, each with what `map` makes of its methods: an attacker's view of what is asked of them, or a fault. What
 * is no method (a count, a table within a table) stays as it is.
 */
export function mapMethods(
  tx: Transaction,
  map: (call: TableMethod, table: string, method: string) => TableMethod,
): Transaction {
  const mapped = ([table, methods]: [string, object]) => [
    table,
    Object.fromEntries(
      Object.entries(methods).map(([method, call]: [string, unknown]) => [
        method,
        typeof call === 'function' ? map(call.bind(methods), table, method) : call,
      ]),
    ),
  ];
  return Object.fromEntries(Object.entries(tx).map(mapped)) as Transaction;
}
