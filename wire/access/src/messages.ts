/**
 * The first octet of the messages of this protocol. 20 to 23 run on channel 3 (the offline key), 24 comes on channel 3
 * or 1, 25 on channel 1 only. A refusal (1F) is the lock protocol's.
 */
export const ACCESS_MESSAGE = {
  hello: 0x20,
  proof: 0x21,
  presentation: 0x22,
  answer: 0x23,
  order: 0x24,
  change: 0x25,
} as const;

/** The lock protocol's unauthenticated refusal, as a phone may get it instead of an answer. */
export const REFUSAL_MESSAGE = 0x1f;
