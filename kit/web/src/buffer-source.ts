/** Octets as the interfaces of a browser take them: in memory of their own, never shared with a worker. */
export function toBufferSource(octets: Uint8Array): Uint8Array<ArrayBuffer> {
  return octets.buffer instanceof ArrayBuffer
    ? new Uint8Array(octets.buffer, octets.byteOffset, octets.length)
    : octets.slice();
}
