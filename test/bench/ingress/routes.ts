import { newId } from '@nexos/domain';
import { insertProject, sha } from '../../support/rows.js';
import type { TestDatabase } from '../../support/database.js';

export interface BenchRoute {
  readonly projectId: string;
  readonly environmentId: string;
  readonly hostname: string;
  readonly live: string;
  /** Another version of the same app, which is ready to become live. */
  readonly next: string;
}

/** Of every app. */
export const PORT = 3000;
export const TIMEOUT_SECONDS = 120;

/** Writes environments with a live version and a host name each, as if they had been deployed one after the other. */
export async function insertRoutes(
  database: TestDatabase,
  count: { projects: number; routes: number },
): Promise<BenchRoute[]> {
  const { manager } = database.dataSource;
  const projects: Awaited<ReturnType<typeof insertProject>>[] = [];
  for (let number = 0; number < count.projects; number++) projects.push(await insertProject(manager));
  const routes = Array.from({ length: count.routes }, (_, number) => ({
    project: projects[number % projects.length],
    environmentId: newId('environment'),
    hostname: `branch-${number}-project-${number % projects.length}.bench.example`,
    live: newId('deployment'),
    next: newId('deployment'),
  })).map(({ project, ...route }) => ({
    ...route,
    projectId: project?.id ?? '',
    accountId: project?.accountId,
  }));
  const column = (key: keyof (typeof routes)[number]) => routes.map((route) => route[key]);
  await manager.query(
    `INSERT INTO environments (id, project_id, branch, hostname, status, desired_state)
     SELECT id, project_id, hostname, hostname, 'running', 'running'
     FROM unnest($1::text[], $2::text[], $3::text[]) AS row (id, project_id, hostname)`,
    [column('environmentId'), column('projectId'), column('hostname')],
  );
  for (const version of ['live', 'next'] as const) {
    await manager.query(
      `INSERT INTO deployments (id, project_id, environment_id, trigger, status, branch, commit_sha, spec)
       SELECT id, project_id, environment_id, 'push', $4, hostname, $5, $6
       FROM unnest($1::text[], $2::text[], $3::text[], $7::text[]) AS row (id, project_id, environment_id, hostname)`,
      [
        ...[column(version), column('projectId'), column('environmentId')],
        ...[version === 'live' ? 'live' : 'superseded', sha(1)],
        ...[{ port: PORT, request_timeout_seconds: TIMEOUT_SECONDS }, column('hostname')],
      ],
    );
  }
  await manager.query(
    `UPDATE environments SET live_deployment_id = row.live
     FROM unnest($1::text[], $2::text[]) AS row (id, live) WHERE environments.id = row.id`,
    [column('environmentId'), column('live')],
  );
  await manager.query(
    `INSERT INTO hostnames (hostname, account_id, environment_id) SELECT * FROM unnest($1::text[], $2::text[], $3::text[])`,
    [column('hostname'), column('accountId'), column('environmentId')],
  );
  return routes;
}
