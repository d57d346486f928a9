import { ScpmError } from '@cardea/wire-scpm';
import { fileText } from '../audit/files.ts';
import { CliError, EXIT, usage } from '../errors.ts';
import type { Io } from '../io.ts';
import { Asked, jsonObject, refusal } from './asked.ts';
import { jsonTexts } from './texts.ts';

/** What is answered to one object. */
export interface Answer {
  readonly document: object;
  /** False where the answer is a refusal: it counts in the exit status. */
  readonly ok: boolean;
}

/**
 * Answers each JSON object of a file, or of standard input (`-`, or none), with one line of JSON, in order. One that is
 * wrong is answered by its error, and the others still. Resolves with the exit status.
 * @throws CliError `usage` at the end when objects were wrong, or when there was none
 */
export async function serve(
  io: Io,
  file: string | undefined,
  known: readonly string[],
  answer: (asked: Asked) => Answer,
): Promise<number> {
  const lines = file === undefined || file === '-' ? standardInput(io) : textLines(fileText(io, file));
  let count = 0;
  let refused = false;
  const errors: { readonly line: number; readonly error: CliError }[] = [];
  for await (const { text, line } of jsonTexts(lines)) {
    count++;
    const answered = attempt(() => answer(new Asked(jsonObject(text), known)));
    if (answered instanceof CliError) errors.push({ line, error: answered });
    else if (!answered.ok) refused = true;
    io.out(`${JSON.stringify(answered instanceof CliError ? errorOf(answered) : answered.document)}\n`);
  }
  if (count === 0) throw usage('there is no JSON object', 'write one, or one a line; see --help for an example');
  const [first] = errors;
  if (first === undefined) return refused ? EXIT.refused : EXIT.succeeded;
  if (count === 1) throw first.error;
  const { message, field, remedy } = first.error;
  throw new CliError('usage', `${errors.length} of ${count} are wrong, the first on line ${first.line}: ${message}`, {
    ...(field === undefined ? {} : { field }),
    ...(remedy === undefined ? {} : { remedy }),
  });
}

function standardInput(io: Io): AsyncIterable<string> {
  if (io.typed) io.err('Type a JSON object a line; Ctrl-D ends.\n');
  return io.lines();
}

async function* textLines(text: string): AsyncGenerator<string, void, void> {
  yield* text.split('\n');
}

function attempt(answer: () => Answer): Answer | CliError {
  try {
    return answer();
  } catch (error) {
    if (error instanceof CliError) return error;
    if (error instanceof ScpmError) return refusal(error);
    throw error;
  }
}

function errorOf({ code, message, field, remedy }: CliError): object {
  return { error: { code, message, field: field ?? null, remedy: remedy ?? null } };
}
