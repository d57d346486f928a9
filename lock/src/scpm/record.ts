import type { DurableCodec } from '../flash/store.ts';

/** What a node of SCPM keeps without power; undefined before it has kept anything. */
export type NodeRecord = Uint8Array | undefined;

/** A record in the place of the one before. */
export interface NodeChange {
  readonly record: NodeRecord;
  /** A key is gone, so nothing of what was written before may stay on the flash. */
  readonly erases: boolean;
}

const encode = (record: NodeRecord): Uint8Array => record ?? new Uint8Array(0);
const decode = (octets: Uint8Array): NodeRecord => (octets.length === 0 ? undefined : octets);

/** Records of a node as the flash store has them: a change is the whole record. */
export const nodeRecords: DurableCodec<NodeRecord, NodeChange> = {
  factory: undefined,
  apply: (_, { record }) => record,
  encodeState: encode,
  decodeState: decode,
  encodeChange: ({ record }) => encode(record),
  decodeChange: (octets) => ({ record: decode(octets), erases: false }),
  erases: ({ erases }) => erases,
};
