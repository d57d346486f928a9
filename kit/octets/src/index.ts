export { Reader, Writer } from './cursor.ts';
export { OctetsError, type OctetsErrorCode } from './errors.ts';
export { concat, equal, equalSecret, xor } from './octets.ts';
export { fromAscii, fromBase64, fromHex, toAscii, toBase64, toHex } from './text.ts';
