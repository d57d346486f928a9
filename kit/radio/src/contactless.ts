/** The longest APDU that crosses: a short command with 255 octets of data and Le, or a response of 256 with its status. */
export const APDU_LIMIT_OCTETS = 261;

/**
 * A card in the field of a reader (ISO/IEC 14443-4), as the reader has it. No unique identifier of the card is part of
 * this: nothing may be decided by one.
 */
export interface CardContact {
  /**
   * One command APDU and its response (ISO/IEC 7816-4), one after the other.
   * @throws RadioError `disconnected` when the card has left the field, `unsupported` for an APDU that is too long
   */
  transceive(command: Uint8Array): Promise<Uint8Array>;
  /** Called once, when the card has left the field. */
  onGone(listener: () => void): void;
}

/** A card as the field has it. */
export interface ContactlessCard {
  /** The response APDU to a command APDU. */
  respond(command: Uint8Array): Promise<Uint8Array>;
  /** The field is gone: power is off, and what was under way is forgotten. */
  left(): void;
}
