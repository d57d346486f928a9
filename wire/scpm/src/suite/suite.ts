/** How the algorithms of a suite are told on the air (9.2.1 d), e)). */
export const ALGORITHM = {
  /** AES-128-CBC and a CBC-MAC (`standard`) or CMAC (`hardened`). */
  cbc: 0x01,
  /** AES-128-CCM, and CMAC where nothing is enciphered; `hardened` only. */
  ccm: 0x02,
} as const;

/** One of {@link ALGORITHM}. */
export type AlgorithmId = (typeof ALGORITHM)[keyof typeof ALGORITHM];

/**
 * The algorithms of one direction under one key (5.3.4: independent of the frame). `head` is SA DA BC SHD SNF; a text
 * is PBC PADATA BCC, with PDG where the suite wants it.
 */
export interface FrameSuite {
  /** Octets of PDG that may follow a text that is enciphered. */
  readonly pdgMaxOctets: number;
  /** Octets that a text of so many takes when it is enciphered, PDG included. */
  encryptedOctets(textOctets: number): number;
  /** Enciphers a text and authenticates it with its head: body and MDAS. */
  sealBoth(head: Uint8Array, snf: number, text: Uint8Array): { readonly body: Uint8Array; readonly mdas: Uint8Array };
  /** Whether the MDAS of {@link sealBoth} is right; CBC deciphers nothing for it. */
  verifyBoth(head: Uint8Array, snf: number, body: Uint8Array, mdas: Uint8Array): boolean;
  /** The text of {@link sealBoth}; which check failed otherwise. */
  openBoth(head: Uint8Array, snf: number, body: Uint8Array, mdas: Uint8Array): Uint8Array | 'mdas' | 'decrypt';
  /** The MDAS over a head and a body as they are: authentication only, and the answers that copy a failed request. */
  tag(head: Uint8Array, body: Uint8Array): Uint8Array;
  /** Confidentiality only. @throws ScpmError `unsupported` in a suite without it */
  encrypt(snf: number, text: Uint8Array): Uint8Array;
  /** The inverse of {@link encrypt}; `undefined` when the body has no size that it could give. @throws ScpmError `unsupported` */
  decrypt(snf: number, body: Uint8Array): Uint8Array | undefined;
}
