// The order of the test files: those that take longest begin first, so that none of them runs on alone at the end.
import { BaseSequencer } from 'vitest/node';

/** Files and folders that take more than half a minute, longest first. Only the order depends on it. */
const LONG = [
  'twin/attacks/test/attacks.test.ts',
  'e2e/test/chaos.test.ts',
  'e2e/test/web/console.test.ts',
  'e2e/test/open-a-door.test.ts',
  'e2e/test/phone.test.ts',
  'server/http/test/route.test.ts',
  'bench/test/',
  'e2e/test/web/',
  'wire/lock/test/model-walk.test.ts',
  'e2e/test/',
];

const rank = (file) => {
  const at = LONG.findIndex((long) => file.moduleId.includes(`/${long}`));
  return at < 0 ? LONG.length : at;
};

export class LongestFirst extends BaseSequencer {
  async sort(files) {
    return (await super.sort(files)).toSorted((a, b) => rank(a) - rank(b));
  }
}
