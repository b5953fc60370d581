import type { TestProject } from 'vitest/node';

/**
 * Counts the workers that this run may start, numbered from 1 (`VITEST_POOL_ID`). There are at most as many as files,
 * so that running a single file does not wait for unused workers.
 */
export function countWorkers({ vitest, config }: TestProject): number {
  return Math.max(1, Math.min(config.maxWorkers, vitest.state.getPaths().length));
}
