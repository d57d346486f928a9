import { readFileSync } from 'node:fs';

/** A vector file of Wycheproof; the fields of a test depend on its file. */
export interface WycheproofTest {
  readonly tcId: number;
  readonly comment: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
  readonly flags: readonly string[];
  readonly size: number;
  readonly [field: string]: unknown;
}

export interface WycheproofGroup {
  readonly ivSize: number;
  readonly keySize: number;
  readonly tagSize: number;
  readonly publicKey: { readonly uncompressed: string };
  readonly tests: readonly WycheproofTest[];
}

/** Reads `vectors/wycheproof/<name>_test.json`; answers each test with its group. */
export function wycheproof(name: string): { group: WycheproofGroup; test: WycheproofTest }[] {
  const url = new URL(`../../../vectors/wycheproof/${name}_test.json`, import.meta.url);
  const file: { numberOfTests: number; testGroups: WycheproofGroup[] } = JSON.parse(readFileSync(url, 'utf8'));
  const all = file.testGroups.flatMap((group) => group.tests.map((test) => ({ group, test })));
  if (all.length !== file.numberOfTests) throw new Error(`${name}: ${all.length} of ${file.numberOfTests} tests`);
  return all;
}

/** Octets of a test's hex field. */
export function octetsOf(test: WycheproofTest, field: string): Uint8Array {
  const text = test[field];
  if (typeof text !== 'string') throw new Error(`test ${test.tcId} has no ${field}`);
  return new Uint8Array(Buffer.from(text, 'hex'));
}
