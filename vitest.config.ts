import { defineConfig } from 'vitest/config';
import { LongestFirst } from './scripts/longest-first.mjs';

export default defineConfig({
  test: {
    include: [
      '{kit,wire,server,client,twin}/*/{src,test}/**/*.test.ts',
      '{gateway,lock,e2e,bench,app}/{src,test}/**/*.test.ts',
    ],
    // Processes, because one that hangs can be killed; a thread in native code keeps the whole run from ending.
    pool: 'forks',
    isolate: false,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A ceiling: what a test waits for comes when the machine gets to it.
    expect: { poll: { timeout: 30_000 } },
  },
});
