import { randomUUID } from 'node:crypto';
import { actOnEnvironment, destroyEnvironment } from '@nexos/state';
import { type ProjectEntity } from '@nexos/database';
import { NO_COMMIT } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { type PushFields, Inbox } from '../../support/inbox.js';
import {
  insertProject,
  at,
  BY_REQUEST,
  deploymentsOf,
  environmentsOf,
  jobsAbout,
  push,
  sha,
  API_ACTOR,
} from '../../support/rows.js';

let database: TestDatabase;
let inbox: Inbox;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
  inbox = new Inbox(database.dataSource);
});
afterAll(() => database.drop());

let project: ProjectEntity;
beforeEach(async () => {
  project = await insertProject(database.dataSource.manager);
  await push(database.unitOfWork, project, { before: NO_COMMIT, after: sha(1), at: at(1) });
});

type Given = Partial<PushFields>;
const accept = (given: Given = {}) => inbox.accept({ repository: project.githubRepo, ...given });
const deliver = (given: Given = {}) => inbox.acceptAndDrain({ repository: project.githubRepo, ...given });
const statuses = async () =>
  (await deploymentsOf(database, project.id)).map(({ commitSha, status }) => [commitSha, status]);
/** Returns everything that a push could change, except the delivery itself. */
const everything = () =>
  database.rows(
    `SELECT (SELECT jsonb_agg(b ORDER BY b.id) FROM branches b) AS branches,
       (SELECT jsonb_agg(e ORDER BY e.id) FROM environments e) AS environments,
       (SELECT jsonb_agg(d ORDER BY d.id) FROM deployments d) AS deployments,
       (SELECT jsonb_agg(o ORDER BY o.id) FROM outbox o WHERE queue = 'build') AS outbox`,
  );
const environmentId = async () => (await environmentsOf(database, project.id))[0]?.id ?? '';

describe('a push that follows the known head', () => {
  it('deploys a push that follows the known head, supersedes the queued deployment and enqueues a build', async () => {
    const delivery = await deliver();
    expect(await statuses()).toEqual([
      [sha(1), 'superseded'],
      [sha(2), 'queued'],
    ]);
    const [, deployment] = await deploymentsOf(database, project.id);
    expect(await jobsAbout(database, deployment?.id ?? '')).toEqual(['build-deployment']);
    expect(delivery).toMatchObject({
      event: 'push',
      repository: project.githubRepo,
      branch: 'main',
      commitSha: sha(2),
      outcome: 'deployed',
      reason: null,
      error: null,
      attempts: 1,
      results: [{ projectId: project.id, outcome: 'deployed', reason: null, deploymentId: deployment?.id }],
    });
    expect(delivery.processedAt?.getTime()).toBeGreaterThanOrEqual(delivery.receivedAt.getTime());
    const [environment] = await database.rows<object>(
      'SELECT latest_deployment_id FROM environments WHERE project_id = $1',
      [project.id],
    );
    expect(environment).toEqual({ latest_deployment_id: deployment?.id });
  });

  it('replaces a lone surrogate in the commit message, as text parameters do', async () => {
    await deliver({ message: 'half \ud83d of it' });
    const [row] = await database.rows<object>(
      `SELECT commit_message FROM deployments WHERE project_id = $1 AND status = 'queued'`,
      [project.id],
    );
    expect(row).toEqual({ commit_message: 'half \ufffd of it' });
  });
});

describe('a push that is not deployed', () => {
  const setProject = (change: string) =>
    database.dataSource.query(`UPDATE projects SET ${change} WHERE id = $1`, [project.id]);
  const CASES: [string, string, string, Given, () => Promise<unknown>][] = [
    [
      'to a repository without a project',
      'ignored',
      'no_project',
      { repository: 'nobody/nothing' },
      () => Promise.resolve(),
    ],
    [
      'that is older than the head',
      'ignored',
      'older',
      { before: NO_COMMIT, after: sha(9), second: 0 },
      () => Promise.resolve(),
    ],
    [
      'of the known head',
      'ignored',
      'same_commit',
      { before: NO_COMMIT, after: sha(1), second: 1 },
      () => Promise.resolve(),
    ],
    [
      'of unknown order',
      'in-doubt',
      'order_unknown',
      { before: sha(7), after: sha(8), second: 1 },
      () => Promise.resolve(),
    ],
    [
      'to a project with auto-deploy off',
      'ignored',
      'auto_deploy_off',
      {},
      () => setProject('auto_deploy = false'),
    ],
    [
      'to a branch that the filter excludes',
      'ignored',
      'branch_filter',
      {},
      () => setProject(`branch_exclude = '{main}'`),
    ],
    [
      'whose head commit says so',
      'skipped',
      'skip_mark',
      { message: 'docs\n\n[skip ci]' },
      () => Promise.resolve(),
    ],
    [
      'that deletes a branch without an environment',
      'ignored',
      'no_environment',
      { branch: 'other', before: sha(4), after: NO_COMMIT },
      () => Promise.resolve(),
    ],
  ];

  it.each(CASES)('records why a push %s is not deployed', async (_, outcome, reason, given, prepare) => {
    await prepare();
    const deployments = await statuses();
    expect(await deliver(given)).toMatchObject({ outcome, reason });
    expect(await statuses()).toEqual(deployments);
  });

  it('follows a branch past a push that was skipped', async () => {
    await deliver({ message: '[ci skip]' });
    expect(await deliver({ before: sha(2), after: sha(3), second: 3 })).toMatchObject({
      outcome: 'deployed',
    });
  });

  it('does not process a known delivery again', async () => {
    const id = randomUUID();
    await deliver({ id });
    const before = await everything();
    await deliver({ id, before: sha(2), after: sha(3), second: 3 });
    expect(await everything()).toEqual(before);
  });
});

describe('the effects of a push on its projects', () => {
  it('deploys a push in every project of the repository', async () => {
    const other = await insertProject(database.dataSource.manager, { githubRepo: project.githubRepo });
    expect(await deliver()).toMatchObject({ outcome: 'deployed', results: [{}, {}] });
    expect((await statuses()).at(-1)).toEqual([sha(2), 'queued']);
    expect(await deploymentsOf(database, other.id)).toMatchObject([{ status: 'queued', commitSha: sha(2) }]);
  });

  it('stores the installation that a push came through', async () => {
    await deliver({ installationId: 7 });
    expect(await database.rows('SELECT installation_id FROM projects WHERE id = $1', [project.id])).toEqual([
      { installation_id: '7' },
    ]);
  });

  it('creates a new environment while the previous one is being destroyed', async () => {
    const id = await environmentId();
    await database.unitOfWork.run((transaction) => destroyEnvironment(transaction, id, BY_REQUEST));
    expect(await deliver()).toMatchObject({ outcome: 'deployed' });
    const environments = await environmentsOf(database, project.id);
    expect(environments.map(({ status }) => status)).toEqual(['destroying', 'pending']);
  });

  it('deploys a newer push to a branch in doubt and still looks the branch up', async () => {
    await database.dataSource.query('UPDATE branches SET in_doubt_since = now() WHERE project_id = $1', [
      project.id,
    ]);
    expect(await deliver()).toMatchObject({ outcome: 'deployed' });
    expect(await jobsAbout(database, project.repositoryKey)).toContain('look-up-branches');
  });
});

describe('concurrent processing of deliveries', () => {
  it('processes each push to a branch once, in order of receipt, across several processes', async () => {
    const others = await Promise.all([1, 2, 3].map(() => database.connectAnother()));
    const processes = [inbox, ...others.map((dataSource) => new Inbox(dataSource))];
    try {
      const ids = Array.from({ length: 20 }, () => randomUUID());
      for (const [n, id] of ids.entries()) {
        await accept({ id, before: sha(n + 1), after: sha(n + 2), second: n + 2 });
      }
      await Promise.all(processes.map((process) => process.drain(project.githubRepo)));
      for (const id of ids) expect(await inbox.find(id)).toMatchObject({ outcome: 'deployed', attempts: 1 });
      const deployed = (await deploymentsOf(database, project.id)).map(({ commitSha }) => commitSha);
      expect(deployed).toEqual(Array.from({ length: 21 }, (_, n) => sha(n + 1)));
    } finally {
      await Promise.all(others.map((other) => other.destroy()));
    }
  });

  it('leaves one queued deployment after ten pushes from the same head in one second', async () => {
    await inbox.accept(
      ...Array.from({ length: 10 }, (_, i) => ({ repository: project.githubRepo, after: sha(100 + i) })),
    );
    await Promise.all(Array.from({ length: 4 }, () => inbox.drain(project.githubRepo)));
    expect((await statuses()).filter(([, status]) => status === 'queued')).toHaveLength(1);
  });

  it('processes other repositories while one is locked', async () => {
    const other = await insertProject(database.dataSource.manager);
    await accept();
    await inbox.accept({ repository: other.githubRepo });
    await database.unitOfWork.run(async () => {
      expect(await inbox.deliveries.lockRepository(project.repositoryKey)).toBe(true);
      const otherInbox = new Inbox(await database.connectAnother());
      await otherInbox.drain(other.githubRepo);
    });
    expect(await deploymentsOf(database, other.id)).toMatchObject([{ status: 'queued' }]);
  });

  it('skips a locked repository and processes it once the lock is released', async () => {
    const busy = database.dataSource.createQueryRunner();
    await busy.connect();
    await busy.startTransaction();
    await busy.query(`SELECT pg_advisory_xact_lock(hashtextextended('deliveries ' || $1, 0))`, [
      project.repositoryKey,
    ]);
    const before = await everything();
    const id = randomUUID();
    await accept({ id });
    expect(await inbox.processNext(project.githubRepo)).toEqual({ kind: 'busy' });
    expect(await everything()).toEqual(before);
    await busy.rollbackTransaction();
    await busy.release();
    await inbox.drain(project.githubRepo);
    expect(await inbox.find(id)).toMatchObject({ outcome: 'deployed', attempts: 1 });
  });

  it('leaves one queued deployment when rebuilds are requested while pushes are processed', async () => {
    const id = await environmentId();
    for (let round = 0; round < 5; round++) {
      const [before] = await database.rows<{ head: string }>(
        'SELECT head_sha AS head FROM branches WHERE project_id = $1',
        [project.id],
      );
      await Promise.all([
        deliver({ before: before?.head ?? '', after: sha(200 + round), second: 10 + round }),
        database.unitOfWork.run((transaction) => actOnEnvironment(transaction, id, 'rebuild', API_ACTOR)),
        database.unitOfWork.run((transaction) => actOnEnvironment(transaction, id, 'rebuild', API_ACTOR)),
      ]);
      expect((await statuses()).filter(([, status]) => status === 'queued')).toHaveLength(1);
    }
  });
});
