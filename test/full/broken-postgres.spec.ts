import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../support/eventually.js';
import type { Environment } from '../support/nexos/api-client.js';
import { webApp } from '../support/nexos/app-source.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';
import { visit } from '../support/nexos/visit.js';

describe("a project's Postgres that does not start", () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    // Not a Postgres image: as the project's Postgres it exits at once.
    const env = { SERVICE_POSTGRES_IMAGE: 'nexos-local/node', SERVICE_TIMEOUT_MS: '8000' };
    nexos = await NexosStack.start(inject('system'), { env });
  });
  afterAll(() => nexos.stop());

  it('fails the deployment with the reason, keeps the live version, and starts once the operator fixes the image', async () => {
    const stateful = await TestProject.create(nexos);
    const { id: live } = await stateful.deploy(webApp('without a database'));
    const services = { postgres: true, redis: false, s3: false };
    await nexos.api.request('PATCH', `/projects/${stateful.id}`, { services });
    const failed = await stateful.deploy(webApp('with a database'));
    expect(failed).toMatchObject({ status: 'failed', failure: { code: 'service_not_ready' } });
    expect(failed.failure?.message).toMatch(
      /^The project's Postgres server did not answer within 8 s: it is \w+ \(.+\)/,
    );
    const log = (await nexos.api.log(failed.id)).map(({ text }) => text);
    expect(log.at(-1)).toContain(failed.failure?.message ?? '-');
    const { id, url } = await stateful.environment();
    expect(await nexos.api.get(`/environments/${id}`)).toMatchObject({
      status: 'running',
      live_deployment_id: live,
    });
    expect(await visit(url)).toMatchObject({ status: 200, body: 'without a database' });
    const left = await nexos.engineResources(`dev.nexos.project=${stateful.id}`);
    expect(left).toMatchObject({ services: { length: 1 }, volumes: [] });

    expect(await stateful.deploy(webApp('never'), { branch: 'other' })).toMatchObject({
      failure: { code: 'service_not_ready' },
    });
    const other = await stateful.environment('other');
    await nexos.api.post(`/environments/${other.id}/destroy`);
    await eventually('the other environment to be gone', async () =>
      (await nexos.api.get<Environment>(`/environments/${other.id}`)).status === 'destroyed'
        ? true
        : undefined,
    );
    expect(await nexos.services('dev.nexos.service=postgres')).toEqual([]);

    const { SERVICE_POSTGRES_IMAGE = '' } = inject('system').env;
    const fixed = nexos.secondProcess('lifecycle', { SERVICE_POSTGRES_IMAGE, SERVICE_TIMEOUT_MS: '60000' });
    await nexos.app('lifecycle').stop('SIGTERM');
    fixed.start();
    try {
      expect(await stateful.deploy(webApp('at last'))).toMatchObject({ status: 'live' });
      expect(await nexos.services('dev.nexos.service=postgres')).toHaveLength(1);
    } finally {
      await fixed.stop('SIGTERM');
      nexos.app('lifecycle').start();
    }
  });
});
