import { forkBranch } from '@nexos/domain';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { canTakeEffect, FAULT_KINDS } from '../../support/github-api/faults.js';
import { Reporter } from '../../support/github-reports/reporter.js';
import { statusesIn } from '../../support/github-reports/told.js';
import { createQueuedDeployment, insertProject } from '../../support/rows.js';

let database: TestDatabase;
let reporter: Reporter;
beforeAll(async () => {
  const system = inject('system');
  database = await TestDatabase.create(system);
  reporter = await Reporter.start(database, system.env.REDIS_URL ?? '', { timeoutMs: 1_000 });
});
afterAll(async () => {
  await reporter.stop();
  await database.drop();
});

/** Deploys a commit of a fork's pull request, whose branch is called like one of the repository itself. */
async function deployFork() {
  const project = await insertProject(database.dataSource.manager);
  await reporter.install(project);
  const own = reporter.api.pullRequests.open(project.githubRepo, 'main');
  const pull = reporter.api.pullRequests.open(project.githubRepo, 'main', 'stranger/fork');
  await createQueuedDeployment(database, { project, branch: forkBranch(pull.number) });
  return { project, own, pull };
}

describe('the comment on a pull request of a fork', () => {
  it('is on that pull request, and not on one from a branch of the same name', async () => {
    const { project, own, pull } = await deployFork();
    await reporter.tell(project.id);
    expect(statusesIn(pull.comments[0]?.bodies ?? [])).toEqual(['Queued']);
    expect(own.comments).toEqual([]);
    expect(reporter.api.malformed).toEqual([]);
  });

  it('is left out when the pull request is closed', async () => {
    const { project, pull } = await deployFork();
    pull.isOpen = false;
    await reporter.tell(project.id);
    expect(pull.comments).toEqual([]);
  });

  it.each(FAULT_KINDS)(
    'is made once although GitHub fails when asked whether it is open: %s',
    async (kind) => {
      const { project, pull } = await deployFork();
      const question = `GET /repos/${project.githubRepo}/pulls/${pull.number}`;
      let asked = 0;
      reporter.api.failWhen((request) =>
        request === question && asked++ === 0 ? { kind, isApplied: canTakeEffect(kind) } : null,
      );
      await reporter.tell(project.id);
      reporter.api.failWhen(null);
      expect(asked).toBeGreaterThan(1);
      expect(pull.comments.map(({ bodies }) => statusesIn(bodies))).toEqual([['Queued']]);
    },
  );
});
