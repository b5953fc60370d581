import { relative } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The order in which a run's projects start: first those whose files wait for the engine, then those that compute. */
const PROJECTS = ['full', 'e2e', 'integration', 'api', 'unit'];

/** Files of a minute or more, the longest first. All others follow, regardless of vitest's own order. */
const LONG = [
  'test/full/bare-container.spec.ts',
  'test/full/fault-suite.spec.ts',
  'test/full/fault-points/branches.spec.ts',
  'test/full/fault-points/rollouts.spec.ts',
  'test/full/fault-points/databases.spec.ts',
  'test/full/collisions.spec.ts',
  'test/full/backup.spec.ts',
  'test/full/services/postgres-recipe.spec.ts',
  'test/full/delivery-faults.spec.ts',
  'test/full/github-report-faults.spec.ts',
  'test/full/e2e/starting.spec.ts',
  'test/full/e2e/failures.spec.ts',
  'test/full/e2e/health.spec.ts',
  'test/full/e2e/executions.spec.ts',
  'test/full/e2e/actions.spec.ts',
  'test/full/faults.spec.ts',
  'test/full/ingress-faults.spec.ts',
  'test/full/scale/many-projects.spec.ts',
  'test/full/fixtures/voting.spec.ts',
  'test/full/e2e/sleeping.spec.ts',
  'test/full/e2e/rollback.spec.ts',
  'test/full/e2e/hooks.spec.ts',
  'test/full/e2e/stop-grace.spec.ts',
  'test/full/api/rate-limit-window.spec.ts',
  'test/e2e/services.spec.ts',
  'test/e2e/branches.spec.ts',
  'test/integration/engine/one-off-jobs.spec.ts',
];

/** Starts the longest files first, even without timings of an earlier run, so that none holds up the end of the run. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const place = new Map(sorted.map((file, n) => [file, n]));
    const rank = (file: TestSpecification) => {
      const { project, moduleId } = file;
      const long = LONG.indexOf(relative(this.ctx.config.root, moduleId));
      return [
        project.config.sequence.groupOrder,
        PROJECTS.indexOf(project.name),
        long === -1 ? LONG.length : long,
        place.get(file) ?? 0,
      ];
    };
    return sorted.sort((one, other) => compare(rank(one), rank(other)));
  }
}

function compare(one: readonly number[], other: readonly number[]): number {
  const differs = one.findIndex((value, n) => value !== other[n]);
  return differs === -1 ? 0 : (one[differs] ?? 0) - (other[differs] ?? 0);
}
