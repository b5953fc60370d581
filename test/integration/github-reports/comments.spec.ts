import { wantComment } from '@nexos/state';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { Reporter } from '../../support/github-reports/reporter.js';
import { statusesIn } from '../../support/github-reports/told.js';
import { createQueuedDeployment, insertProject } from '../../support/rows.js';
import { DeploymentFixture } from '../database/deployment-fixture.js';

let database: TestDatabase;
let reporter: Reporter;
beforeAll(async () => {
  const system = inject('system');
  database = await TestDatabase.create(system);
  reporter = await Reporter.start(database, system.env.REDIS_URL ?? '');
});
afterAll(async () => {
  await reporter.stop();
  await database.drop();
});

async function fixtureWithApp() {
  const fixture = await DeploymentFixture.create(database);
  await reporter.install(fixture.project);
  const { id: projectId, githubRepo: repository } = fixture.project;
  return { fixture, projectId, repository };
}

describe('the comment on a pull request', () => {
  const oneComment = (pull: { comments: { bodies: string[] }[] }) => {
    expect(pull.comments).toHaveLength(1);
    return pull.comments[0]?.bodies ?? [];
  };

  it('is one table with all projects of the account and repository', async () => {
    const githubRepo = `acme/mono-${process.pid}`;
    const web = await insertProject(database.dataSource.manager, { githubRepo });
    const { accountId } = web;
    const api = await insertProject(database.dataSource.manager, { githubRepo, accountId });
    const other = await insertProject(database.dataSource.manager, { githubRepo });
    const pull = reporter.api.pullRequests.open(githubRepo, 'main');
    for (const project of [web, api]) {
      await reporter.install(project);
      await createQueuedDeployment(database, { project });
      await reporter.tell(project.id);
    }
    await reporter.send(web.id);
    await createQueuedDeployment(database, { project: other });
    const body = oneComment(pull).at(-1) ?? '';
    expect(body).toContain(`<code>${web.name}</code></td><td>Queued`);
    expect(body).toContain(`<code>${api.name}</code></td><td>Queued`);
    expect(body).not.toContain(`<code>${other.name}</code>`);
  });

  it('is made once a pull request is opened, and follows further ones', async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    await fixture.reach('live');
    await reporter.tell(projectId);
    const first = reporter.api.pullRequests.open(repository, 'main');
    const ask = () => database.unitOfWork.run((transaction) => wantComment(transaction, projectId, 'main'));
    await ask();
    await reporter.tell(projectId);
    const second = reporter.api.pullRequests.open(repository, 'main');
    await ask();
    await reporter.tell(projectId);
    for (const pull of [first, second]) expect(statusesIn(oneComment(pull))).toEqual(['Live']);
    expect(oneComment(first)).toHaveLength(1);
  });

  it('says that the environment is destroyed, although the pull request is closed by then', async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    const pull = reporter.api.pullRequests.open(repository, 'main');
    await fixture.reach('live');
    await reporter.tell(projectId);
    pull.isOpen = false;
    await fixture.destroy();
    await reporter.tell(projectId);
    expect(statusesIn(oneComment(pull))).toEqual(['Live', 'Destroyed']);
    // A later environment of the branch is not shown on the closed one.
    const next = reporter.api.pullRequests.open(repository, 'main');
    await fixture.reach('queued');
    await reporter.tell(projectId);
    expect(statusesIn(oneComment(pull))).toEqual(['Live', 'Destroyed']);
    expect(statusesIn(oneComment(next))).toEqual(['Queued']);
  });

  it('is made again with the next state after somebody deleted it', async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    const pull = reporter.api.pullRequests.open(repository, 'main');
    const id = await fixture.reach('building');
    await reporter.tell(projectId);
    pull.comments.splice(0);
    await fixture.build(id);
    await reporter.tell(projectId);
    expect(statusesIn(oneComment(pull))).toEqual(['Deploying']);
  });

  it("leaves a stranger's comment with the same marker alone", async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    const pull = reporter.api.pullRequests.open(repository, 'main');
    reporter.api.pullRequests.comment(pull, `<!-- nexos:${fixture.project.accountId} -->`);
    await fixture.reach('queued');
    await reporter.tell(projectId);
    expect(pull.comments.map(({ appId, bodies }) => [appId, bodies.length])).toEqual([
      [null, 1],
      [4242, 1],
    ]);
  });
});
