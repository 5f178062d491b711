// Adds up what the test runners reported in the directory given first and prints
// it as the plain last line. The other arguments are the stages that failed: each
// of them that reported no failed test (a build, a linter) counts as one.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const [directory, ...failedStages] = process.argv.slice(2);
const read = (name) => {
  const file = join(directory, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};
const tally = { passed: 0, failed: 0, skipped: 0 };
const key = { pass: 'passed', fail: 'failed', skip: 'skipped' };

// go test -json: one event a line; subtests count, packages do not.
for (const line of read('go.json').split('\n')) {
  if (!line.startsWith('{')) continue;
  const { Action, Test } = JSON.parse(line);
  if (Test && key[Action]) tally[key[Action]]++;
}

const vitest = read('console.json');
if (vitest) {
  const report = JSON.parse(vitest);
  tally.passed += report.numPassedTests;
  tally.failed += report.numFailedTests;
  tally.skipped += report.numPendingTests;
}

const playwright = read('e2e.json');
if (playwright) {
  const { stats } = JSON.parse(playwright);
  tally.passed += stats.expected + stats.flaky;
  tally.failed += stats.unexpected;
  tally.skipped += stats.skipped;
}

if (failedStages.length) console.log(`FAILED: ${failedStages.join(', ')}`);
tally.failed = Math.max(tally.failed, failedStages.length);
console.log(`${tally.passed} passed, ${tally.failed} failed, ${tally.skipped} skipped`);
process.exitCode = tally.failed || !tally.passed ? 1 : 0;
