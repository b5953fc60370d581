import Docker from 'dockerode';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import type { Environment } from '../../support/nexos/api-client.js';
import { exitingApp, webApp } from '../../support/nexos/app-source.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { TestProject, deleteProjects } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';

const REDIS = { services: { postgres: false, redis: true, s3: false } };

describe('the services of a project without running environments', () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
  });
  afterEach(() => deleteProjects(nexos));
  afterAll(() => nexos.stop());

  /** Returns the desired number of containers of each of the project's services. */
  async function replicas(project: TestProject): Promise<number[]> {
    const label = [`dev.nexos.project=${project.id}`, 'dev.nexos.service=redis'];
    const services = await new Docker().listServices({ filters: { label } });
    return services.map(({ Spec }) => Spec?.Mode?.Replicated?.Replicas ?? NaN);
  }
  const untilStopped = (project: TestProject) =>
    eventually('the services to stop', async () =>
      (await replicas(project)).join() === '0' ? true : undefined,
    );

  it('stops the services once the first version failed, and starts them for the next one', async () => {
    const project = await TestProject.create(nexos, REDIS);
    expect(await project.deploy(exitingApp('cannot go on', 1))).toMatchObject({ status: 'failed' });
    await untilStopped(project);
    expect(await project.deploy(webApp('fixed'))).toMatchObject({ status: 'live' });
    expect(await replicas(project)).toEqual([1]);
    expect(await visit((await project.environment()).url)).toMatchObject({ body: 'fixed' });
  });

  it('stops the services when the last running environment is paused while another one is failed, and starts none for a failed build', async () => {
    const project = await TestProject.create(nexos, REDIS);
    await project.deploy(webApp('runs'));
    const { id } = await project.environment();
    const broken = { ...webApp('x'), Dockerfile: 'FROM nexos-local/node\nRUN exit 3\n' };
    expect(await project.deploy(broken, { branch: 'topic' })).toMatchObject({ status: 'failed' });
    expect(await replicas(project)).toEqual([1]);
    await nexos.api.post<Environment>(`/environments/${id}/pause`);
    await untilStopped(project);
    expect(await project.deploy({ ...broken, a: 'b' }, { branch: 'topic' })).toMatchObject({
      status: 'failed',
    });
    expect(await replicas(project)).toEqual([0]);
    await nexos.api.post<Environment>(`/environments/${id}/resume`);
    await eventually('it to answer', async () =>
      (await visit((await project.environment()).url)).body === 'runs' ? true : undefined,
    );
    expect(await replicas(project)).toEqual([1]);
  });
});
