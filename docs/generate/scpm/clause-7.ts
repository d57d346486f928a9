import { clause } from './sentence.ts';

/** Clause 7: the format of a frame. */
export const CLAUSE_7 = [
  ...clause('7.1.1', {
    1: 'A frame begins with the frame header, the source address and the destination address.',
    2: 'The size of what follows and the information itself come after them.',
  }),
  ...clause('7.1.2', {
    1: 'HD says whether the frame is a secure one.',
    2: 'HD may carry more, such as the method of communication (we carry nothing more: anything else is refused).',
  }),
  ...clause('7.1.3', {
    1: 'SA is the address of the node that made the frame.',
    2: 'DA is the address of the node that it is for.',
    3: 'Addresses have the form that the medium gives them (6 octets, or 2).',
  }),
  ...clause('7.1.4', { 1: 'BC counts the octets of ADATA.' }),
  ...clause('7.1.5', { 1: 'ADATA is of variable length and carries what is asked for.' }),
  ...clause('7.2.1', {
    1: 'The payload of a secure frame is SHD, SNF, PBC, PADATA, BCC, PDG and MDAS, in this order.',
    2: 'A field of an option that is not selected is left out; SHD says what is selected.',
  }),
  ...clause('7.2.2', {
    1: 'SHD has 2 octets.',
    2: 'b3 to b0 are 0:0:0:0 for the serial key.',
    3: 'b3 to b0 are 0:0:0:1 for the user key.',
    4: 'b3 to b0 are 0:0:1:0 for the maker key.',
    5: 'b3 to b0 are 0:0:1:1 to 1:1:1:1 for the keys of service providers.',
    6: 'b4 = 1: the frame is protected by a secret computed by Diffie-Hellman.',
    7: 'b4 = 0: the frame is protected by the key of its index.',
    8: 'b5 is reserved.',
    9: 'b6: 0 authentication on, 1 off.',
    10: 'b7: 0 encryption on, 1 off.',
    11: 'b6 and b7 shall not be 1 together.',
    12: 'b8: 0 request, 1 response.',
    13: 'b9 to b11 are reserved.',
    14: 'b15 to b12 are 0:0:0:0 of a success.',
    15: 'b15 to b12 are 0:0:0:1 when the SNF did not verify.',
    16: 'b15 to b12 are 0:0:1:0 when the authentication did not verify.',
    17: 'b15 to b12 are 0:1:0:0 when the data could not be decrypted (Figure 7; the prose speaks of access right).',
    18: 'b12 to b15 mean something in a response only.',
  }),
  ...clause('7.2.3', {
    1: 'SNF has 4 octets.',
    2: 'SNF is a counter that only grows.',
    3: 'SNF is always there, also without replay protection.',
    4: 'Processing the SNF is the responsibility of the requested service.',
    5: 'Its first value may be chosen by chance, at a cold or a warm start.',
    6: 'At a warm start it may be the number kept in non-volatile memory.',
    7: 'When authentication succeeds the requested service adds 1 and tells the requester.',
    8: 'The requester uses that value in its next request to the same requested service.',
  }),
  ...clause('7.2.4', { 1: 'PBC has 1 octet and counts the octets of PADATA.' }),
  ...clause('7.2.5', {
    1: 'PADATA is of variable length, always there, and whole octets.',
    2: 'PADATA has at most 255 octets.',
  }),
  ...clause('7.2.6', {
    1: 'BCC has 1 octet, the XOR of what it covers.',
    2: 'BCC covers SA, DA, BC, SHD, SNF, PBC and PADATA.',
    3: 'BCC finds errors, and is no cryptographic check.',
  }),
  ...clause('7.2.7', {
    1: 'PDG fills PBC, PADATA and BCC to the size that the algorithm requires.',
    2: 'With AES it has 0 to 15 octets.',
    3: 'All implementations shall support generation and consumption of padding.',
    4: 'PDG is filled with 0x00.',
  }),
  ...clause('7.2.8', {
    1: 'The authentication function sets the length of MDAS; AES CBC-MAC gives 16 octets.',
    2: 'MDAS is computed over the frame without HD and MDAS.',
    3: 'MDAS is there only when authentication is selected in SHD.',
  }),
];
