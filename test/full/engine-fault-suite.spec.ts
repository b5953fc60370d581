import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { ENGINE_FAULTS } from '../support/faults/engine-faults.js';
import { FaultTable } from '../support/faults/fault-table.js';
import { createProjects, expectNothingLeft, playRound } from '../support/faults/round.js';
import { SmallSystem } from '../support/faults/small-system.js';
import type { TestProject } from '../support/nexos/test-project.js';

/** The small engine needs memory for its disk. */
const PROJECTS = 5;
const DISK_MB = 1_500;
const PUSH_EVERY_MS = 15_000;
const table = new FaultTable(process.env.FAULTS_TABLE);

/** The part of the fault suite that breaks an engine. Costs 5 minutes. */
describe('while projects on an engine of their own receive pushes', () => {
  let system: SmallSystem;
  let projects: TestProject[];
  beforeAll(async () => {
    system = await SmallSystem.start(inject('system'), DISK_MB);
    projects = await createProjects(system.nexos, PROJECTS);
  });
  afterAll(async () => {
    table.print();
    // Undefined where `beforeAll` failed.
    await (system as SmallSystem | undefined)?.stop();
  });

  it.each(ENGINE_FAULTS.map((fault) => [fault.name, fault] as const))(
    'ends every push correctly and once, and serves the newest good one: %s',
    async (_name, fault) => {
      await playRound(system, { projects, everyMs: PUSH_EVERY_MS }, fault, table);
      expect(projects).toHaveLength(PROJECTS);
    },
  );

  it('leaves nothing behind when all projects are deleted', () => expectNothingLeft(system.nexos));
});
