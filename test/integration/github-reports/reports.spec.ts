import { DeploymentFailure } from '@nexos/domain';
import { Redactor } from '@nexos/logs';
import { applyPush, failBuild, GithubReportLists, ProjectsRepository } from '@nexos/state';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import { Reporter } from '../../support/github-reports/reporter.js';
import { toldOf } from '../../support/github-reports/told.js';
import { at, BASE_DOMAIN, createQueuedDeployment, sha } from '../../support/rows.js';
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

const { signal } = new AbortController();

async function fixtureWithApp() {
  const fixture = await DeploymentFixture.create(database);
  const installation = await reporter.install(fixture.project);
  const { id: projectId, githubRepo: repository } = fixture.project;
  return { fixture, installation, projectId, repository };
}
const set = (projectId: string, columns: string) =>
  database.dataSource.query(`UPDATE projects SET ${columns} WHERE id = $1`, [projectId]);
const checksOf = (repository: string) =>
  reporter.api.checkRuns.all.filter((one) => one.repository === repository);
const requestsAbout = (repository: string) =>
  reporter.api.requests.filter((request) => request.includes(`/repos/${repository}/`));

describe('reports to GitHub', () => {
  it('of many quick events become one request for each subject, with the last state', async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    const id = await fixture.reach('live');
    await reporter.dispatch(projectId, 'DESC');
    await reporter.send(projectId);
    expect(toldOf(reporter.api, repository)).toEqual({ checks: [['Live']], deployments: [['Live']] });
    expect(checksOf(repository)[0]).toMatchObject({ externalId: id, name: `nexos/${fixture.project.slug}` });
    expect(requestsAbout(repository).sort()).toEqual([
      `GET /repos/${repository}/pulls`,
      `POST /repos/${repository}/check-runs`,
      `POST /repos/${repository}/deployments`,
      expect.stringMatching(/^POST .*\/deployments\/\d+\/statuses$/),
    ]);
  });

  it('are not made for a project that GitHub did not confirm to its account, if it has to', async () => {
    const strict = await Reporter.start(database, inject('system').env.REDIS_URL ?? '', {}, 'connected');
    const fixture = await DeploymentFixture.create(database);
    await strict.install(fixture.project);
    await fixture.reach('live');
    await strict.tell(fixture.project.id);
    expect(strict.api.requests).toEqual([]);
    await strict.stop();
  });

  it('are not repeated when an event is', async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    await fixture.reach('queued');
    await reporter.tell(projectId);
    const before = toldOf(reporter.api, repository);
    const count = requestsAbout(repository).filter((request) => !request.startsWith('GET')).length;
    await database.dataSource.query(
      'UPDATE deployment_events SET passed_on_at = NULL WHERE project_id = $1',
      [projectId],
    );
    await reporter.tell(projectId);
    expect(toldOf(reporter.api, repository)).toEqual(before);
    expect(requestsAbout(repository).filter((request) => !request.startsWith('GET'))).toHaveLength(count);
  });

  it('show that a version was replaced, but leave its check as it was', async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    await fixture.reach('live');
    await reporter.tell(projectId);
    await fixture.reach('live');
    await reporter.tell(projectId);
    expect(toldOf(reporter.api, repository)).toEqual({
      checks: [['Live'], ['Live']],
      deployments: [['Live', 'Replaced'], ['Live']],
    });
  });

  it('show why a deployment failed, with the end of its log, and nothing of a stranger as Markdown', async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    const id = await fixture.reach('building');
    const secret = 'a-secret-value-of-a-variable';
    const writer = await reporter.log.open(id, new Redactor([secret]), 1_000_000);
    for (let line = 1; line <= 120; line++) writer.append({ stream: 'stdout', text: `line ${line}` });
    writer.append({ stream: 'stdout', text: '</pre>' });
    writer.append({ stream: 'stdout', text: `@everyone \`\`\` ${secret}` });
    const failure = new DeploymentFailure('dockerfile_invalid', 'It <b>failed</b> @everyone.');
    await database.unitOfWork.run(async (transaction) => {
      await failBuild(transaction, fixture.held(id), failure);
      await writer.archive();
    });
    await writer.close();
    await reporter.tell(projectId);
    const state = checksOf(repository)[0]?.states.at(-1);
    expect(state).toMatchObject({ status: 'completed', conclusion: 'failure' });
    const { summary = '', text = '' } = state?.output ?? {};
    expect(summary).toContain('<code>It &lt;b&gt;failed&lt;/b&gt; @everyone.</code>');
    const lines = /<pre>\n([^]*)\n<\/pre>$/.exec(text)?.[1]?.split('\n') ?? [];
    expect(lines).toHaveLength(50);
    expect(lines.at(-3)).toBe('line 120');
    expect(lines.at(-2)).toBe('&lt;/pre&gt;');
    expect(text).not.toContain(secret);
  });

  it('are not made for a project that turned them off', async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    reporter.api.pullRequests.open(repository, 'main');
    await set(projectId, 'github_checks = false, github_deployments = false, github_comments = false');
    await fixture.reach('live');
    await reporter.tell(projectId);
    expect(await reporter.of(projectId)).toEqual([]);
    expect(requestsAbout(repository)).toEqual([]);
  });

  it('of a deployment that has begun are told to their end after they were turned off', async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    const id = await fixture.reach('building');
    await reporter.tell(projectId);
    await set(projectId, 'github_checks = false, github_deployments = false');
    await fixture.build(id);
    await fixture.rollOut(id);
    await reporter.tell(projectId);
    expect(toldOf(reporter.api, repository)).toEqual({
      checks: [['Building', 'Live']],
      deployments: [['Building', 'Live']],
    });
  });

  it('show a push that was skipped as a neutral check', async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    const project = await database.repository(ProjectsRepository).get(projectId);
    const commit = { sha: sha(5), message: 'Typo [skip ci]', author: 'Somebody' };
    const move = { branch: 'main', before: null, after: sha(5), pushedAt: at(5), commit };
    const { outcome } = await fixture.run((transaction) =>
      applyPush(transaction, project, move, BASE_DOMAIN),
    );
    expect(outcome).toBe('skipped');
    await reporter.tell(projectId);
    expect(checksOf(repository)).toMatchObject([
      { headSha: sha(5), states: [{ status: 'completed', conclusion: 'neutral' }] },
    ]);
    expect(toldOf(reporter.api, repository)).toEqual({ checks: [['Skipped: skip_mark']], deployments: [] });
  });

  it('are not made while the installation of the App is unknown', async () => {
    const fixture = await DeploymentFixture.create(database);
    await fixture.reach('live');
    await reporter.dispatch(fixture.project.id);
    expect(await reporter.of(fixture.project.id)).toEqual([]);
  });

  it('leave out a deployment that was superseded before GitHub knew of it', async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    await fixture.reach('queued');
    await fixture.reach('queued');
    await reporter.tell(projectId);
    expect(toldOf(reporter.api, repository)).toEqual({
      checks: [['Superseded by a newer deployment'], ['Queued']],
      deployments: [['Queued']],
    });
  });

  it('end with a readable reason when the App lacks a permission, and are tried again with the next event', async () => {
    const { fixture, installation, projectId, repository } = await fixtureWithApp();
    reporter.api.installations.grant(installation, { deployments: 'write', pull_requests: 'write' });
    const id = await fixture.reach('building');
    await reporter.tell(projectId);
    const [check, comment, deployment] = await reporter.of(projectId);
    expect(check).toMatchObject({
      kind: 'check',
      error: expect.stringContaining('lacks the permission "checks: write"') as string,
    });
    expect([comment?.error, deployment?.error]).toEqual([null, null]);
    expect(checksOf(repository)).toEqual([]);
    const lists = database.repository(GithubReportLists);
    expect(await lists.ofProject(projectId, { status: 'failed', limit: 10 })).toMatchObject([
      {
        kind: 'check',
        deploymentId: id,
        commitSha: expect.any(String) as string,
        failures: 3,
        nextAttemptAt: null,
      },
    ]);
    expect(await lists.ofProject(projectId, { status: 'told', limit: 10 })).toHaveLength(2);
    reporter.api.installations.grant(installation, {
      checks: 'write',
      deployments: 'write',
      pull_requests: 'write',
    });
    await fixture.build(id);
    await reporter.tell(projectId);
    expect(toldOf(reporter.api, repository).checks).toEqual([['Deploying']]);
    expect((await reporter.of(projectId)).map(({ error }) => error)).toEqual([null, null, null]);
  });

  it.each([
    ['suspended', (id: number) => reporter.api.installations.suspend(id), 'has been suspended'],
    ['removed', (id: number) => reporter.api.installations.uninstall(id), 'no longer installed'],
  ])('end with a readable reason when the installation is %s', async (_what, end, reason) => {
    const { fixture, installation, projectId } = await fixtureWithApp();
    end(installation);
    await fixture.reach('queued');
    await reporter.tell(projectId);
    for (const { error } of await reporter.of(projectId)) expect(error).toContain(reason);
  });

  it('of one installation are told at most four at a time, and all of them without a sweep', async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    for (let branch = 1; branch <= 6; branch++) {
      await createQueuedDeployment(database, { project: fixture.project, branch: `branch-${branch}` });
    }
    await reporter.dispatch(projectId);
    reporter.api.peak = 0;
    reporter.api.delayMs = 50;
    for (const { id } of await reporter.of(projectId)) reporter.sender.wake(id);
    await eventually('all to be told', async () => {
      const reports = await reporter.of(projectId);
      return reports.every(({ version, toldVersion }) => version === toldVersion) ? true : undefined;
    });
    reporter.api.delayMs = 0;
    expect(toldOf(reporter.api, repository).checks).toHaveLength(6);
    expect(reporter.api.peak).toBeLessThanOrEqual(4);
  });

  it('of a worker that comes back late do not stay on GitHub', async () => {
    const { fixture, projectId, repository } = await fixtureWithApp();
    const id = await fixture.reach('building');
    await reporter.dispatch(projectId);
    const [check] = await reporter.of(projectId);
    const late = await reporter.reports.claim(check?.id ?? '', 0);
    if (late === null) throw new Error('the check cannot be claimed');
    await fixture.build(id);
    await reporter.tell(projectId);
    await reporter.attempts.run(late, signal);
    await reporter.tell(projectId);
    expect(toldOf(reporter.api, repository).checks).toEqual([['Deploying']]);
    expect(checksOf(repository)).toHaveLength(1);
  });

  it('of other installations do not wait for one that is limited', async () => {
    const limited = await fixtureWithApp();
    const other = await fixtureWithApp();
    reporter.api.failWhen((request) =>
      request.includes(limited.repository) ? { kind: 'secondary limit', isApplied: false } : null,
    );
    await limited.fixture.reach('queued');
    await other.fixture.reach('queued');
    await reporter.dispatch(limited.projectId);
    for (const { id } of await reporter.of(limited.projectId)) reporter.sender.wake(id);
    await reporter.dispatch(other.projectId);
    await reporter.send(other.projectId);
    expect(checksOf(limited.repository)).toEqual([]);
    reporter.api.failWhen(null);
    await reporter.send(limited.projectId);
    expect(toldOf(reporter.api, limited.repository).checks).toEqual([['Queued']]);
  });
});
