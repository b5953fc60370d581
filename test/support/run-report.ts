import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule, Vitest } from 'vitest/node';

const SLOWEST = 10;

/** What the tests of one project came to. */
export interface ProjectResult {
  readonly name: string;
  passed: number;
  failed: number;
  /** Each test that failed, and each file that failed outside of its tests, with what was said. */
  readonly failures: string[];
}

/** Prints the slowest files of a run, and writes what each project came to where `--outputFile` says. */
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
  const taken = modules.map((module) => {
    const { duration, collectDuration, setupDuration } = module.diagnostic();
    return { seconds: (duration + collectDuration + setupDuration) / 1_000, path: pathOf(module) };
  });
  taken.sort((one, other) => other.seconds - one.seconds);
  const lines = taken
    .slice(0, SLOWEST)
    .map(({ seconds, path }) => `${seconds.toFixed(1).padStart(8)} s  ${path}`);
  process.stdout.write(`\n The ${SLOWEST} slowest files, with their hooks\n${lines.join('\n')}\n`);
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

/** A file that could not be loaded, or whose hooks failed, fails without a single failed test. */
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
