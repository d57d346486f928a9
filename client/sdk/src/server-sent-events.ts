/** One message of a `text/event-stream` (WHATWG HTML, 9.2). */
export interface ServerSentEvent {
  readonly id: string;
  readonly event: string;
  readonly data: string;
}

/** Longest message taken, in characters: a peer that sends more is not ours. */
const MAX_MESSAGE_CHARACTERS = 1_048_576;

/** Takes the text of a stream in pieces of any size and hands out its messages; `undefined` stands for a comment. */
export function createEventParser(): (text: string) => readonly (ServerSentEvent | undefined)[] {
  let rest = '';
  let id = '';
  let event = '';
  let data: string[] = [];
  let size = 0;

  const take = (line: string): ServerSentEvent | undefined | null => {
    if (line === '') {
      const message = data.length === 0 ? null : { id, event: event === '' ? 'message' : event, data: data.join('\n') };
      event = '';
      data = [];
      size = 0;
      return message;
    }
    if (line.startsWith(':')) return undefined;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'data') data.push(value);
    else if (field === 'event') event = value;
    else if (field === 'id' && !value.includes('\0')) id = value;
    return null;
  };

  return (text) => {
    size += text.length;
    if (size > MAX_MESSAGE_CHARACTERS) throw new RangeError('a message of the stream is too long');
    const lines = (rest + text).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    const messages: (ServerSentEvent | undefined)[] = [];
    for (const line of lines) {
      const message = take(line);
      if (message !== null) messages.push(message);
    }
    return messages;
  };
}
