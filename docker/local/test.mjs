// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { CHECKS } from './checks.mjs';
import { writeAtomically } from './atomic-file.mjs';
import { root } from './home.mjs';
import { logToStderr, seconds } from './progress.mjs';
import { exitWith } from './setup-error.mjs';
import { setup } from './setup.mjs';

const USAGE = `Sets everything up and runs the tests.

  npm test            types, lint, format, import rules, dead code; unit, integration and end-to-end tests
  npm run check       the first five of these alone
  npm run test:full   what takes too long for every day: set-up, faults, limits of the API, variables end to end, the
                      production image; the same in a bare container, and the demo

  --help              this text
`;
const SUITES = { checks: [], everyday: ['integration', 'api', 'e2e'], full: ['full'] };

/** @typedef {{ name: string, passed: number, failed: number, failures: string[] }} Result */

/**
 * @param {string} name
 * @param {string} program below node_modules
 * @param {string[]} args
 * @param {'inherit' | 'pipe'} output whether it is shown as it comes, or as a whole at the end
 * @returns {Promise<boolean>} whether it exited with 0
 */
async function run(name, program, args, output) {
  const began = Date.now();
  if (output === 'inherit') process.stdout.write(heading(name));
  const child = spawn(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
    stdio: ['ignore', output, output],
  });
  /** @type {Buffer[]} */
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk));
  const [status] = await once(child, 'close');
  if (output === 'pipe') process.stdout.write(heading(name) + Buffer.concat(chunks).toString());
  process.stdout.write(outcome(name, status === 0, began));
  return status === 0;
}

/** @param {string} name */
function heading(name) {
  return `\n── ${name} ${'─'.repeat(Math.max(0, 70 - name.length))}\n`;
}

/**
 * @param {string} name
 * @param {boolean} passed
 * @param {number} began
 */
function outcome(name, passed, began) {
  return `${name}: ${passed ? 'passed' : 'FAILED'} in ${seconds(began)}\n`;
}

/**
 * @param {string} suite
 * @param {string} folder where results are written
 * @param {'inherit' | 'pipe'} output as of `run`
 * @returns {Promise<Result>}
 */
async function runSuite(suite, folder, output) {
  const file = join(folder, `${suite}.json`);
  rmSync(file, { force: true });
  const args = [
    'run',
    '--config=.config/vitest.config.ts',
    `--project=${suite}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ];
  const passed = await run(`${suite} tests`, 'vitest/vitest.mjs', args, output);
  const report = readReport(file);
  // A suite that could not even be loaded fails without a single failed test.
  const failed = passed ? 0 : Math.max(1, report.numFailedTests);
  const failures = failuresIn(report);
  if (!passed && failures.length === 0)
    failures.push(`${suite} tests: failed outside of any test; see above`);
  return { name: suite, passed: report.numPassedTests, failed, failures };
}

/**
 * What vitest's JSON reporter writes, as far as we read it.
 *
 * @typedef {{
 *   numPassedTests: number, numFailedTests: number,
 *   testResults: { name: string, message: string,
 *     assertionResults: { status: string, fullName: string, failureMessages?: string[] }[] }[],
 * }} Report
 */

/**
 * @param {string} file
 * @returns {Report}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, testResults: [] };
  }
}

/**
 * @param {Report} report
 * @returns {string[]} each test that failed, and each file that failed outside of its tests, with what was said
 */
function failuresIn({ testResults }) {
  return testResults.flatMap(({ name, message, assertionResults }) => {
    const file = relative(root, name);
    const tests = assertionResults.filter(({ status }) => status === 'failed');
    if (tests.length === 0) return message === '' ? [] : [`${file}: ${message}`];
    return tests.map(
      ({ fullName, failureMessages = [] }) => `${file}: ${fullName}\n${failureMessages.join('\n')}`,
    );
  });
}

/** All checks side by side: each uses one core. @returns {Promise<Result>} */
async function runChecks() {
  const results = await Promise.all(
    CHECKS.map(({ name, program, args }) => run(name, program, args, 'pipe')),
  );
  const passed = results.filter((result) => result).length;
  const failures = CHECKS.filter((_, i) => results[i] !== true).map(({ name }) => `the check of ${name}`);
  return { name: 'checks', passed, failed: failures.length, failures };
}

async function main() {
  const { values } = parseArgs({
    options: { full: { type: 'boolean' }, checks: { type: 'boolean' }, help: { type: 'boolean' } },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const began = Date.now();
  const { home } = await setup({ log: logToStderr });
  const folder = join(home, 'results');
  mkdirSync(folder, { recursive: true });
  const kind = values.full ? 'full' : values.checks ? 'checks' : 'everyday';
  const summary = join(folder, `summary-${kind}.json`);
  rmSync(summary, { force: true });
  /** @type {Result[]} */
  const results = [];
  // What only computes is done beside the slowest of the checks, which has a core for itself in the end.
  const beside = kind === 'everyday' ? [runSuite('unit', folder, 'pipe')] : [];
  if (kind !== 'full') results.push(...(await Promise.all([runChecks(), ...beside])));
  for (const suite of SUITES[kind]) results.push(await runSuite(suite, folder, 'inherit'));
  writeAtomically(summary, JSON.stringify(results), 0o644);
  process.stdout.write(`\n── all in ${seconds(began)} ──\n`);
  for (const { name, passed, failed } of results) {
    process.stdout.write(`${name.padEnd(12)} ${passed} passed, ${failed} failed\n`);
  }
  if (results.some(({ failed }) => failed > 0)) process.exitCode = 1;
}

main().catch(exitWith);
