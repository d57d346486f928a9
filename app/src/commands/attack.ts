import { type Commands, example, plain, usage } from '@cardea/client-cli';
import type { AttackResult } from '@cardea/twin-attacks';

/** What a run takes when nothing is said: the seed and effort of the tests. */
const DEFAULTS = { seed: '1', effort: '1' };

/** `cardea attack list|run`: known attacks, each against the product or against the weak double in which it succeeds. */
export function attackCommands({ program, register }: Commands): void {
  const attack = program.command('attack').description('known attacks, against the product or a weak double');
  register(example(attack.command('list').description('list the attacks'), 'attack list'), async (context) => {
    const { attacks } = await import('@cardea/twin-attacks');
    const items = attacks.map(({ id, title, weakDouble }) => ({ id, title, weak_double: weakDouble }));
    context.print({ items }, () =>
      // Titles are sentences: as columns they would be wider than any screen.
      items.map((one) => `${String(one.id).padStart(2)}  ${one.title}\n    weak double: ${one.weak_double}\n`).join(''),
    );
  });
  register<[{ id?: string; weak?: boolean; seed: string; effort: string }]>(
    example(
      attack
        .command('run')
        .option('--id <id>', 'this attack only')
        .option('--weak', 'against the weak double, where it is expected to succeed')
        .option('--seed <number>', 'the same seed makes the same run', DEFAULTS.seed)
        .option('--effort <number>', 'how much is tried, where that can be chosen', DEFAULTS.effort)
        .description('run attacks; exit code 0 when each ended as expected'),
      'attack run --id 2',
      'attack run --id 2 --weak',
    ),
    async (context, options) => {
      const seed = whole('--seed', options.seed);
      const effort = whole('--effort', options.effort);
      const { attacks } = await import('@cardea/twin-attacks');
      const chosen = options.id === undefined ? attacks : attacks.filter(({ id }) => String(id) === options.id);
      if (chosen.length === 0) throw usage(`--id is ${JSON.stringify(options.id)}`, 'see `cardea attack list`');
      const weak = options.weak === true;
      const items: (AttackResult & { id: number; title: string; expected: boolean })[] = [];
      const { green, red } = context.io.colors;
      const leftOut: { id: number; title: string; missing: string }[] = [];
      for (const chose of chosen) {
        const missing = chose.missing?.();
        if (missing !== undefined) {
          leftOut.push({ id: chose.id, title: chose.title, missing });
          if (!context.json) context.io.out(`- ${chose.id} ${chose.title}: not run, ${missing}\n`);
          continue;
        }
        const result = await chose.run({ weak, seed, effort });
        const one = { id: chose.id, title: chose.title, expected: result.succeeded === weak, ...result };
        items.push(one);
        // All of them take minutes: each is told as it ends.
        if (!context.json) {
          context.io.out(
            `${one.expected ? green('✓') : red('✗')} ${one.id} ${one.title}: ` +
              `${one.succeeded ? 'the attack succeeded' : 'the attack was stopped'} (${one.through} of ${one.tried} got through` +
              `${weak ? `, weak double` : ''})\n${one.detail.map((line) => `    ${plain(line)}\n`).join('')}`,
          );
        }
      }
      context.print({ weak, seed, effort, items, left_out: leftOut }, () => '');
      return items.every(({ expected }) => expected) ? 0 : 4;
    },
  );
}

function whole(option: string, given: string): number {
  const value = Number(given);
  if (!Number.isSafeInteger(value) || value < 0)
    throw usage(`${option} is ${JSON.stringify(given)}`, 'it must be a whole number');
  return value;
}
