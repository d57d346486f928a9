/** The lines of a stream of text, each as soon as it is whole, without its end; the last may lack one. */
export async function* linesOf(chunks: AsyncIterable<unknown>): AsyncGenerator<string, void, void> {
  let rest = '';
  for await (const chunk of chunks) {
    rest += String(chunk);
    for (let at = rest.indexOf('\n'); at >= 0; at = rest.indexOf('\n')) {
      yield rest.slice(0, at).replace(/\r$/, '');
      rest = rest.slice(at + 1);
    }
  }
  if (rest !== '') yield rest;
}
