import { newId } from '@nexos/domain';
import type { TestDatabase } from './database.js';
import { insertProject } from './rows.js';

/** What a build of an app without hooks and further containers returns. */
export const BUILT_IMAGE = {
  imageId: 'sha256:1',
  containerImageIds: [],
  seedImageId: null,
  hookImageId: null,
  nodeId: null,
};

/** An account with a project, and as many environments that wait for their first build. */
export interface WaitingBuilds {
  readonly accountId: string;
  readonly projectId: string;
  /** The deployments, in the order in which they were queued. */
  readonly deploymentIds: readonly string[];
}

/** Queues builds of an account, each in its own environment, with one statement per table. */
export async function queueBuilds(
  database: TestDatabase,
  count: number,
  { concurrentBuilds = 1_000, accountId = '' } = {},
): Promise<WaitingBuilds> {
  const project = await insertProject(database.dataSource.manager, { accountId });
  await database.dataSource.query(`UPDATE accounts SET plan = 'operator', limits = $2 WHERE id = $1`, [
    project.accountId,
    JSON.stringify({ concurrent_builds: concurrentBuilds }),
  ]);
  const ids = Array.from({ length: count }, () => newId('environment'));
  await database.dataSource.query(
    `INSERT INTO environments (id, project_id, branch, hostname, status, desired_state)
     SELECT id, $2, id, id, 'pending', 'running' FROM unnest($1::text[]) AS id`,
    [ids, project.id],
  );
  const deploymentIds = ids.map(() => newId('deployment'));
  await database.dataSource.query(
    `INSERT INTO deployments (id, project_id, environment_id, trigger, status, branch, commit_sha, spec, queued_at,
       waiting_since)
     SELECT id, $3, environment_id, 'push', 'queued', environment_id, repeat('0', 40), '{}', moment, moment
     FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS queued (id, environment_id, at)
     CROSS JOIN LATERAL (SELECT clock_timestamp() + make_interval(secs => (at - 1) / 1e6) AS moment) time`,
    [deploymentIds, ids, project.id],
  );
  return { accountId: project.accountId, projectId: project.id, deploymentIds };
}
