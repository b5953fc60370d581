import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { slowBuild, webApp } from '../support/nexos/app-source.js';
import type { Deployment, Environment } from '../support/nexos/api-client.js';
import { NO_RESOURCES } from '../support/nexos/deploying-installation.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { quotaDrift } from '../support/nexos/quota-drift.js';
import { newVersion, statefulApp } from '../support/nexos/stateful-app.js';
import { TestProject, deleteProjects } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

/** Every row of the README's table of colliding actions, down to the result on the engine. */
describe('an action during another one', () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'), { env: { DRAIN_MS: '300' } });
  });
  afterAll(async () => {
    const drift = await quotaDrift(nexos);
    await nexos.stop();
    expect(drift).toEqual([]);
  });

  const ask = async (path: string, action: string) => {
    const response = await nexos.api.request('POST', `${path}/${action}`);
    const { status, detail } = (await response.json()) as { status: string; detail?: string };
    return { code: response.status, status: response.ok ? status : undefined, detail };
  };
  const act = ({ id }: { id: string }, action: string) => ask(`/environments/${id}`, action);
  const untilEnvironmentHasStatus = ({ id }: { id: string }, status: string) =>
    eventually(`${id} to be ${status}`, async () => {
      const environment = await nexos.api.get<Environment>(`/environments/${id}`);
      return environment.status === status ? environment : undefined;
    });
  const untilStatus = (id: string | null, status: string) =>
    eventually(`${id ?? ''} to be ${status}`, async () => {
      const deployment = await nexos.api.get<Deployment>(`/deployments/${id ?? ''}`);
      return deployment.status === status ? deployment : undefined;
    });
  const untilAnswers = ({ url }: Environment, body: string) =>
    eventually(`${url} to answer ${body}`, async () => ((await visit(url)).body === body ? true : undefined));
  const untilAlone = ({ id }: Environment) =>
    eventually('one service', async () =>
      (await nexos.services(`dev.nexos.environment=${id}`)).length === 1 ? true : undefined,
    );
  /** Deploys an app; returns the running environment and its live deployment. */
  const running = async (text: string) => {
    const project = await TestProject.create(nexos);
    const live = await project.deploy(webApp(text));
    return { project, live, environment: await project.environment() };
  };

  describe('without a database', () => {
    afterAll(() => deleteProjects(nexos));

    it('accepts repeated pauses and resumes, and resumes on the newest deployment made while paused', async () => {
      const { project, environment } = await running('one');
      expect(await act(environment, 'pause')).toMatchObject({ code: 202, status: 'pausing' });
      expect(await act(environment, 'pause')).toMatchObject({ code: 202 });
      await untilEnvironmentHasStatus(environment, 'paused');
      expect(await act(environment, 'pause')).toMatchObject({ code: 202, status: 'paused' });
      await project.push(webApp('two'));
      await untilStatus((await project.environment()).latest_deployment_id, 'deploying');
      expect(await act(environment, 'restart')).toMatchObject({ code: 202 });
      const { latest_deployment_id: restarted } = await project.environment();
      await untilStatus(restarted, 'deploying');
      await untilEnvironmentHasStatus(environment, 'paused');
      expect(await visit(environment.url)).toMatchObject({ status: 503 });
      expect(await act(environment, 'resume')).toMatchObject({ code: 202, status: 'resuming' });
      expect(await act(environment, 'resume')).toMatchObject({ code: 202 });
      await untilStatus(restarted, 'live');
      expect(await act(environment, 'resume')).toMatchObject({ code: 202, status: 'running' });
      expect(await visit(environment.url)).toMatchObject({ status: 200, body: 'two' });
      await untilAlone(environment);
    });

    it('pauses during a rollout, and resumes on the new version', async () => {
      const { project, environment } = await running('old');
      await project.push(webApp('new', { listensAfterMs: 12_000 }));
      const { latest_deployment_id: deploying } = await project.environment();
      await untilStatus(deploying, 'deploying');
      expect(await act(environment, 'pause')).toMatchObject({ code: 202, status: 'pausing' });
      await untilEnvironmentHasStatus(environment, 'paused');
      await untilStatus(deploying, 'deploying');
      expect(await visit(environment.url)).toMatchObject({ status: 503 });
      expect(await act(environment, 'resume')).toMatchObject({ code: 202 });
      await untilStatus(deploying, 'live');
      expect(await visit(environment.url)).toMatchObject({ status: 200, body: 'new' });
      await untilAlone(environment);
    });

    it('supersedes a running build on a rebuild, and ends with one live version', async () => {
      const { project, environment } = await running('before');
      await project.push(slowBuild('rebuilt', 15));
      const { latest_deployment_id: first } = await project.environment();
      await untilStatus(first, 'building');
      expect(await act(environment, 'rebuild')).toMatchObject({ code: 202 });
      const { latest_deployment_id: second } = await project.environment();
      expect(second).not.toBe(first);
      await untilStatus(second, 'live');
      await untilStatus(first, 'superseded');
      expect(await visit(environment.url)).toMatchObject({ body: 'rebuilt' });
      await untilAlone(environment);
    });

    it('supersedes a running build on a rollback, and puts the previous version live', async () => {
      const { project, environment } = await running('first');
      await project.deploy(webApp('second'));
      await project.push(slowBuild('never', 60));
      const { latest_deployment_id: building } = await project.environment();
      await untilStatus(building, 'building');
      expect(await act(environment, 'rollback')).toMatchObject({ code: 202 });
      await untilStatus(building, 'superseded');
      await untilAnswers(environment, 'first');
      await eventually('the builder to stop', async () =>
        (await nexos.api.log(building ?? '')).some(({ text }) => text === 'the build was stopped')
          ? true
          : undefined,
      );
      await untilAlone(environment);
    });

    it('rejects cancelling a live deployment and resetting without a database, and changes nothing', async () => {
      const { live, environment } = await running('stays');
      const cancelled = await ask(`/deployments/${live.id}`, 'cancel');
      expect(cancelled).toMatchObject({ code: 409, detail: expect.stringContaining('live') as string });
      const reset = await act(environment, 'reset');
      expect(reset).toMatchObject({ code: 409, detail: expect.stringContaining('no database') as string });
      expect(await untilEnvironmentHasStatus(environment, 'running')).toMatchObject({
        live_deployment_id: live.id,
      });
      expect(await visit(environment.url)).toMatchObject({ status: 200, body: 'stays' });
    });

    it('destroys an environment during a build, leaves nothing, and rejects a later resume', async () => {
      const { project, environment } = await running('gone soon');
      await project.push(slowBuild('never', 60));
      const { latest_deployment_id: building } = await project.environment();
      await untilStatus(building, 'building');
      expect(await act(environment, 'destroy')).toMatchObject({ code: 202, status: 'destroying' });
      expect(await act(environment, 'destroy')).toMatchObject({ code: 202 });
      await untilEnvironmentHasStatus(environment, 'destroyed');
      await untilStatus(building, 'cancelled');
      expect(await act(environment, 'destroy')).toMatchObject({ code: 202, status: 'destroyed' });
      const refused = await act(environment, 'resume');
      expect(refused).toMatchObject({ code: 409, detail: 'The environment was destroyed.' });
      await eventually('the builder to stop', async () =>
        (await nexos.api.log(building ?? '')).some(({ text }) => text === 'the build was stopped')
          ? true
          : undefined,
      );
      expect(await untilEnvironmentHasStatus(environment, 'destroyed')).toMatchObject({
        live_deployment_id: null,
      });
      expect(await visit(environment.url)).toMatchObject({ status: 404 });
      expect(await nexos.engineResources(`dev.nexos.project=${project.id}`)).toEqual(NO_RESOURCES);
    });

    it('creates a new environment at the same URL for a push during a destroy, and removes the old one', async () => {
      const { project, environment } = await running('first life');
      expect(await act(environment, 'destroy')).toMatchObject({ code: 202, status: 'destroying' });
      expect(await project.deploy(webApp('second life'))).toMatchObject({ status: 'live', failure: null });
      const second = await project.environment();
      expect(second).toMatchObject({ url: environment.url, status: 'running' });
      expect(second.id).not.toBe(environment.id);
      await untilEnvironmentHasStatus(environment, 'destroyed');
      expect(await nexos.engineResources(`dev.nexos.environment=${environment.id}`)).toEqual(NO_RESOURCES);
      expect(await visit(second.url)).toMatchObject({ status: 200, body: 'second life' });
    });
  });

  describe('with a database', () => {
    let project: TestProject;
    let environment: Environment;
    const sql = async (text: string) => {
      const { body } = await visit(environment.url, { body: JSON.stringify({ sql: text }) });
      return JSON.parse(body) as { value?: unknown; error?: string };
    };
    beforeAll(async () => {
      project = await TestProject.create(nexos, {
        services: { postgres: true, redis: false, s3: false },
        memory_mb: 128,
      });
      expect(await project.deploy(statefulApp('one'))).toMatchObject({ status: 'live' });
      environment = await project.environment();
    });

    it('resets during a rollout, and puts the new version live on an empty database, hooks included', async () => {
      await sql('CREATE TABLE notes (text text)');
      const hooks = 'hooks: {on_deploy: "sleep 3; node hook.js deploy", on_new: node hook.js new}';
      const sha = await project.push({ ...newVersion('two'), 'nexos.yaml': hooks });
      const { latest_deployment_id: deploying } = await project.environment();
      await untilStatus(deploying, 'deploying');
      expect(await act(environment, 'reset')).toMatchObject({ code: 202, status: 'resetting' });
      expect(await nexos.api.get(`/deployments/${deploying ?? ''}`)).toMatchObject({ status: 'deploying' });
      expect(await act(environment, 'reset')).toMatchObject({ code: 202, status: 'resetting' });
      expect(await nexos.api.waitForDeployment(environment.id, sha)).toMatchObject({ status: 'live' });
      await untilEnvironmentHasStatus(environment, 'running');
      const settled = 'SELECT generation = observed_generation FROM environments WHERE id = $1';
      await eventually('the environment to settle', async () =>
        (await nexos.column(settled, [environment.id]))[0] === true ? true : undefined,
      );
      expect(await visit(environment.url)).toMatchObject({ body: 'two' });
      expect(await sql('SELECT * FROM notes')).toEqual({ error: 'relation "notes" does not exist' });
      const names = 'SELECT array_agg(name ORDER BY id) AS names FROM hooks';
      expect(await sql(names)).toEqual({ value: [{ names: ['deploy', 'new'] }] });
      expect(await nexos.api.get(`/environments/${environment.id}/database-backups`)).toHaveLength(1);
      expect(await nexos.services('dev.nexos.job')).toEqual([]);
    });

    it('rejects restoring an expired backup, and keeps the database', async () => {
      await sql(`CREATE TABLE kept (text text)`);
      await nexos.column('UPDATE database_backups SET expires_at = now()');
      const refused = await act(environment, 'restore');
      expect(refused).toMatchObject({ code: 409, detail: expect.stringContaining('seven days') as string });
      await untilEnvironmentHasStatus(environment, 'running');
      expect(await sql('SELECT * FROM kept')).toEqual({ value: [] });
    });
  });
});
