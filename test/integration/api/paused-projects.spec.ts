import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Project } from '../../support/nexos/api-client.js';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject, ISO, problemOf } from './api-fixture.js';

let nexos: SharedApi;
let project: Project & { repository: string };
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());
beforeEach(async () => {
  project = await createProject(nexos);
});

const pause = (reason: string) =>
  nexos.database.query('UPDATE projects SET paused_reason = $2, paused_at = now() WHERE id = $1', [
    project.id,
    reason,
  ]);
const push = (number: number, before = NO_COMMIT) =>
  nexos.webhooks.push({ repository: project.repository, branch: 'main', before, after: commit(number) });

describe('a project whose deploys are paused', () => {
  it('says why, since when and what to do', async () => {
    expect(project.deploys_paused).toBeNull();
    await pause('installation_suspended');
    const paused = await nexos.api.get<Project>(`/projects/${project.id}`);
    expect(paused.deploys_paused).toEqual({
      reason: 'installation_suspended',
      since: ISO,
      message: expect.stringContaining(`${project.repository} is suspended. Unsuspend`) as string,
    });
  });

  it.each(['installation_removed', 'repository_not_connected', 'repository_inaccessible'])(
    'refuses deployments and rebuilds through the API: %s',
    async (reason) => {
      await push(1);
      const { id } = await nexos.api.waitForEnvironment(project.id);
      await pause(reason);
      const requests = [
        [`/projects/${project.id}/deployments`, { branch: 'main' }],
        [`/environments/${id}/rebuild`, undefined],
      ] as const;
      for (const [path, body] of requests) {
        const response = await nexos.api.request('POST', path, body);
        expect(response.status).toBe(409);
        expect(await problemOf(response)).toMatchObject({
          type: 'urn:nexos:problem:project-paused',
          detail: expect.stringContaining(project.repository) as string,
        });
      }
    },
  );

  it('skips pushes with the reason, and still destroys the environment of a deleted branch', async () => {
    await push(1);
    await pause('installation_removed');
    expect(await push(2, commit(1))).toMatchObject({ outcome: 'skipped', reason: 'installation_removed' });
    const gone = { repository: project.repository, branch: 'main', before: commit(2), after: NO_COMMIT };
    expect(await nexos.webhooks.push(gone)).toMatchObject({ outcome: 'destroyed' });
  });

  it('is resumed by the same repository, whose installation is found again', async () => {
    await pause('repository_not_connected');
    await nexos.database.query('UPDATE projects SET installation_id = 7 WHERE id = $1', [project.id]);
    const body = { github_repo: project.repository };
    const changed = await nexos.api.request('PATCH', `/projects/${project.id}`, body);
    expect(await changed.json()).toMatchObject({ deploys_paused: null });
    const lines = `SELECT before, after FROM audit_log WHERE subject = $1 AND action = 'project.deploys_resumed'`;
    expect(await nexos.rows(lines, [project.id])).toEqual([
      { before: { deploys_paused: 'repository_not_connected' }, after: { deploys_paused: null } },
    ]);
    const ids = 'SELECT installation_id FROM projects WHERE id = $1';
    expect(await nexos.column(ids, [project.id])).toEqual([null]);
  });

  it('is resumed by another repository', async () => {
    await pause('repository_inaccessible');
    const body = { github_repo: `${project.repository}-new` };
    const changed = await nexos.api.request('PATCH', `/projects/${project.id}`, body);
    expect(await changed.json()).toMatchObject({ deploys_paused: null });
  });
});
