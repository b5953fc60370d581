import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { requestAction, untilEnvironmentHasStatus } from '../../support/nexos/act.js';
import type { Deployment, Environment } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { ask, newVersion, statefulApp } from '../../support/nexos/stateful-app.js';
import { TestProject } from '../../support/nexos/test-project.js';
import { visit } from '../../support/nexos/visit.js';

const HOOKS = `hooks:
  on_deploy: node hook.js deploy
  on_new: [node, hook.js, new]
  seed: db/seed.sql\n`;
const SEED = `CREATE TABLE seeded AS SELECT 'from the dump' AS text;\n`;
const NAMES = { sql: 'SELECT array_agg(name ORDER BY id) AS names FROM hooks' };
const SEEDED = { sql: 'SELECT text FROM seeded' };

describe('the hooks of a branch', () => {
  let nexos: NexosStack;
  let project: TestProject;
  let hooked: Environment;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
    const services = { postgres: true, redis: false, s3: true };
    project = await TestProject.create(nexos, { services, memory_mb: 128 });
  });
  afterAll(() => nexos.stop());

  const namesAre = async (...names: string[]) =>
    expect(await ask(hooked, NAMES)).toEqual({ value: [{ names }] });

  const untilDeployed = (id: string | null) =>
    eventually('the rollback to be live', async () => {
      const { status } = await nexos.api.get<Deployment>(`/deployments/${id ?? ''}`);
      return status === 'live' ? true : undefined;
    });

  it('runs hooks before a version gets traffic, but on_new and the seed only in a new environment', async () => {
    const files = { ...statefulApp('hooked'), 'nexos.yaml': HOOKS, 'db/seed.sql': SEED };
    const first = await project.deploy(files, { branch: 'hooked' });
    expect(first).toMatchObject({ status: 'live' });
    hooked = await project.environment('hooked');
    expect(hooked.live_deployment_id).toBe(first.id);
    await namesAre('deploy', 'new');
    expect(await ask(hooked, SEEDED)).toEqual({ value: [{ text: 'from the dump' }] });
    const log = (await nexos.api.log(first.id)).map(({ text }) => text);
    expect(log).toContain('on_deploy: running');
    expect(log.find((line) => line.startsWith('hook new connects'))).toMatch(/postgres:\/\/.*\[redacted\]@/);
    expect(log).toContain('hook new signs with [redacted]');
    await project.deploy(newVersion('hooked again'), { branch: 'hooked' });
    hooked = await project.environment('hooked');
    await namesAre('deploy', 'new', 'deploy');
  });

  it('keeps the live version when a hook fails, and logs its output', async () => {
    const files = { ...newVersion('never'), 'nexos.yaml': 'hooks: {on_deploy: node hook.js fails}' };
    const failed = await project.deploy(files, { branch: 'hooked' });
    expect(failed).toMatchObject({
      status: 'failed',
      failure: { code: 'hook_failed', message: expect.stringContaining('exited with code 3') as string },
    });
    const log = (await nexos.api.log(failed.id)).map(({ text }) => text);
    expect(log).toContain('this migration cannot be done');
    expect(await visit(hooked.url)).toMatchObject({ status: 200, body: 'hooked again' });
  });

  it('runs hooks in the image of another stage, which a rollback still has and a destroy removes', async () => {
    const dockerfile = `FROM nexos-local/node AS app
WORKDIR /app
COPY . .
CMD ["node", "server.js"]
FROM app AS tools
RUN touch /usr/bin/migrator && chmod +x /usr/bin/migrator
FROM app
`;
    const config = `hooks:
  target: tools
  on_deploy: migrator && node hook.js deploy
  on_rollback: [migrator]\n`;
    const files = { ...statefulApp('staged'), Dockerfile: dockerfile, 'nexos.yaml': config };
    expect(await project.deploy(files, { branch: 'staged' })).toMatchObject({ status: 'live' });
    const staged = await project.environment('staged');
    const label = `dev.nexos.environment=${staged.id}`;
    expect((await nexos.engineResources(label)).images).toHaveLength(2);
    await project.deploy(newVersion('staged again'), { branch: 'staged' });
    const { latest_deployment_id: id } = await nexos.api.post<Environment>(
      `/environments/${staged.id}/rollback`,
    );
    await untilDeployed(id);
    const log = (await nexos.api.log(id ?? '')).map(({ text }) => text);
    expect(log).toContain('on_rollback: running');
    expect(log).not.toContain('on_deploy: running');
    expect(await visit(staged.url)).toMatchObject({ body: 'staged' });
    await nexos.api.post(`/environments/${staged.id}/destroy`);
    await untilEnvironmentHasStatus(nexos, staged.id, 'destroyed');
    expect((await nexos.engineResources(label)).images).toEqual([]);
  });

  it('runs hooks again for a reset database', async () => {
    await ask(hooked, { sql: 'DELETE FROM seeded' });
    await requestAction(nexos, hooked, 'reset', 'running');
    await namesAre('deploy', 'new');
    expect(await ask(hooked, SEEDED)).toEqual({ value: [{ text: 'from the dump' }] });
    const log = (await nexos.api.log(hooked.live_deployment_id ?? '')).map(({ text }) => text);
    expect(log.filter((line) => line === 'the database was reset')).toHaveLength(1);
    expect(await nexos.services(`dev.nexos.project=${project.id}`, 'dev.nexos.job')).toEqual([]);
    await nexos.api.post(`/environments/${hooked.id}/destroy`);
    await untilEnvironmentHasStatus(nexos, hooked.id, 'destroyed');
  });
});
