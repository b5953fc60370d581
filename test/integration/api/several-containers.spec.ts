import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SharedApi } from '../../support/nexos/shared-api.js';
import { NO_COMMIT } from '../../support/nexos/webhook-sender.js';
import { commit, createProject, problemOf, refusedFields } from './api-fixture.js';

const API = { name: 'api', port: 3001, public: true, env: { TOKEN: 'a secret' } };
const WORKER = { name: 'worker', command: ['node', 'worker.js'], depends_on: ['api'] };

let nexos: SharedApi;
beforeAll(async () => {
  nexos = await SharedApi.enter();
});
afterAll(() => nexos.leave());

let projectId: string;
let environmentId: string;
beforeEach(async () => {
  const project = await createProject(nexos, { containers: [API, WORKER] });
  projectId = project.id;
  await nexos.webhooks.push({
    repository: project.repository,
    branch: 'main',
    before: NO_COMMIT,
    after: commit(1),
  });
  environmentId = (await nexos.api.waitForEnvironment(projectId)).id;
});
const goLive = () =>
  nexos.database.query(
    `UPDATE environments SET status = 'running', live_deployment_id = latest_deployment_id WHERE id = $1`,
    [environmentId],
  );
const details = () =>
  nexos.api.get<{ containers: unknown[]; settings: Record<string, unknown>; url: string }>(
    `/environments/${environmentId}`,
  );

describe('a project with several containers', () => {
  it('shows what was given, and replaces all of it at once', async () => {
    const given = await nexos.api.get<{ containers: unknown[] }>(`/projects/${projectId}`);
    expect(given.containers).toMatchObject([API, WORKER]);
    const path = `/projects/${projectId}`;
    expect((await nexos.api.request('PATCH', path, { containers: [{ name: 'cron' }] })).status).toBe(200);
    const { containers } = await nexos.api.get<{ containers: unknown[] }>(path);
    expect(containers).toMatchObject([{ name: 'cron' }]);
  });

  it.each([
    ['a reserved name', [{ name: 'postgres' }]],
    ['a name twice', [{ name: 'api' }, { name: 'api' }]],
    ['an unknown dependency', [{ name: 'api', depends_on: ['worker'] }]],
    [
      'a cycle',
      [
        { name: 'a', depends_on: ['b'] },
        { name: 'b', depends_on: ['a'] },
      ],
    ],
    ['a health check without a port', [{ name: 'api', health_check_path: '/' }]],
    ['an unknown field', [{ name: 'api', volumes: [] }]],
    ['something else than a list', { name: 'api' }],
  ])('rejects %s', async (_, containers) => {
    const response = await nexos.api.request('PATCH', `/projects/${projectId}`, { containers });
    const [field = ''] = await refusedFields(response);
    expect(field).toMatch(/^containers/);
  });
});

describe('an environment with several containers', () => {
  it('lists those of its live version, with URLs of public ones and no value of a variable', async () => {
    expect((await details()).containers).toEqual([]);
    await goLive();
    const shown = await details();
    expect(shown.containers).toEqual([
      { name: 'app', url: shown.url, health: null },
      // Its host name is allocated by the first rollout.
      { name: 'api', url: null, health: null },
      { name: 'worker', url: null, health: null },
    ]);
    const { value } = shown.settings.containers as { value: unknown[] };
    expect(value).toMatchObject([{ name: 'api', env: ['TOKEN'] }, { name: 'worker' }]);
    expect(JSON.stringify(shown)).not.toContain('a secret');
  });

  it('runs commands in a container of the live version, and in no other', async () => {
    await goLive();
    const run = (container: string) =>
      nexos.api.request('POST', `/environments/${environmentId}/exec`, { command: ['true'], container });
    const response = await run('worker');
    expect(response.status).toBe(202);
    expect(await response.json()).toMatchObject({ container: 'worker' });
    const refused = await run('cron');
    expect(refused.status).toBe(409);
    expect((await problemOf(refused)).detail).toBe(
      'The environment has no container cron. It has app, api, worker.',
    );
  });
});
