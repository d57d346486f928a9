import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Lines gathered into one write. */
const CHUNK_OCTETS = 32_768;

/**
 * Answers with lines, as fast as the reader takes them; what the reader does not take is not made. A failure on the way cuts
 * the connection, so that no reader takes a part for the whole.
 */
export async function streamLines(
  response: ServerResponse,
  headers: Record<string, string>,
  lines: AsyncIterable<string>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  response.writeHead(200, headers);
  let chunk = '';
  const write = async (): Promise<void> => {
    const taken = response.write(chunk);
    chunk = '';
    if (!taken) await once(response, 'drain', { signal: gone.signal });
  };
  try {
    for await (const line of lines) {
      if (gone.signal.aborted) return;
      chunk += `${line}\n`;
      if (chunk.length >= CHUNK_OCTETS) await write();
    }
    response.end(chunk);
  } catch (error) {
    response.destroy();
    if (!gone.signal.aborted) throw error;
  }
}
