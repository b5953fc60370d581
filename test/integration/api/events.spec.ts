import type { components } from '@nexos/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { anotherAccount, commit, createProject, ISO, problemOf, refusedFields } from './api-fixture.js';

type DeploymentEvent = components['schemas']['DeploymentEventResponse'];
type EnvironmentEvent = components['schemas']['EnvironmentEventResponse'];

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

/** Creates an environment with a queued deployment. */
async function pushed() {
  const { id: projectId, repository } = await createProject(nexos);
  await nexos.webhooks.push({ repository, branch: 'main', before: NO_COMMIT, after: commit(1) });
  const environment = await nexos.api.waitForEnvironment(projectId);
  return { projectId, environmentId: environment.id, deploymentId: environment.latest_deployment_id ?? '' };
}
const ofDeployment = (id: string) => nexos.api.get<DeploymentEvent[]>(`/deployments/${id}/events`);
const ofEnvironment = (id: string) => nexos.api.get<EnvironmentEvent[]>(`/environments/${id}/events`);

describe('the events of a deployment', () => {
  it('list what happened, who did it and why, newest first', async () => {
    const { deploymentId } = await pushed();
    await nexos.api.post(`/deployments/${deploymentId}/cancel`);
    const { credential } = await nexos.api.get<{ credential: { id: string } }>('/auth/me');
    const common = { id: expect.stringMatching(/^\d+$/) as string, type: 'status', data: {}, at: ISO };
    expect(await ofDeployment(deploymentId)).toEqual([
      { ...common, from: 'queued', to: 'cancelled', actor: credential.id, reason: 'requested' },
      { ...common, from: null, to: 'queued', actor: 'github', reason: 'push' },
    ]);
  });

  it('name the deployment that superseded it', async () => {
    const { projectId, deploymentId } = await pushed();
    const newer = await nexos.api.post<{ id: string }>(`/projects/${projectId}/deployments`, {
      branch: 'main',
    });
    expect((await ofDeployment(deploymentId))[0]).toMatchObject({
      to: 'superseded',
      reason: 'newer_deployment',
      data: { by: newer.id },
    });
  });
});

describe('the events of an environment', () => {
  it('list the requested actions and the status changes', async () => {
    const { environmentId, deploymentId } = await pushed();
    await nexos.database.query(
      `UPDATE environments SET status = 'running', live_deployment_id = $2 WHERE id = $1`,
      [environmentId, deploymentId],
    );
    await nexos.api.post(`/environments/${environmentId}/pause`);
    await nexos.api.post(`/environments/${environmentId}/pause`);
    await nexos.api.post(`/environments/${environmentId}/destroy`);
    const events = await ofEnvironment(environmentId);
    expect(events.map(({ type, from, to, data }) => [type, from, to, data])).toEqual([
      ['status', 'running', 'destroying', {}],
      ['requested', null, null, { action: 'pause' }],
      ['status', null, 'pending', {}],
    ]);
  });

  it('include the commands that are run in it', async () => {
    const { environmentId, deploymentId } = await pushed();
    await nexos.database.query(
      `UPDATE environments SET status = 'running', live_deployment_id = $2 WHERE id = $1`,
      [environmentId, deploymentId],
    );
    const execution = await nexos.api.post<{ id: string }>(`/environments/${environmentId}/exec`, {
      command: ['true'],
    });
    await nexos.api.post(`/executions/${execution.id}/cancel`);
    const events = (await ofEnvironment(environmentId)).filter(({ type }) => type === 'execution');
    expect(events.map(({ from, to, data }) => [from, to, data])).toEqual([
      ['queued', 'cancelled', { execution_id: execution.id }],
      [null, 'queued', { execution_id: execution.id }],
    ]);
  });
});

describe.each(['deployment', 'environment'] as const)('the event list of a %s', (kind) => {
  const pathOf = (ids: Awaited<ReturnType<typeof pushed>>) =>
    `/${kind}s/${kind === 'deployment' ? ids.deploymentId : ids.environmentId}/events`;

  it('is paged, each page with a link to the next', async () => {
    const ids = await pushed();
    for (const action of ['one', 'two', 'three', 'four']) {
      await nexos.database.query(
        `INSERT INTO ${kind}_events (${kind}_id, project_id, type, data, actor)
         VALUES ($1, $2, 'status', jsonb_build_object('note', $3::text), 'system')`,
        [kind === 'deployment' ? ids.deploymentId : ids.environmentId, ids.projectId, action],
      );
    }
    const all = await nexos.api.get<EnvironmentEvent[]>(pathOf(ids));
    expect(all).toHaveLength(5);
    const seen: EnvironmentEvent[] = [];
    let path: string | undefined = `${pathOf(ids)}?limit=2`;
    while (path !== undefined) {
      const response = await nexos.api.request('GET', path);
      expect(response.status).toBe(200);
      const page = (await response.json()) as EnvironmentEvent[];
      expect(page.length).toBeLessThanOrEqual(2);
      seen.push(...page);
      path = /^<([^>]+)>; rel="next"$/.exec(response.headers.get('link') ?? '')?.[1]?.replace('/api', '');
    }
    expect(seen).toEqual(all);
  });

  it('is a 304 while nothing has happened', async () => {
    const path = pathOf(await pushed());
    const first = await nexos.api.request('GET', path);
    const etag = first.headers.get('etag') ?? '';
    expect((await nexos.api.request('GET', path, undefined, { 'if-none-match': etag })).status).toBe(304);
  });

  it('is not found for another account', async () => {
    const path = pathOf(await pushed());
    const { api } = await anotherAccount(nexos);
    const response = await api.request('GET', path);
    expect(response.status).toBe(404);
    await problemOf(response);
  });

  it.each(['0', '-1', 'abc', '1.5', '9'.repeat(19), 'dep_01jz8x6t3n5v7w9y1a2b3c4d5e'])(
    'rejects the cursor %s',
    async (cursor) => {
      const response = await nexos.api.request('GET', `${pathOf(await pushed())}?cursor=${cursor}`);
      expect(await refusedFields(response)).toEqual(['cursor']);
    },
  );
});
