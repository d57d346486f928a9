import type { Command } from 'commander';
import type { Register } from '../context.ts';
import { usage } from '../errors.ts';
import { example } from '../help.ts';

const SHELLS = ['bash', 'zsh', 'fish'] as const;

/** `cardea completion SHELL`: a script made from the tree of commands itself, so that it can never name another. */
export function completionCommand(program: Command, register: Register): void {
  register<[string]>(
    example(
      program
        .command('completion')
        .argument('<shell>', SHELLS.join(', '))
        .description('print a completion script for a shell'),
      'completion bash > /etc/bash_completion.d/cardea',
      'completion zsh > ~/.zfunc/_cardea',
      'completion fish > ~/.config/fish/completions/cardea.fish',
    ),
    async (context, given) => {
      const shell = SHELLS.find((one) => one === given);
      if (shell === undefined)
        throw usage(`SHELL is ${JSON.stringify(given)}`, `it must be one of ${SHELLS.join(', ')}`);
      const words = tree(program);
      const script = shell === 'bash' ? bash(words) : shell === 'zsh' ? zsh(words) : fish(words);
      context.print({ shell, script }, () => script);
    },
  );
}

interface Words {
  /** Words of the command so far, joined by a blank; empty for `cardea` itself. */
  readonly path: string;
  readonly next: readonly { readonly word: string; readonly description: string }[];
}

/** What may follow each command, options included. */
function tree(command: Command, path: readonly string[] = []): Words[] {
  const next = [
    ...command.commands.map((one) => ({ word: one.name(), description: one.description() })),
    ...command.options.flatMap((one) => (one.long ? [{ word: one.long, description: one.description }] : [])),
    { word: '--help', description: 'display help for command' },
    ...(path.length === 0 ? [] : [{ word: '--json', description: 'print the result as JSON' }]),
  ];
  return [{ path: path.join(' '), next }, ...command.commands.flatMap((one) => tree(one, [...path, one.name()]))];
}

/** The deepest command that the words typed so far name decides what may follow. */
function bash(words: readonly Words[]): string {
  const cases = words.map(({ path, next }) => `    '${path}') words='${next.map(({ word }) => word).join(' ')}' ;;`);
  return `# bash completion for cardea
_cardea() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' word words=''
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case " ${words
      .map(({ path }) => path.replaceAll(' ', '/'))
      .filter(Boolean)
      .join(' ')} " in
      *" \${path:+\${path// //}/}$word "*) path="\${path:+$path }$word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
}
complete -o default -F _cardea cardea
`;
}

function zsh(words: readonly Words[]): string {
  return `#compdef cardea
autoload -U +X bashcompinit && bashcompinit
${bash(words)}`;
}

function fish(words: readonly Words[]): string {
  const quoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;
  const lines = words.flatMap(({ path, next }) => {
    const typed = path === '' ? [] : path.split(' ');
    const condition =
      typed.length === 0
        ? '__fish_use_subcommand'
        : typed.map((word) => `__fish_seen_subcommand_from ${word}`).join('; and ');
    return next.map(({ word, description }) =>
      word.startsWith('--')
        ? `complete -c cardea -n ${quoted(condition)} -l ${word.slice(2)} -d ${quoted(description)}`
        : `complete -c cardea -f -n ${quoted(condition)} -a ${word} -d ${quoted(description)}`,
    );
  });
  return `# fish completion for cardea\n${lines.join('\n')}\n`;
}
