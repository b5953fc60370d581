import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import { slowBuild, webApp } from '../support/nexos/app-source.js';
import type { Deployment } from '../support/nexos/api-client.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { quotaDrift } from '../support/nexos/quota-drift.js';
import { TestProject, deleteProjects } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

describe('recovery from crashes', () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
  });
  afterEach(async () => {
    const drift = await quotaDrift(nexos);
    await deleteProjects(nexos);
    expect(drift).toEqual([]);
  });
  afterAll(() => nexos.stop());

  const waitForLogLine = (id: string, text: string) =>
    eventually(`the log to say "${text}"`, async () => {
      const lines = await nexos.api.log(id);
      return lines.some((line) => line.text.includes(text)) ? true : undefined;
    });

  const latest = async (project: TestProject, branch = 'main') => {
    const { latest_deployment_id: id } = await project.environment(branch);
    return id ?? '';
  };

  const statusOf = async (id: string) => (await nexos.api.get<Deployment>(`/deployments/${id}`)).status;

  it('retries a build whose builder is killed, and puts it live', async () => {
    const project = await TestProject.create(nexos);
    const sha = await project.push(slowBuild('built at last', 3));
    const id = await latest(project);
    await waitForLogLine(id, 'slow step begins');
    await nexos.app('builder').stop('SIGKILL');
    expect(await statusOf(id)).toBe('building');
    nexos.app('builder').start();

    const environment = await project.environment();
    expect(await nexos.api.waitForDeployment(environment.id, sha)).toMatchObject({ id, status: 'live' });
    expect(await visit(environment.url)).toMatchObject({ body: 'built at last' });
    expect(await nexos.services(`dev.nexos.environment=${environment.id}`)).toHaveLength(1);
    await waitForLogLine(id, 'attempt 2 of 2');
    await waitForLogLine(id, 'slow step begins');

    // Both attempts are charged once, for what they ran, and the time between them is not.
    const { charged, ran, took } = await eventually('both attempts to be metered', async () => {
      const [metered] = await nexos.column<{ runs: number; charged: number; ran: number; took: number }>(
        `SELECT jsonb_build_object('runs', count(*) FILTER (WHERE metered_at IS NOT NULL),
           'ran', sum(extract(epoch FROM ended_at - run.started_at)),
           'charged', (SELECT sum(seconds) FROM build_usage WHERE project_id = $2),
           'took', max(extract(epoch FROM built_at - deployment.started_at)))
         FROM build_runs run JOIN deployments deployment ON deployment.id = deployment_id WHERE deployment_id = $1`,
        [id, project.id],
      );
      return metered?.runs === 2 ? metered : undefined;
    });
    expect(charged).toBe(ran);
    expect(ran).toBeLessThan(took);
  });

  it('fails a deployment whose builder is killed at every attempt, and builds the next one', async () => {
    const project = await TestProject.create(nexos);
    const sha = await project.push(slowBuild('never', 30));
    const id = await latest(project);
    await waitForLogLine(id, 'slow step begins');
    await nexos.app('builder').stop('SIGKILL');
    nexos.app('builder').start();
    await waitForLogLine(id, 'attempt 2 of 2');
    await nexos.app('builder').stop('SIGKILL');
    nexos.app('builder').start();
    const { id: environmentId } = await project.environment();
    expect(await nexos.api.waitForDeployment(environmentId, sha)).toMatchObject({
      failure: { code: 'builder_lost' },
    });
    const log = (await nexos.api.log(id)).map((line) => line.text);
    expect(log.join('\n')).toMatch(/slow step begins[\s\S]*attempt 2 of 2/);
    expect(log.at(-1)).toContain('builder_lost');
    expect(await project.deploy(webApp('next'))).toMatchObject({ status: 'live' });
  });

  it('hands back the build of a builder that shuts down, without counting an attempt', async () => {
    const project = await TestProject.create(nexos);
    const sha = await project.push(slowBuild('after a restart', 3));
    const id = await latest(project);
    await waitForLogLine(id, 'slow step begins');
    await nexos.app('builder').stop('SIGTERM');
    nexos.app('builder').start();
    const { id: environmentId } = await project.environment();
    expect(await nexos.api.waitForDeployment(environmentId, sha)).toMatchObject({ status: 'live' });
    expect(await nexos.column('SELECT attempt - given_back FROM deployments WHERE id = $1', [id])).toEqual([
      1,
    ]);
  });

  it('puts the last of ten pushes live that arrive while every worker is down, and leaves nothing stuck', async () => {
    const project = await TestProject.create(nexos);
    await nexos.app('builder').stop('SIGKILL');
    await nexos.app('lifecycle').stop('SIGKILL');
    let sha = '';
    for (let n = 1; n <= 10; n++) sha = await project.push(webApp(`version ${n}`));
    nexos.app('builder').start();
    nexos.app('lifecycle').start();
    const environment = await project.environment();
    expect(await nexos.api.waitForDeployment(environment.id, sha)).toMatchObject({ status: 'live' });
    expect(await visit(environment.url)).toMatchObject({ body: 'version 10' });
    const statuses = await nexos.column('SELECT status FROM deployments WHERE environment_id = $1', [
      environment.id,
    ]);
    expect(statuses.filter((status) => status !== 'superseded')).toEqual(['live']);
  });
});
