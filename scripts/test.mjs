// Runs every test and ends with the plain line `N passed, N failed`. Arguments go on to vitest (a file, -t NAME).
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const report = join(root, '.cache', `test-report-${process.pid}.json`);
mkdirSync(dirname(report), { recursive: true });

// Set-up may just have brought the Node that package-lock.json names; this process may still be an older one.
const name = process.platform === 'win32' ? 'win' : process.platform;
const own = join(root, 'node_modules', `node-${name}-${process.arch}`, 'bin', name === 'win' ? 'node.exe' : 'node');
const node = existsSync(own) ? own : process.execPath;
const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const run = spawn(
  node,
  [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`, ...process.argv.slice(2)],
  // A group of its own, so that all of it can be ended.
  { cwd: root, env, stdio: ['ignore', 'inherit', 'inherit'], detached: process.platform !== 'win32' },
);
const end = (signal) => {
  try {
    if (process.platform === 'win32') run.kill(signal);
    else process.kill(-run.pid, signal);
  } catch {
    // It has ended by itself.
  }
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => end(signal));

// The runner waits for its workers without bound. All results are in the report by then, so a worker that does not
// end may keep it for a minute, not for ever.
const GRACE_MS = 60_000;
let reportSeenAt;
const watch = setInterval(() => {
  if (existsSync(report)) reportSeenAt ??= Date.now();
  if (reportSeenAt === undefined || Date.now() - reportSeenAt < GRACE_MS) return;
  clearInterval(watch);
  console.error(`the test runner did not end within ${GRACE_MS / 1000} s of its report: stopped`);
  end('SIGKILL');
}, 1_000);
const status = await new Promise((resolve) => {
  run.once('error', (error) => {
    console.error(`the test runner did not start: ${error.message}`);
    resolve(1);
  });
  // `exit`, not `close`: a process that a test left behind would hold the streams.
  run.once('exit', (code) => resolve(code));
});
clearInterval(watch);
const stopped = reportSeenAt !== undefined && status === null;
if (!existsSync(report)) {
  console.error('the test runner ended without a report');
  console.log('0 passed, 1 failed');
  process.exit(1);
}
const {
  numPassedTests: passed,
  numFailedTests,
  numFailedTestSuites,
  testResults,
} = JSON.parse(readFileSync(report, 'utf8'));
rmSync(report);
// A file that does not load has no failed test of its own, yet must count.
const brokenFiles = testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length;
let failed = numFailedTests + brokenFiles;
if (failed === 0 && ((status !== 0 && !stopped) || numFailedTestSuites > 0)) failed = 1;
const notRun = testResults
  .flatMap((file) => file.assertionResults)
  .filter((test) => ['pending', 'skipped'].includes(test.status));
for (const test of notRun) console.log(`not run: ${test.fullName}`);
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 && passed > 0 ? 0 : 1);
