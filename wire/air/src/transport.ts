/** An ordered, reliable pipe of octets, such as a TCP connection. Callbacks are set once, before anything comes. */
export interface AirTransport {
  send(octets: Uint8Array): void;
  onData(listener: (octets: Uint8Array) => void): void;
  /** Called once, for whatever reason the pipe ends. */
  onClose(listener: () => void): void;
  close(): void;
}
