/** How a requested service answered: octet 1 of every answer in PADATA (ours). Everything but `ok` is a refusal. */
export const STATUS = {
  /** Done; of an update request: accepted. */
  ok: 0x00,
  /** The version is lower than one that this key has had. */
  version_lower: 0x01,
  /** A user key is taken only in setting mode (9.2.1 c) 2)). */
  not_setting: 0x02,
  /** A user key is set already: it is updated, or the device is reset first. */
  already_set: 0x03,
  /** The key, or the services of the frame, may not ask this. */
  not_allowed: 0x04,
  unsupported_algorithm: 0x05,
  /** Keys of 24 and 32 octets. */
  unsupported_key_length: 0x06,
  unsupported_group: 0x07,
  /** Another exchange is under way: later. */
  busy: 0x08,
  /** Not wanted: another attempt changes nothing. */
  denied: 0x09,
  /** No Diffie-Hellman run, or pending key, that this belongs to; it may have expired. */
  no_exchange: 0x0a,
  /** The algorithms that were heard are not those that were told: the plaintext inquiry was altered. */
  list_differs: 0x0b,
  /** No room: of keys, of peers, of parts of a message. */
  full: 0x0c,
  /** The DH public value is refused. */
  bad_value: 0x0d,
  /** PADATA that verified but cannot be read. */
  malformed: 0x0e,
  /** No key of this index. */
  no_key: 0x0f,
} as const;

/** One of {@link STATUS}. */
export type Status = keyof typeof STATUS;

const STATUSES: ReadonlyMap<number, Status> = new Map(
  (Object.keys(STATUS) as Status[]).map((status) => [STATUS[status], status]),
);

/** The status of an octet, if there is one. */
export function statusOf(octet: number): Status | undefined {
  return STATUSES.get(octet);
}
