import type { TestSystem } from '../support/global-setup.js';
import { measureAdmissions } from './admissions.js';
import { measureFairness, printFairness } from './fairness.js';

/** Measures what the quota costs, and how builds of several accounts share a builder. */
export async function benchQuota(system: TestSystem): Promise<void> {
  const admissions = await measureAdmissions(system);
  const fairness = await measureFairness(system);
  printFairness(fairness);
  process.stdout.write(`${JSON.stringify({ bench: 'quota', ...admissions, fairness })}\n`);
}
