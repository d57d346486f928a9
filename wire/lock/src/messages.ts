/** The first octet of every message on channels 1 and 4. */
export const MESSAGE = {
  command: 0x01,
  receipt: 0x02,
  event: 0x03,
  m1: 0x10,
  m2: 0x11,
  confirmS: 0x12,
  refusal: 0x1f,
} as const;

/** One of {@link MESSAGE}. */
export type MessageKind = (typeof MESSAGE)[keyof typeof MESSAGE];
