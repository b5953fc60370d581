// @ts-check
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CHECKS } from './checks.mjs';
import { readIfThere, writeAtomically } from './atomic-file.mjs';
import { root } from './home.mjs';
import { logToStderr, seconds } from './progress.mjs';
import { exitWith } from './setup-error.mjs';
import { setup } from './setup.mjs';

const USAGE = `Sets everything up and runs the tests.

  npm test            types, lint, format, import rules, dead code, documents; unit, integration and end-to-end tests
  npm run check       the first six of these alone
  npm run test:full   what takes too long for every day: set-up, faults, limits of the API, more end-to-end tests, the
                      production image, and the demo in a bare container
  npm run test:scale  what takes too long for CI: the long form of tests whose short form is among the others

  --help              this text
`;
/** Of vitest's projects: those of one kind run together, in one run. */
const PROJECTS = {
  checks: [],
  everyday: ['unit', 'integration', 'api', 'e2e'],
  full: ['full', 'full-alone'],
  scale: ['scale'],
};

/** @typedef {keyof typeof PROJECTS} Kind */
/** @typedef {{ name: string, passed: number, failed: number, failures: string[] }} Result */

/**
 * @param {string} program below node_modules
 * @param {string[]} args
 * @param {'inherit' | 'pipe'} output whether it is shown as it comes, or returned
 */
async function run(program, args, output) {
  const began = Date.now();
  const child = spawn(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
    stdio: ['ignore', output, output],
  });
  /** @type {Buffer[]} */
  const chunks = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => chunks.push(chunk));
  const [status] = await once(child, 'close');
  return { passed: status === 0, took: seconds(began), output: Buffer.concat(chunks).toString() };
}

/** @param {string} name */
function heading(name) {
  return `\n── ${name} ${'─'.repeat(Math.max(0, 70 - name.length))}\n`;
}

/**
 * Runs the projects of one kind. What they came to is written by `test/support/run-report.ts`.
 *
 * @param {Kind} kind
 * @param {string} folder where results are written
 * @returns {Promise<Result[]>}
 */
async function runTests(kind, folder) {
  const file = join(folder, `${kind}.json`);
  rmSync(file, { force: true });
  process.stdout.write(heading(`tests: ${PROJECTS[kind].join(', ')}`));
  const projects = PROJECTS[kind].map((name) => `--project=${name}`);
  const args = ['run', '--config=.config/vitest.config.ts', ...projects, `--outputFile=${file}`];
  const { passed, took } = await run('vitest/vitest.mjs', args, 'inherit');
  process.stdout.write(`tests: ${passed ? 'passed' : 'FAILED'} in ${took}\n`);
  /** @type {Result[]} */
  const results = JSON.parse(readIfThere(file) ?? '[]');
  // A run that broke off, and a project without a single test, have not passed, whatever the others say.
  for (const name of PROJECTS[kind]) {
    if (results.some((result) => result.name === name)) continue;
    results.push({ name, passed: 0, failed: 1, failures: [`${name}: was not run to its end; see above`] });
  }
  if (!passed && results.every(({ failed }) => failed === 0)) {
    const failures = ['the tests failed outside of any test; see above'];
    results.push({ name: 'test run', passed: 0, failed: 1, failures });
  }
  return results;
}

/** Runs all checks side by side, each on one core, and prints what they say when the last one is through. */
async function runChecks() {
  const outcomes = await Promise.all(
    CHECKS.map(async ({ name, program, args }) => ({ name, ...(await run(program, args, 'pipe')) })),
  );
  return {
    text: outcomes
      .map(
        ({ name, passed, took, output }) =>
          `${heading(name)}${output}${name}: ${passed ? 'passed' : 'FAILED'} in ${took}\n`,
      )
      .join(''),
    /** @type {Result} */
    result: {
      name: 'checks',
      passed: outcomes.filter(({ passed }) => passed).length,
      failed: outcomes.filter(({ passed }) => !passed).length,
      failures: outcomes.filter(({ passed }) => !passed).map(({ name }) => `the check of ${name}`),
    },
  };
}

/** @param {Kind} kind */
async function runAll(kind) {
  const began = Date.now();
  const { home } = await setup({ log: logToStderr });
  const folder = join(home, 'results');
  mkdirSync(folder, { recursive: true });
  const summary = join(folder, `summary-${kind}.json`);
  rmSync(summary, { force: true });
  /** @type {Result[]} */
  const results = [];
  // One after the other: tests that share the machine with a type-checking lint miss their deadlines.
  if (kind === 'everyday' || kind === 'checks') {
    const checks = await runChecks();
    process.stdout.write(checks.text);
    results.push(checks.result);
  }
  if (kind !== 'checks') results.push(...(await runTests(kind, folder)));
  writeAtomically(summary, JSON.stringify(results), 0o644);
  process.stdout.write(`\n── all in ${seconds(began)} ──\n`);
  for (const { name, passed, failed } of results) {
    process.stdout.write(`${name.padEnd(12)} ${passed} passed, ${failed} failed\n`);
  }
  if (results.some(({ failed }) => failed > 0)) process.exitCode = 1;
}

async function main() {
  const { values } = parseArgs({
    options: {
      full: { type: 'boolean' },
      scale: { type: 'boolean' },
      checks: { type: 'boolean' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) process.stdout.write(USAGE);
  else await runAll(values.full ? 'full' : values.scale ? 'scale' : values.checks ? 'checks' : 'everyday');
}

main().catch(exitWith);
