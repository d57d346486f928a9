/** One figure of the bench: a ratio taken side by side in one run. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: 'ratio' | 's' | 'kB' | 'ms';
  /** What is wished for, as `<= 3` or `>= 4`. */
  readonly goal: Goal | undefined;
  /** Undefined where nothing is wished for: the figure is told, not judged. */
  readonly met: boolean | undefined;
  /** The medians and counts that the ratio was made of. */
  readonly of: Readonly<Record<string, number>>;
}

/** What is wished for: at most, or at least. */
export type Goal = `${'<=' | '>='} ${number}`;

/** A figure whose `met` follows from value and goal. */
export function figure(
  name: string,
  value: number,
  unit: Figure['unit'],
  goal: Goal | undefined,
  of: Figure['of'],
): Figure {
  const [relation, limit] = goal?.split(' ') ?? [];
  const met = relation === undefined ? undefined : relation === '<=' ? value <= Number(limit) : value >= Number(limit);
  return {
    name,
    value: round(value),
    unit,
    goal,
    met,
    of: Object.fromEntries(Object.entries(of).map(([k, v]) => [k, round(v)])),
  };
}

/** The q-quantile (0 to 1) of samples, by the nearest rank. */
export function quantile(samples: readonly number[], q: number): number {
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? Number.NaN;
}

/**
 * CPU time in microseconds a call of each contender, interleaved: every round runs each of them once, in an order that
 * turns by one each round; the medians over the rounds are returned.
 */
export function interleavedCpu<Name extends string>(
  contenders: Readonly<Record<Name, (calls: number) => void>>,
  { rounds, calls }: { readonly rounds: number; readonly calls: number },
): Record<Name, number> {
  const names = Object.keys(contenders) as Name[];
  const samples = new Map<Name, number[]>(names.map((name) => [name, []]));
  for (const name of names) contenders[name](calls);
  for (let round = 0; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round) % names.length] as Name;
      const before = process.cpuUsage();
      contenders[name](calls);
      const used = process.cpuUsage(before);
      samples.get(name)?.push((used.user + used.system) / calls);
    }
  }
  return Object.fromEntries(names.map((name) => [name, quantile(samples.get(name) ?? [], 0.5)])) as Record<
    Name,
    number
  >;
}

function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(4));
}
