import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../docker/local/home.js';
import { readOptions } from '../../docker/local/options.js';
import { seconds } from '../../docker/local/progress.mjs';
import { setup } from '../../docker/local/setup.js';
import type { ProjectResult } from '../support/run-report.js';
import { CHECKS } from './checks.js';

const USAGE = `Runs setup, then the checks and tests.

  npm test            the checks (types, lint, format, import rules, dead code, documents), then unit, integration, API and
                      end-to-end tests
  npm run check       only the checks
  npm run test:full   the slow tests: setup, faults, limits of the API, more end-to-end tests, and the production image
  npm run test:scale  what is too slow for CI: still more end-to-end tests, the long form of tests that repeat something,
                      and the demo in a bare container
  npm run test:faults only the fault suite of test:scale: 20 projects receive pushes while everything breaks in turn
`;
/** The projects of vitest for each kind, which run together. */
const PROJECTS = {
  checks: [],
  everyday: ['unit', 'integration', 'api', 'e2e'],
  full: ['full', 'full-alone'],
  scale: ['slow', 'scale'],
  faults: ['scale'],
};
/** The files of a kind that does not run all of its projects. */
const FILES: Partial<Record<Kind, readonly string[]>> = {
  faults: ['test/full/fault-suite.spec.ts', 'test/full/engine-fault-suite.spec.ts'],
};
type Kind = keyof typeof PROJECTS;

/** `npm test`, `npm run check` and the others: returns the exit code. */
export async function main(args: string[]): Promise<number> {
  const flag = { type: 'boolean' } as const;
  const chosen = readOptions(USAGE, args, { full: flag, scale: flag, faults: flag, checks: flag });
  const kind = (['full', 'scale', 'faults', 'checks'] as const).find((one) => chosen[one]) ?? 'everyday';
  const began = Date.now();
  const isChecked = kind === 'everyday' || kind === 'checks';
  // Setup mostly waits for downloads, and no check needs it. Not beside the tests: beside a type-checking lint, they miss
  // their deadlines.
  const [{ home }, checks] = await Promise.all([setup(), isChecked ? runChecks() : undefined]);
  const folder = join(home, 'results');
  mkdirSync(folder, { recursive: true });
  const summary = join(folder, `summary-${kind}.json`);
  rmSync(summary, { force: true });
  const results: ProjectResult[] = checks === undefined ? [] : [checks];
  if (kind !== 'checks') results.push(...(await runTests(kind, folder)));
  writeFileSync(summary, JSON.stringify(results));
  process.stdout.write(`\n── finished in ${seconds(began)} ──\n`);
  for (const { name, passed, failed } of results) {
    process.stdout.write(`${name.padEnd(12)} ${passed} passed, ${failed} failed\n`);
  }
  return results.some(({ failed }) => failed > 0) ? 1 : 0;
}

/** Runs all checks in parallel, then prints their output. */
async function runChecks(): Promise<ProjectResult> {
  const outcomes = await Promise.all(
    CHECKS.map(async ({ name, program, args }) => ({ name, ...(await run(program, args, 'pipe')) })),
  );
  for (const { name, passed, took, output } of outcomes) {
    process.stdout.write(`${heading(name)}${output}${name}: ${passed ? 'passed' : 'FAILED'} in ${took}\n`);
  }
  const failures = outcomes.filter(({ passed }) => !passed).map(({ name }) => `check: ${name}`);
  return {
    name: 'checks',
    passed: outcomes.length - failures.length,
    failed: failures.length,
    failures,
  };
}

/** Runs the projects of one kind. `test/support/run-report.ts` writes their results. */
async function runTests(kind: Kind, folder: string): Promise<ProjectResult[]> {
  const file = join(folder, `${kind}.json`);
  rmSync(file, { force: true });
  process.stdout.write(heading(`tests: ${PROJECTS[kind].join(', ')}`));
  const projects = PROJECTS[kind].map((name) => `--project=${name}`);
  const args = ['run', ...projects, `--outputFile=${file}`, ...(FILES[kind] ?? [])];
  const { passed, took } = await run('vitest/vitest.mjs', args, 'inherit');
  process.stdout.write(`tests: ${passed ? 'passed' : 'FAILED'} in ${took}\n`);
  const results = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ProjectResult[]) : [];
  // An aborted run, or a project without tests, counts as failed.
  for (const name of PROJECTS[kind]) {
    if (results.some((result) => result.name === name)) continue;
    results.push({
      name,
      passed: 0,
      failed: 1,
      failures: [`${name}: the run did not end. See the output above.`],
    });
  }
  if (!passed && results.every(({ failed }) => failed === 0)) {
    const failures = ['The run failed outside of any test. See the output above.'];
    results.push({ name: 'test run', passed: 0, failed: 1, failures });
  }
  return results;
}

/**
 * Runs a program of a package.
 *
 * @param program its path below node_modules
 * @param output whether to show the output immediately or to return it
 */
async function run(program: string, args: string[], output: 'inherit' | 'pipe') {
  const began = Date.now();
  const child = spawn(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
    stdio: ['ignore', output, output],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  }
  const [status] = (await once(child, 'close')) as [number | null];
  return { passed: status === 0, took: seconds(began), output: text };
}

function heading(name: string): string {
  return `\n── ${name} ${'─'.repeat(Math.max(0, 70 - name.length))}\n`;
}
