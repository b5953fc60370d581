import type { TestSystem } from '../support/global-setup.js';
import { measureAdmissions } from './admissions.js';
import { measureFairness, printFairness } from './fairness.js';
import { ratioOf, type Row } from './table.js';

/** Measures what the quota costs, and how builds of several accounts share a builder. */
export async function benchQuota(system: TestSystem): Promise<Row[]> {
  const admissions = await measureAdmissions(system);
  const fairness = await measureFairness(system);
  printFairness(fairness);
  process.stdout.write(`${JSON.stringify({ bench: 'quota', ...admissions, fairness })}\n`);
  const { counterPerSecond, admissionsPerSecond } = admissions;
  return [
    {
      what: 'admissions of projects, against a counter row',
      bare: `${counterPerSecond.toFixed(0)} /s`,
      nexos: `${admissionsPerSecond.toFixed(0)} /s`,
      ratio: ratioOf(admissionsPerSecond, counterPerSecond),
      target: null,
    },
    ...fairness.map(({ accounts, delayedBy, inOrder }) => ({
      what: `first build behind ${accounts} accounts with 200 each, against the order of arrival`,
      bare: `${inOrder} builds`,
      nexos: `${delayedBy} builds`,
      ratio: null,
      target: '≤ 1 build',
    })),
  ];
}
