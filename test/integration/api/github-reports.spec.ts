import type { components } from '@nexos/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { anotherAccount, commit, createProject, ISO, problemOf, refusedFields } from './api-fixture.js';

type Reports = components['schemas']['GithubReportsResponse'];

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

describe('GET /projects/:id/github/reports', () => {
  it('shows what GitHub refused, and why, and what it will be told', async () => {
    const { id: projectId, repository } = await createProject(nexos);
    await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
    const environment = await nexos.api.waitForEnvironment(projectId);
    const { latest_deployment_id: deployment } = environment;
    await nexos.database.query(
      `INSERT INTO github_reports (kind, subject, project_id, environment_id, branch, version, told_version, failures, error, updated_at)
       VALUES ('check', $2, $1, $3, 'main', 3, 3, 3, 'The App lacks a permission.', now()),
         ('comment', 'a comment of ' || $1, $1, NULL, 'main', 2, 1, 0, NULL, now() - interval '1 minute')`,
      [projectId, deployment, environment.id],
    );
    const path = `/projects/${projectId}/github/reports`;
    const { obstacle, reports } = await nexos.api.get<Reports>(path);
    expect(obstacle).toContain('no GitHub App');
    expect(reports).toEqual([
      {
        ...{ kind: 'check', branch: 'main', deployment_id: deployment, commit_sha: commit(1) },
        ...{ status: 'failed', state: null, error: 'The App lacks a permission.', failures: 3 },
        ...{ updated_at: ISO, next_attempt_at: null },
      },
      {
        ...{ kind: 'comment', branch: 'main', deployment_id: null, commit_sha: null },
        ...{
          status: 'waiting',
          state: null,
          error: null,
          failures: 0,
          updated_at: ISO,
          next_attempt_at: ISO,
        },
      },
    ]);
    const failed = await nexos.api.get<Reports>(`${path}?status=failed&limit=1`);
    expect(failed.reports).toEqual(reports.slice(0, 1));
  });

  it('rejects an unknown status, and hides the project from other accounts', async () => {
    const { id } = await createProject(nexos);
    const path = `/projects/${id}/github/reports`;
    expect(await refusedFields(await nexos.api.request('GET', `${path}?status=lost`))).toEqual(['status']);
    const { api } = await anotherAccount(nexos);
    const response = await api.request('GET', path);
    expect(response.status).toBe(404);
    await problemOf(response);
  });
});
