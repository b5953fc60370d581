import { expect } from 'vitest';
import { eventually } from '../eventually.js';
import { smallApp } from '../nexos/app-source.js';
import { NO_RESOURCES } from '../nexos/deploying-installation.js';
import type { NexosStack } from '../nexos/nexos-stack.js';
import { quotaDrift } from '../nexos/quota-drift.js';
import { deleteProjects, TestProject } from '../nexos/test-project.js';
import type { FaultTable } from './fault-table.js';
import type { Fault } from './faults.js';
import { outcomeOf, query } from './outcomes.js';
import { SteadyPushes } from './steady-pushes.js';

/** Projects that are created at once. */
const AT_ONCE = 5;

/** Creates projects with a live version each. */
export async function createProjects(nexos: NexosStack, count: number): Promise<TestProject[]> {
  const projects: TestProject[] = [];
  const create = async () => {
    const project = await TestProject.create(nexos, { memory_mb: 16, cpu: 0.1, start_timeout_seconds: 120 });
    expect(await project.deploy(smallApp('first'))).toMatchObject({ status: 'live' });
    projects.push(project);
  };
  while (projects.length < count) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, count - projects.length) }, create));
  }
  return projects;
}

/**
 * Causes the fault during a build while all projects receive pushes, and expects that every accepted push then ends
 * correctly and once, that nothing is left over, and that usage matches a recomputation.
 *
 * @param everyMs the pause between the pushes of a project
 */
export async function playRound<On extends { readonly nexos: NexosStack }>(
  stage: On,
  { projects, everyMs }: { readonly projects: readonly TestProject[]; readonly everyMs: number },
  { name, strike, mayFail = [] }: Fault<On>,
  table: FaultTable,
): Promise<void> {
  const { nexos } = stage;
  const pushes = new SteadyPushes(nexos, projects, everyMs);
  await eventually('a build', async () =>
    (await query(nexos, `SELECT 1 FROM deployments WHERE status = 'building'`)).length > 0 ? true : undefined,
  );
  await strike({ ...stage, pushes });
  const overAt = performance.now();
  await pushes.finish();
  const outcome = await outcomeOf(nexos, pushes.accepted, mayFail);
  table.add(name, outcome, (performance.now() - overAt) / 1_000);
  const { accepted } = outcome;
  expect(outcome).toEqual({ accepted, correct: accepted, lost: 0, duplicated: 0, problems: [] });
  expect(await quotaDrift(nexos)).toEqual([]);
}

/** Deletes all projects, and expects that nothing of them is left on the engine. */
export async function expectNothingLeft(nexos: NexosStack): Promise<void> {
  await deleteProjects(nexos);
  let seen: unknown;
  await eventually(
    'everything to be gone',
    async () => {
      seen = await nexos.engineResources();
      return JSON.stringify(seen) === JSON.stringify(NO_RESOURCES) ? true : undefined;
    },
    { deadlineMs: 900_000, everyMs: 500, seen: () => seen },
  );
}
