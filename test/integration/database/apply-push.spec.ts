import { destroyEnvironment } from '@nexos/state';
import { type ProjectEntity } from '@nexos/database';
import { NO_COMMIT } from '@nexos/domain';
import { deploymentSettings } from '@nexos/settings';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import {
  insertProject,
  at,
  BY_REQUEST,
  deploymentsOf,
  environmentsOf,
  jobsAbout,
  type Move,
  push,
  sha,
} from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let project: ProjectEntity;
beforeEach(async () => {
  project = await insertProject(database.dataSource.manager);
});
const apply = (move: Move) => push(database.unitOfWork, project, move);
const statuses = async () =>
  (await deploymentsOf(database, project.id)).map(({ commitSha, status }) => `${commitSha} ${status}`);
const head = async (branch = 'main') => {
  const [row] = await database.rows<{ id: string; head: string; inDoubt: boolean }>(
    `SELECT id, head_sha AS head, in_doubt_since IS NOT NULL AS "inDoubt" FROM branches
     WHERE project_id = $1 AND name = $2`,
    [project.id, branch],
  );
  if (row === undefined) throw new Error('branch not found');
  return row;
};

const FIRST = { before: NO_COMMIT, after: sha(1), at: at(1) };
const SECOND = { before: sha(1), after: sha(2), at: at(2) };
const THIRD = { before: sha(2), after: sha(3), at: at(3) };

describe('the first push of a branch', () => {
  it('creates an environment and queues a deployment with a build job on the first push', async () => {
    expect(await apply(FIRST)).toBe('deployed');
    const [environment, ...others] = await environmentsOf(database, project.id);
    expect(others).toEqual([]);
    expect(environment).toMatchObject({ status: 'pending', desiredState: 'running' });
    expect(environment?.hostname).toBe(`main-${project.slug}.test.example`);
    const [deployment] = await deploymentsOf(database, project.id);
    expect(deployment).toMatchObject({ status: 'queued', commitSha: sha(1), environmentId: environment?.id });
    expect(await jobsAbout(database, deployment?.id ?? '')).toEqual(['build-deployment']);
  });

  it('keeps the settings of a deployment when the project changes later', async () => {
    await apply(FIRST);
    await database.dataSource.query(
      `UPDATE projects SET settings = '{"port": 4000, "dockerfile": "Other"}' WHERE id = $1`,
      [project.id],
    );
    const [row] = await database.rows<{ spec: object }>(
      'SELECT spec FROM deployments WHERE project_id = $1',
      [project.id],
    );
    expect(row?.spec).toEqual({
      ...deploymentSettings({}),
      dockerfile: 'Dockerfile',
      build_context: '.',
      build_timeout_seconds: 900,
      build_args: {},
      port: 3000,
      health_check_path: '/',
      cpu: 0.5,
      memory_mb: 512,
      services: { postgres: false, redis: false, s3: false },
      env: {},
      hooks: expect.objectContaining({ on_deploy: null, on_new: null, seed: null }) as object,
    });
  });

  it('creates nothing for a branch that is deleted right away', async () => {
    expect(await apply({ before: sha(1), after: NO_COMMIT, at: at(1) })).toBe('ignored');
    expect(await environmentsOf(database, project.id)).toEqual([]);
  });
});

describe('the next push', () => {
  it('supersedes a queued deployment with the latest push', async () => {
    await apply(FIRST);
    expect(await apply(SECOND)).toBe('deployed');
    expect(await statuses()).toEqual([`${sha(1)} superseded`, `${sha(2)} queued`]);
    expect(await environmentsOf(database, project.id)).toHaveLength(1);
  });

  it('leaves a running build and other branches alone', async () => {
    await apply({ ...FIRST, branch: 'other' });
    await apply(FIRST);
    await database.dataSource.query(
      `UPDATE deployments SET status = 'building', attempt = 1, lease_until = now() WHERE project_id = $1 AND branch = 'main'`,
      [project.id],
    );
    await apply(SECOND);
    expect(await statuses()).toEqual([`${sha(1)} building`, `${sha(2)} queued`]);
    expect(await deploymentsOf(database, project.id, 'other')).toMatchObject([{ status: 'queued' }]);
  });

  it('deploys a push once when it arrives twice', async () => {
    await apply(FIRST);
    expect(await apply(FIRST)).toBe('ignored');
    expect(await statuses()).toEqual([`${sha(1)} queued`]);
  });

  it('does not go back to an older commit when a duplicate push arrives late', async () => {
    for (const move of [FIRST, SECOND, FIRST]) await apply(move);
    expect((await head()).head).toBe(sha(2));
    expect(await statuses()).toEqual([`${sha(1)} superseded`, `${sha(2)} queued`]);
  });

  it('deploys an older commit when somebody pushes it on purpose', async () => {
    await apply(FIRST);
    await apply(SECOND);
    expect(await apply({ before: sha(2), after: sha(1), at: at(3) })).toBe('deployed');
    expect((await statuses()).at(-1)).toBe(`${sha(1)} queued`);
  });
});

describe('pushes that arrive out of order', () => {
  const ORDERS = [
    [FIRST, THIRD, SECOND],
    [SECOND, FIRST, THIRD],
    [SECOND, THIRD, FIRST],
    [THIRD, FIRST, SECOND],
    [THIRD, SECOND, FIRST],
    [THIRD, SECOND, THIRD, FIRST, SECOND],
  ];
  it.each(ORDERS)(
    'ends at the newest commit in whatever order the pushes arrive (order %#)',
    async (...moves) => {
      for (const move of moves) await apply(move);
      expect(await head()).toMatchObject({ head: sha(3), inDoubt: false });
      const deployments = await deploymentsOf(database, project.id);
      expect(deployments.filter(({ status }) => status === 'queued')).toMatchObject([{ commitSha: sha(3) }]);
      expect(await environmentsOf(database, project.id)).toHaveLength(1);
    },
  );

  it('orders pushes within the same second by their previous commits', async () => {
    const one = { ...FIRST, at: at(1) };
    const two = { ...SECOND, at: at(1) };
    expect(await apply(two)).toBe('deployed');
    expect(await apply(one)).toBe('ignored');
    expect(await head()).toMatchObject({ head: sha(2), inDoubt: false });
  });

  it('ends without an environment when a delete arrives before the push that preceded it', async () => {
    await apply(FIRST);
    await apply(SECOND);
    expect(await apply({ before: sha(3), after: NO_COMMIT, at: at(4) })).toBe('destroyed');
    expect(await apply(THIRD)).toBe('ignored');
    expect(await environmentsOf(database, project.id)).toMatchObject([{ status: 'destroying' }]);
    expect(await statuses()).toEqual([`${sha(1)} superseded`, `${sha(2)} cancelled`]);
  });

  it('asks the remote when the delete of a new branch arrives before its last push', async () => {
    await apply(FIRST);
    expect(await apply({ before: sha(2), after: NO_COMMIT, at: at(3) })).toBe('in-doubt');
    expect(await jobsAbout(database, project.repositoryKey)).toEqual(['look-up-branches']);
  });
});

describe('a deleted branch', () => {
  it('destroys the environment once when both a push and a delete event report the deletion', async () => {
    await apply(FIRST);
    expect(await apply({ before: sha(1), after: NO_COMMIT, at: at(2) })).toBe('destroyed');
    expect(await apply({ before: null, after: NO_COMMIT, at: at(2) })).toBe('ignored');
    const [environment, ...others] = await environmentsOf(database, project.id);
    expect(others).toEqual([]);
    expect(environment).toMatchObject({ status: 'destroying', desiredState: 'destroyed' });
    expect(await statuses()).toEqual([`${sha(1)} cancelled`]);
    expect(await jobsAbout(database, environment?.id ?? '')).toEqual(['reconcile-environment']);
  });

  it('ignores a late delete of a branch that has been pushed again', async () => {
    await apply(FIRST);
    await apply({ before: sha(1), after: NO_COMMIT, at: at(2) });
    await apply({ before: NO_COMMIT, after: sha(3), at: at(4) });
    expect(await apply({ before: null, after: NO_COMMIT, at: at(2) })).toBe('ignored');
    expect(await apply({ before: sha(1), after: NO_COMMIT, at: at(2) })).toBe('ignored');
    const environments = await environmentsOf(database, project.id);
    expect(environments.map(({ status }) => status).sort()).toEqual(['destroying', 'pending']);
  });

  it('creates a new environment at the same host name for a branch that returns during destruction', async () => {
    await apply(FIRST);
    await apply({ before: sha(1), after: NO_COMMIT, at: at(2) });
    expect(await apply({ before: NO_COMMIT, after: sha(1), at: at(3) })).toBe('deployed');
    const [old, fresh] = await environmentsOf(database, project.id);
    expect(fresh?.id).not.toBe(old?.id);
    expect(fresh?.hostname).toBe(old?.hostname);
    expect((await deploymentsOf(database, project.id)).at(-1)).toMatchObject({
      status: 'queued',
      environmentId: fresh?.id,
    });
  });
});

describe('an environment destroyed on request', () => {
  it('recreates a destroyed environment on the next push, but not on a late one', async () => {
    await apply(FIRST);
    await apply(SECOND);
    const [environment] = await environmentsOf(database, project.id);
    await database.unitOfWork.run((transaction) =>
      destroyEnvironment(transaction, environment?.id ?? '', BY_REQUEST),
    );
    expect(await apply(SECOND)).toBe('ignored');
    expect(await apply(FIRST)).toBe('ignored');
    expect(await environmentsOf(database, project.id)).toHaveLength(1);
    expect(await apply(THIRD)).toBe('deployed');
    const environments = await environmentsOf(database, project.id);
    expect(environments.map(({ status }) => status)).toEqual(['destroying', 'pending']);
  });
});

describe('twenty concurrent pushes to one branch', () => {
  const chain = Array.from({ length: 20 }, (_, i) => ({
    before: i === 0 ? NO_COMMIT : sha(i),
    after: sha(i + 1),
    at: at(i),
  }));

  it('leaves one environment with only the newest of twenty concurrent pushes queued', async () => {
    const shuffled = chain.map((_, i) => chain[(i * 7 + 3) % 20] ?? FIRST);
    await Promise.all(shuffled.map(apply));
    expect(await environmentsOf(database, project.id)).toHaveLength(1);
    const deployments = await deploymentsOf(database, project.id);
    expect(deployments.filter(({ status }) => status === 'queued')).toMatchObject([{ commitSha: sha(20) }]);
    const others = deployments.filter(({ status }) => status !== 'queued');
    expect(others.every(({ status }) => status === 'superseded')).toBe(true);
  });

  it('deploys twenty identical concurrent pushes once', async () => {
    const outcomes = await Promise.all(chain.map(() => apply(FIRST)));
    expect(outcomes.filter((outcome) => outcome === 'deployed')).toHaveLength(1);
    expect(await statuses()).toEqual([`${sha(1)} queued`]);
  });

  it('leaves one queued deployment after twenty pushes in one second; unless it is the newest, the branch is in doubt', async () => {
    await Promise.all(chain.map((move) => apply({ ...move, at: at(1) })));
    expect(await environmentsOf(database, project.id)).toHaveLength(1);
    const queued = (await deploymentsOf(database, project.id)).filter(({ status }) => status === 'queued');
    const { head: queuedHead, inDoubt } = await head();
    expect(queued).toMatchObject([{ commitSha: queuedHead }]);
    expect(inDoubt || queuedHead === sha(20)).toBe(true);
  });
});

describe('two projects of one repository', () => {
  it('gives each of two projects of one repository its own environment and deployment', async () => {
    const twin = await insertProject(database.dataSource.manager, { githubRepo: project.githubRepo });
    await apply(FIRST);
    await push(database.unitOfWork, twin, FIRST);
    const [mine] = await environmentsOf(database, project.id);
    const [theirs] = await environmentsOf(database, twin.id);
    expect(theirs?.hostname).not.toBe(mine?.hostname);
    await apply({ before: sha(1), after: NO_COMMIT, at: at(2) });
    expect(await environmentsOf(database, twin.id)).toMatchObject([{ status: 'pending' }]);
    expect(await deploymentsOf(database, twin.id)).toMatchObject([{ status: 'queued' }]);
  });
});
