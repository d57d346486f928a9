import type { Finding } from '@cardea/wire-api';
import type { Command } from 'commander';
import type { Register } from '../context.ts';
import { example } from '../help.ts';
import { plain } from '../output/table.ts';

/** Where something is done about a finding, as a command or a place. */
const WHERE: Readonly<Record<Finding['where'], string>> = {
  people: 'cardea person list; each of them: cardea me totp add',
  sign_in_policy: 'the console, Settings: sign-in policy',
  tokens: 'the console, Account: tokens',
  properties: 'cardea property set',
  doors: 'cardea lock list',
  batteries: 'cardea statistics',
  gateways: 'cardea gateway list',
  alerts: 'cardea alert list',
  audit: 'cardea audit verify',
  grants: 'cardea grant list',
  configuration: "the server's configuration file",
};

const MARK: Readonly<Record<Finding['level'], string>> = { warning: '!', advice: 'i', ok: '✓' };
/** So many are named; `--json` has more. */
const NAMED = 5;

/** `cardea checkup`. */
export function checkupCommand(program: Command, register: Register): void {
  register<[]>(
    example(
      program.command('checkup').description('check how safely the organization is set up, and what to do about it'),
      'checkup',
    ),
    async (context) => {
      const check = await context.api().securityCheck();
      context.print(check, () => check.findings.map(shown).join(''));
    },
  );
}

function shown({ level, detail, subjects, where }: Finding): string {
  if (level === 'ok') return `${MARK.ok} ${plain(detail)}\n`;
  const named = subjects.slice(0, NAMED).map(({ name }) => plain(name));
  const more = subjects.length > NAMED ? [...named, '...'] : named;
  return [
    `${MARK[level]} ${level}: ${plain(detail)}\n`,
    ...(more.length === 0 ? [] : [`    ${more.join(', ')}\n`]),
    `    ${WHERE[where]}\n`,
  ].join('');
}
