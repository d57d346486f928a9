import { piecesOf } from './pieces.ts';
import { ApiProblem } from './problem.ts';

/** The lines of an answer, as they come. @throws ApiProblem `malformed_answer` when it ends within a line */
export async function* linesOf(response: Response): AsyncGenerator<string, void, void> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const octets of piecesOf(response)) {
    const parts = (rest + decoder.decode(octets, { stream: true })).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
  if (rest !== '') throw new ApiProblem('malformed_answer', 'The answer of the server ended within a line.');
}
