import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

const SLOWEST = 10;

/** The results of one project's tests. */
export interface ProjectResult {
  readonly name: string;
  passed: number;
  failed: number;
  /** Each failed test, and each file that failed outside its tests, with its errors. */
  readonly failures: string[];
}

/** Prints the slowest files of a run, and writes each project's results to `--outputFile`. */
export default class RunReport implements Reporter {
  private vitest: Vitest | undefined;

  onInit(vitest: Vitest): void {
    this.vitest = vitest;
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    printSlowest(modules);
    const file = this.vitest?.config.outputFile;
    if (typeof file !== 'string') return;
    const results = [...resultsOf(modules), ...outsideOfTests(errors)];
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, JSON.stringify(results));
  }
}

function printSlowest(modules: readonly TestModule[]): void {
  if (modules.length <= SLOWEST) return;
  const timings = modules.map((module) => {
    const { duration, collectDuration, setupDuration } = module.diagnostic();
    return { seconds: (duration + collectDuration + setupDuration) / 1_000, path: pathOf(module) };
  });
  timings.sort((one, other) => other.seconds - one.seconds);
  const lines = timings
    .slice(0, SLOWEST)
    .map(({ seconds, path }) => `${seconds.toFixed(1).padStart(8)} s  ${path}`);
  process.stdout.write(`\n The ${SLOWEST} slowest files, hooks included\n${lines.join('\n')}\n`);
}

function resultsOf(modules: readonly TestModule[]): ProjectResult[] {
  const results = new Map<string, ProjectResult>();
  for (const module of modules) {
    const { name } = module.project;
    const result = results.get(name) ?? { name, passed: 0, failed: 0, failures: [] };
    results.set(name, result);
    result.passed += [...module.children.allTests('passed')].length;
    const failures = failuresOf(module);
    result.failed += failures.length;
    result.failures.push(...failures);
  }
  return [...results.values()];
}

/** Returns the failures of a file, which may fail without a failed test: if it does not load or a hook fails. */
function failuresOf(module: TestModule): string[] {
  const failures = [...module.children.allTests('failed')].map(
    (test) => `${pathOf(module)}: ${test.fullName}\n${textOf(test.result().errors ?? [])}`,
  );
  const suites = [...module.children.allSuites()].flatMap((suite) => suite.errors());
  const errors = [...module.errors(), ...suites];
  if (errors.length > 0 || (module.state() === 'failed' && failures.length === 0))
    failures.push(`${pathOf(module)}: ${textOf(errors)}`);
  return failures;
}

function outsideOfTests(errors: readonly SerializedError[]): ProjectResult[] {
  const failures = errors.map((error) => textOf([error]));
  return failures.length === 0
    ? []
    : [{ name: 'outside of any test', passed: 0, failed: failures.length, failures }];
}

function textOf(errors: readonly SerializedError[]): string {
  return errors.map(({ message, stack }) => stack ?? message).join('\n');
}

function pathOf(module: TestModule): string {
  return relative(module.project.vitest.config.root, module.moduleId);
}
