import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '../../support/eventually.js';
import { webApp } from '../../support/nexos/app-source.js';
import { containerEvents } from '../../support/nexos/container-events.js';
import type { Deployment, Environment, Execution } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { statefulApp } from '../../support/nexos/stateful-app.js';
import { TestProject } from '../../support/nexos/test-project.js';

/** An app that does something else than to exit when it is told to stop. */
const stopsBy = (files: Record<string, string>, code: string) => ({
  ...files,
  'server.js': (files['server.js'] ?? '').replace('process.exit(0)', code),
});
/** It is killed in the end. */
const stubborn = (text: string) => ({
  ...stopsBy(webApp(text), 'undefined'),
  'nexos.yaml': 'app: { stop_grace_seconds: 2 }',
});

describe('the time that an app has to stop', () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
  });
  afterAll(() => nexos.stop());

  /** How a version's container ends, from its SIGTERM on, once `stop` was done. */
  async function endOf({ id }: Deployment, stop: () => Promise<unknown>) {
    const [container] = await nexos.containers(`dev.nexos.deployment=${id}`);
    const events = await containerEvents(container ?? '');
    await stop();
    const told = await events.next('kill');
    const end = await events.next('die');
    events.end();
    expect(told.attributes.signal).toBe('15');
    return { exitCode: end.attributes.exitCode, seconds: (end.atMs - told.atMs) / 1000 };
  }

  it('is that of nexos.yaml, when a new version takes over and when the environment is destroyed', async () => {
    const project = await TestProject.create(nexos, { stop_grace_seconds: 30 });
    const first = await project.deploy(stubborn('first'));
    const replaced = await endOf(first, () => project.deploy(stubborn('second')));
    const { id, latest_deployment_id } = await project.environment();
    const second = await nexos.api.get<Deployment>(`/deployments/${latest_deployment_id ?? ''}`);
    const destroyed = await endOf(second, () => nexos.api.post(`/environments/${id}/destroy`));
    for (const { exitCode, seconds } of [replaced, destroyed]) {
      expect(exitCode).toBe('137');
      expect(seconds).toBeGreaterThan(1.9);
      expect(seconds).toBeLessThan(5);
    }
  });

  it('is that of the project, when it is paused, and the database that it shares is there until it has stopped', async () => {
    const project = await TestProject.create(nexos, {
      services: { postgres: true },
      memory_mb: 128,
      stop_grace_seconds: 30,
    });
    const work = `setTimeout(() => pool.query('SELECT 1').then(() => process.exit(0), () => process.exit(3)), 12_000)`;
    const deployment = await project.deploy(stopsBy(statefulApp('one'), work));
    await project.deploy(statefulApp('two'), { branch: 'other' });
    const { id } = await project.environment();
    const other = await project.environment('other');
    const command = await nexos.api.exec(id, ['sleep', '300']);
    await eventually('the command to run', async () => {
      const { status } = await nexos.api.get<Execution>(`/executions/${command.id}`);
      return status === 'running' ? true : undefined;
    });
    const { exitCode, seconds } = await endOf(deployment, async () => {
      await nexos.api.post(`/environments/${id}/pause`);
      await nexos.api.post(`/environments/${other.id}/pause`);
    });
    expect(await nexos.api.executed(command.id)).toMatchObject({ status: 'cancelled' });
    expect(exitCode).toBe('0');
    expect(seconds).toBeGreaterThan(11.9);
    expect(await nexos.api.get<Environment>(`/environments/${id}`)).toMatchObject({ status: 'paused' });
    await eventually('the database to be stopped', async () =>
      (await nexos.containers('dev.nexos.service=postgres')).length === 0 ? true : undefined,
    );
  });
});
