const waiting: (() => void)[] = [];
const { port1, port2 } = new MessageChannel();
port1.onmessage = () => waiting.shift()?.();

/** Calls once, in a task of its own right after this one: a timer would let a browser wait for some milliseconds. */
export function soon(then: () => void): void {
  waiting.push(then);
  port2.postMessage(undefined);
}
