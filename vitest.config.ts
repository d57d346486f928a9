import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: [
      '{kit,wire,server,client,twin}/*/{src,test}/**/*.test.ts',
      '{gateway,lock,e2e,bench,app}/{src,test}/**/*.test.ts',
    ],
    pool: 'threads',
    isolate: false,
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A ceiling: what a test waits for comes when the machine gets to it.
    expect: { poll: { timeout: 30_000 } },
  },
});
