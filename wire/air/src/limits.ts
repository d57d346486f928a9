/** Version of the protocol. */
export const AIR_VERSION = 1;
/** Octets of the hub's token. */
export const TOKEN_OCTETS = 32;
/** The longest message, without the length before it. */
export const MESSAGE_LIMIT_OCTETS = 16_384;
/** The longest message before the token was right. */
export const HELLO_LIMIT_OCTETS = 160;
/** Characters of a peripheral's or process's name. */
export const NAME_LIMIT = 64;
/** Characters of any other text. */
export const TEXT_LIMIT = 200;
/** Manufacturer data that fit in a legacy advertisement. */
export const ADVERTISEMENT_LIMIT_OCTETS = 24;
/** The longest ATT value (Bluetooth Core, Vol 3 Part F, 3.2.9). */
export const VALUE_LIMIT_OCTETS = 512;
export const CHARACTERISTICS_LIMIT = 16;
export const SCAN_SERVICES_LIMIT = 16;
/** Peripherals in one listing. */
export const PERIPHERALS_LIMIT = 200;
