import { randomUUID } from 'node:crypto';
import { actOnEnvironment, destroyEnvironment, takePushesAtOnce } from '@nexos/state';
import { type ProjectEntity } from '@nexos/database';
import { NO_COMMIT } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import {
  aProject,
  at,
  BY_REQUEST,
  deploymentsOf,
  environmentsOf,
  jobsAbout,
  push,
  sha,
  SOMEBODY,
} from '../../support/rows.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let project: ProjectEntity;
beforeEach(async () => {
  project = await aProject(database.dataSource.manager);
  await push(database.unitOfWork, project, { before: NO_COMMIT, after: sha(1), at: at(1) });
});

interface Given {
  before?: string | null;
  after?: string;
  second?: number;
  repository?: string;
  branch?: string;
  deliveryId?: string;
  installationId?: string | null;
}
const take = async ({
  before = sha(1),
  after = sha(2),
  second = 2,
  repository = project.githubRepo,
  branch = 'main',
  deliveryId = randomUUID(),
  installationId = null,
}: Given = {}) => {
  const commit = { sha: after, message: 'A change', author: 'Somebody' };
  const move = { branch, before, after, pushedAt: at(second), commit };
  const pushes = [{ deliveryId, repository, installationId, move }];
  return (await takePushesAtOnce(database.dataSource, database.unitOfWork, pushes))[0];
};
const statuses = async () =>
  (await deploymentsOf(database, project.id)).map(({ commitSha, status }) => [commitSha, status]);
/** Everything that a push could change. */
const everything = () =>
  database.rows(
    `SELECT (SELECT jsonb_agg(b ORDER BY b.id) FROM branches b) AS branches,
       (SELECT jsonb_agg(e ORDER BY e.id) FROM environments e) AS environments,
       (SELECT jsonb_agg(d ORDER BY d.id) FROM deployments d) AS deployments,
       (SELECT jsonb_agg(w ORDER BY w.id) FROM webhook_deliveries w) AS deliveries,
       (SELECT jsonb_agg(o ORDER BY o.id) FROM outbox o) AS outbox`,
  );
const environmentId = async () => (await environmentsOf(database, project.id))[0]?.id ?? '';

describe('a push that follows on what is known', () => {
  it('is taken at once: what waited is superseded, and the builder has a job', async () => {
    const deliveryId = randomUUID();
    expect(await take({ deliveryId })).toBe(true);
    expect(await statuses()).toEqual([
      [sha(1), 'superseded'],
      [sha(2), 'queued'],
    ]);
    const [, deployment] = await deploymentsOf(database, project.id);
    expect(await jobsAbout(database, deployment?.id ?? '')).toEqual(['build-deployment']);
    const [row] = await database.rows<object>(
      `SELECT matched, outcome, repository, event FROM webhook_deliveries WHERE id = $1`,
      [deliveryId],
    );
    expect(row).toEqual({ matched: 1, outcome: 'deployed', repository: project.githubRepo, event: 'push' });
    const [environment] = await database.rows<object>(
      'SELECT latest_deployment_id FROM environments WHERE project_id = $1',
      [project.id],
    );
    expect(environment).toEqual({ latest_deployment_id: deployment?.id });
  });

  it('has the same end as one that is taken step by step', async () => {
    const other = await aProject(database.dataSource.manager);
    await push(database.unitOfWork, other, { before: NO_COMMIT, after: sha(1), at: at(1) });
    await take();
    await push(database.unitOfWork, other, { before: sha(1), after: sha(2), at: at(2) });
    const rowsOf = async (id: string) => {
      const [branch] = await database.rows<Record<string, unknown>>(
        'SELECT head_sha, before_sha, pushed_at, in_doubt_since FROM branches WHERE project_id = $1',
        [id],
      );
      const deployments = await database.rows<Record<string, unknown>>(
        `SELECT trigger, status, branch, commit_sha, commit_message, commit_author, spec, attempt, log_writers
         FROM deployments WHERE project_id = $1 ORDER BY id`,
        [id],
      );
      return { branch, deployments };
    };
    expect(await rowsOf(project.id)).toEqual(await rowsOf(other.id));
  });
});

describe('any other push is left alone, and changes nothing', () => {
  const CASES: [string, () => Promise<Given>][] = [
    ['of a repository that nobody names', () => Promise.resolve({ repository: 'nobody/nothing' })],
    ['of a branch that is not known', () => Promise.resolve({ branch: 'other', before: NO_COMMIT })],
    ['that is older', () => Promise.resolve({ before: NO_COMMIT, after: sha(9), second: 0 })],
    ['that is the same again', () => Promise.resolve({ before: NO_COMMIT, after: sha(1), second: 1 })],
    ['that is in doubt', () => Promise.resolve({ before: sha(7), after: sha(8), second: 1 })],
    ['that came through another installation', () => Promise.resolve({ installationId: '7' })],
    [
      'of a repository that two projects name',
      async () => {
        await aProject(database.dataSource.manager, { githubRepo: project.githubRepo });
        return {};
      },
    ],
    [
      'of an environment that is being destroyed',
      async () => {
        const id = await environmentId();
        await database.unitOfWork.run((transaction) => destroyEnvironment(transaction, id, BY_REQUEST));
        return {};
      },
    ],
    [
      'of a project that pushes do not deploy',
      async () => {
        await database.dataSource.query('UPDATE projects SET auto_deploy = false WHERE id = $1', [
          project.id,
        ]);
        return {};
      },
    ],
    [
      'of a branch that is in doubt',
      async () => {
        await database.dataSource.query('UPDATE branches SET in_doubt_since = now() WHERE project_id = $1', [
          project.id,
        ]);
        return {};
      },
    ],
    [
      'whose delivery was taken before',
      async () => {
        const deliveryId = randomUUID();
        await take({ deliveryId });
        return { deliveryId, before: sha(2), after: sha(3), second: 3 };
      },
    ],
  ];

  it.each(CASES)('%s', async (_, prepare) => {
    const given = await prepare();
    const before = await everything();
    expect(await take(given)).toBe(false);
    expect(await everything()).toEqual(before);
  });
});

describe('pushes that come at the same moment', () => {
  it('to one branch are taken once from where it stands', async () => {
    // In one second, so that whoever looks later cannot tell which is newer.
    const pushes = Array.from({ length: 10 }, (_, i) => take({ after: sha(100 + i) }));
    expect((await Promise.all(pushes)).filter(Boolean)).toHaveLength(1);
    expect((await statuses()).filter(([, status]) => status === 'queued')).toHaveLength(1);
  });

  it('as somebody is busy with the environment do not wait, and change nothing', async () => {
    const id = await environmentId();
    const before = await everything();
    await database.unitOfWork.run(async ({ manager }) => {
      await manager.query('SELECT 1 FROM environments WHERE id = $1 FOR UPDATE', [id]);
      expect(await take()).toBe(false);
    });
    expect(await everything()).toEqual(before);
  });

  it.each([
    ['environments', 'latest_deployment_id = NULL'],
    ['branches', `head_sha = '${sha(5)}'`],
    ['branches', 'in_doubt_since = now()'],
    ['branches', 'asked_at = now()'],
  ])('change nothing where %s changed (%s) after they were looked at', async (table, change) => {
    const other = database.dataSource.createQueryRunner();
    await other.connect();
    await other.startTransaction();
    // Only what takes a push writes there.
    await other.query('LOCK TABLE webhook_deliveries IN EXCLUSIVE MODE');
    const taking = take();
    await eventually('the push to be looked at', async () => {
      const waiting = await database.rows(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return waiting.length > 0 ? true : undefined;
    });
    await database.dataSource.query(`UPDATE ${table} SET ${change} WHERE project_id = $1`, [project.id]);
    const before = await everything();
    await other.commitTransaction();
    await other.release();
    expect(await taking).toBe(false);
    expect(await everything()).toEqual(before);
  });

  it('as rebuilds are asked for end with one that waits', async () => {
    const id = await environmentId();
    for (let round = 0; round < 5; round++) {
      const [before] = await database.rows<{ head: string }>(
        'SELECT head_sha AS head FROM branches WHERE project_id = $1',
        [project.id],
      );
      await Promise.all([
        take({ before: before?.head ?? '', after: sha(200 + round), second: 10 + round }),
        database.unitOfWork.run((transaction) => actOnEnvironment(transaction, id, 'rebuild', SOMEBODY)),
        database.unitOfWork.run((transaction) => actOnEnvironment(transaction, id, 'rebuild', SOMEBODY)),
      ]);
      expect((await statuses()).filter(([, status]) => status === 'queued')).toHaveLength(1);
    }
  });
});
