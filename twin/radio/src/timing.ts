/** How the simulated Bluetooth Low Energy behaves in time. All fields have defaults; see {@link DEFAULT_TIMING}. */
export interface RadioTiming {
  /** Between two advertising events of one peripheral. */
  readonly advertisingIntervalMs: number;
  /** advDelay: 0 to this much is added to each interval (Bluetooth Core 5.0, Vol 6 Part B, 4.4.2.2.1). */
  readonly advertisingJitterMs: number;
  /** From CONNECT_IND to the first connection event: transmit window delay and offset (Vol 6 Part B, 4.5.3). */
  readonly connectionSetupMs: number;
  /** Between two connection events: what a gateway on the mains asks for, whose connections are short. */
  readonly connectionIntervalMs: number;
  /** A link on which nothing was heard for this long is lost (Vol 6 Part B, 4.5.2). */
  readonly supervisionTimeoutMs: number;
}

export const DEFAULT_TIMING: RadioTiming = {
  advertisingIntervalMs: 250,
  advertisingJitterMs: 10,
  connectionSetupMs: 3.75,
  connectionIntervalMs: 15,
  supervisionTimeoutMs: 4_000,
};

/** The smallest ATT MTU, which every link starts with. */
export const ATT_MTU_MIN = 23;
/** The largest ATT MTU that a 5.0 peripheral is given here: one LL packet of 251 octets carries it. */
export const ATT_MTU_MAX = 247;

/** Opcode and handle of an ATT write or notification: what the MTU holds beside the value. */
export const ATT_HEADER_OCTETS = 3;
const L2CAP_HEADER_OCTETS = 4;
/** Preamble 1, access address 4, header 2, CRC 3 (LE 1M, Vol 6 Part B, 2.1). */
const LL_OVERHEAD_OCTETS = 10;
const US_PER_OCTET = 8;
const INTER_FRAME_SPACE_US = 150;

/** What a Bluetooth version allows on a link. */
export function capabilities(bluetooth: '4.2' | '5.0', mtu: number): { llPayloadOctets: number; mtu: number } {
  if (bluetooth === '4.2') return { llPayloadOctets: 27, mtu: ATT_MTU_MIN };
  return { llPayloadOctets: 251, mtu: Math.max(ATT_MTU_MIN, Math.min(mtu, ATT_MTU_MAX)) };
}

/** LL payloads of one ATT value with its headers, in the order of sending. */
export function fragments(valueOctets: number, llPayloadOctets: number): readonly number[] {
  const sizes: number[] = [];
  for (let left = L2CAP_HEADER_OCTETS + ATT_HEADER_OCTETS + valueOctets; left > 0; left -= llPayloadOctets) {
    sizes.push(Math.min(left, llPayloadOctets));
  }
  return sizes;
}

/** Airtime of one LL packet at 1 Mbit/s with the peer's empty packet that acknowledges it and both gaps of 150 us. */
export function airtimeMs(payloadOctets: number): number {
  const there = (LL_OVERHEAD_OCTETS + payloadOctets) * US_PER_OCTET;
  const back = LL_OVERHEAD_OCTETS * US_PER_OCTET;
  return (there + back + 2 * INTER_FRAME_SPACE_US) / 1_000;
}
