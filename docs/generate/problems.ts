import { problemCodes, problemKinds, problemType } from '@cardea/wire-api';

/** docs/reference/problems.md, from the table of problems. */
export function files(): Record<string, string> {
  const rows = problemCodes.map((code) => {
    const { status, title, retryable, remedy } = problemKinds[code];
    return `| \`${code}\` | ${status} | ${title} | ${retryable ? 'yes' : 'no'} | ${remedy} |`;
  });
  const text = `# Problems

Every error of \`/v1\` is \`application/problem+json\` (RFC 9457) with \`type\` (\`${problemType('invalid').replace('invalid', '<code>')}\`), \`code\`,
\`title\`, \`status\`, \`detail\`, \`request_id\`, \`retryable\` and \`field\`. Codes are stable; titles and details are for people.
Written from \`wire/api/src/problem.ts\`.

| code | status | meaning | may succeed later | remedy |
|---|---|---|---|---|
${rows.join('\n')}
`;
  return { 'docs/reference/problems.md': text };
}
