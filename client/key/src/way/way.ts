/** A lock that a phone wants to speak to. */
export interface WantedLock {
  /** 12 upper-case hex digits. */
  readonly identifier: string;
  /** Kadv, 16 octets: on the air its address is random and says nothing. */
  readonly advertisementKey: Uint8Array;
}

/** What a connection tells. */
export interface LinkListener {
  /** A whole message of the lock. */
  message(channel: number, octets: Uint8Array): void;
  /** The connection is over, for whatever reason; told once. */
  ended(): void;
}

/** A connection to a lock, by whole messages. */
export interface LockLink {
  /** Resolves when the message has left. @throws RadioError */
  send(channel: number, octets: Uint8Array): Promise<void>;
  /** Hangs up. */
  close(): void;
}

/** How a phone comes to a lock: by its own radio, or through a gateway near by. The lock cannot tell, and need not. */
export interface Way {
  /** Where the lock can be connected to now; `undefined` when it was not found within the time. */
  find(lock: WantedLock, timeoutMs: number): Promise<string | undefined>;
  /** Connects to a place that `find` told, or that a person chose. @throws RadioError */
  connect(place: string, timeoutMs: number, listener: LinkListener): Promise<LockLink>;
}
