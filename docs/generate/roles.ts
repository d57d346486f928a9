import { OPERATION_CLASS, OPERATION_SCOPE, ROLES, SCOPES } from '@cardea/server-core';

/** The table of roles as docs/reference/roles.md. */
export function files(): Record<string, string> {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const rule = (count: number): string => line(Array.from({ length: count }, () => '---'));
  const roles = Object.entries(ROLES).map(([role, rights]) =>
    line([role, rights.class, ...SCOPES.map((scope) => (rights.scopes.includes(scope) ? 'yes' : ''))]),
  );
  const operations = Object.entries(OPERATION_CLASS).map(([operation, commandClass]) =>
    line([operation, OPERATION_SCOPE[operation as keyof typeof OPERATION_SCOPE], commandClass]),
  );
  const text = [
    '# Roles',
    '',
    'Generated from server/core/src/person/roles.ts. The class goes to the lock with every command, and the lock enforces it.',
    '',
    line(['role', 'class', ...SCOPES]),
    rule(SCOPES.length + 2),
    ...roles,
    '',
    line(['operation', 'scope', 'class at the lock']),
    rule(3),
    ...operations,
    '',
  ].join('\n');
  return { 'docs/reference/roles.md': text };
}
