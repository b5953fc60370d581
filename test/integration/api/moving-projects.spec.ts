import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { Deployment, Environment } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject } from './api-fixture.js';

let nexos: SharedApi;
let other: pg.Client;
beforeAll(async () => {
  nexos = await SharedApi.enter();
  other = new pg.Client({ connectionString: nexos.env.DATABASE_URL });
  await other.connect();
});
afterAll(async () => {
  await other.end();
  await nexos.leave();
});

/** Sends a request while the project moves to another repository; the move commits once the request waits. */
async function whileMoving<T>(projectId: string, ask: () => Promise<T>): Promise<T> {
  await other.query('BEGIN');
  const move = `UPDATE projects SET github_repo = 'acme/' || id, repository_key = 'acme/' || id, repository_id = NULL
    WHERE id = $1`;
  await other.query(move, [projectId]);
  await other.query('DELETE FROM branches WHERE project_id = $1', [projectId]);
  const asked = ask();
  await eventually('the request to wait', async () => {
    const { rowCount } = await nexos.database.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rowCount === 0 ? undefined : true;
  });
  await other.query('COMMIT');
  return asked;
}
const branchesOf = (id: string) => nexos.column('SELECT name FROM branches WHERE project_id = $1', [id]);

async function pushed() {
  const project = await createProject(nexos);
  const { id, repository } = project;
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  return { id, repository, environment: await nexos.api.waitForEnvironment(id) };
}

describe('while a project moves to another repository', () => {
  it('a push to the old repository does nothing', async () => {
    const { id, repository, environment } = await pushed();
    const response = await whileMoving(id, () =>
      nexos.webhooks.push({ repository, branch: 'new', before: NO_COMMIT, after: commit(2) }),
    );
    expect(response).toMatchObject({ outcome: 'ignored', matched: 0 });
    expect(await branchesOf(id)).toEqual([]);
    expect(await nexos.api.waitForEnvironment(id)).toEqual(environment);
  });

  it('a deployment of a branch does not take the commit of the old repository', async () => {
    const { id } = await pushed();
    const response = await whileMoving(id, () =>
      nexos.api.post<Deployment>(`/projects/${id}/deployments`, { branch: 'main' }),
    );
    expect(response).toMatchObject({ status: 'queued', commit_sha: null });
  });

  it('a rebuild does not take the commit of the old repository', async () => {
    const { id, environment } = await pushed();
    const { latest_deployment_id: latest } = await whileMoving(id, () =>
      nexos.api.post<Environment>(`/environments/${environment.id}/rebuild`),
    );
    expect(await nexos.api.deployment(latest ?? '')).toMatchObject({ commit_sha: null, trigger: 'rebuild' });
  });
});
