import type { TestProject } from 'vitest/node';

/**
 * Counts the workers that this run may start, which are numbered from 1 (`VITEST_POOL_ID`). There are no more of them
 * than files, so that who runs a single file does not wait for the sake of the others.
 */
export function countWorkers({ vitest, config }: TestProject): number {
  return Math.max(1, Math.min(config.maxWorkers, vitest.state.getPaths().length));
}
