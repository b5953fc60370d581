import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually, PROMPT_MS } from '../../support/eventually.js';
import { webApp } from '../../support/nexos/app-source.js';
import { containerEvents } from '../../support/nexos/container-events.js';
import type { Deployment, Environment, Execution } from '../../support/nexos/api-client.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';
import { statefulApp } from '../../support/nexos/stateful-app.js';
import { TestProject } from '../../support/nexos/test-project.js';

/** Returns an app that runs `code` on SIGTERM instead of exiting. */
const stopsBy = (files: Record<string, string>, code: string) => ({
  ...files,
  'server.js': (files['server.js'] ?? '').replace('process.exit(0)', code),
});
/** Returns an app that ignores SIGTERM until it is killed. */
const stubborn = (text: string) => ({
  ...stopsBy(webApp(text), 'undefined'),
  'nexos.yaml': 'app: { stop_grace_seconds: 2 }',
});

describe("an app's stop grace period", () => {
  let nexos: NexosStack;
  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
  });
  afterAll(() => nexos.stop());

  /** Runs `stop`, and returns how the version's container ends and how long after its SIGTERM. */
  async function endOf({ id }: Deployment, stop: () => Promise<unknown>) {
    const [container] = await nexos.containers(`dev.nexos.deployment=${id}`);
    const events = await containerEvents(container ?? '');
    await stop();
    const signal = await events.next('kill');
    const end = await events.next('die');
    events.end();
    expect(signal.attributes.signal).toBe('15');
    return { exitCode: end.attributes.exitCode, seconds: (end.atMs - signal.atMs) / 1000 };
  }

  it('comes from nexos.yaml on a rollout and on a destroy', async () => {
    const project = await TestProject.create(nexos, { stop_grace_seconds: 30 });
    const first = await project.deploy(stubborn('first'));
    const replaced = await endOf(first, () => project.deploy(stubborn('second')));
    const { id, latest_deployment_id } = await project.environment();
    const second = await nexos.api.get<Deployment>(`/deployments/${latest_deployment_id ?? ''}`);
    const destroyed = await endOf(second, () => nexos.api.post(`/environments/${id}/destroy`));
    for (const { exitCode, seconds } of [replaced, destroyed]) {
      expect(exitCode).toBe('137');
      expect(seconds).toBeGreaterThan(1.9);
      expect(seconds).toBeLessThan(PROMPT_MS / 1_000);
    }
  });

  it('is waited for on a pause and by a resume, and the log keeps what the app wrote in it', async () => {
    const project = await TestProject.create(nexos, { stop_grace_seconds: 30 });
    const work = `{ console.log('got SIGTERM'); setTimeout(() => { console.log('done'); process.exit(0) }, 4_000) }`;
    const deployment = await project.deploy(stopsBy(webApp('works on'), work));
    const { id } = await project.environment();
    const statusOf = async () => (await nexos.api.get<Environment>(`/environments/${id}`)).status;
    const containers = () => nexos.containers(`dev.nexos.deployment=${deployment.id}`);
    const [container = ''] = await containers();
    const events = await containerEvents(container);
    await nexos.api.post(`/environments/${id}/pause`);
    await events.next('kill');
    expect([await statusOf(), await containers()]).toEqual(['pausing', [container]]);
    await eventually('the environment to be paused', async () => {
      const [status, running] = [await statusOf(), await containers()];
      if (running.length > 0) expect(status).toBe('pausing');
      return status === 'paused' ? true : undefined;
    });
    events.end();
    const { lines } = await nexos.api.get<{ lines: { text: string }[] }>(`/environments/${id}/logs`);
    expect(lines.map(({ text }) => text)).toEqual(['starting', 'got SIGTERM', 'done']);

    await nexos.api.post(`/environments/${id}/resume`);
    await eventually('the environment to run', async () =>
      (await statusOf()) === 'running' ? true : undefined,
    );
    const [second = ''] = await containers();
    const again = await containerEvents(second);
    await nexos.api.post(`/environments/${id}/pause`);
    await again.next('kill');
    await nexos.api.post(`/environments/${id}/resume`);
    expect(await statusOf()).toBe('resuming');
    await again.next('die');
    again.end();
    await eventually('the environment to run', async () => {
      expect((await containers()).length).toBeLessThan(2);
      return (await statusOf()) === 'running' ? true : undefined;
    });
    const after = await nexos.api.get<{ lines: { text: string }[] }>(`/environments/${id}/logs`);
    const run = ['starting', 'got SIGTERM', 'done'];
    expect(after.lines.map(({ text }) => text)).toEqual([...run, ...run, 'starting']);
  });

  it('comes from the project on a pause, and the shared database stays up until the app has stopped', async () => {
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
    expect(await nexos.api.waitForExecution(command.id)).toMatchObject({ status: 'cancelled' });
    expect(exitCode).toBe('0');
    expect(seconds).toBeGreaterThan(11.9);
    await eventually('the environment to be paused', async () => {
      const { status } = await nexos.api.get<Environment>(`/environments/${id}`);
      return status === 'paused' ? true : undefined;
    });
    await eventually('the database to be stopped', async () =>
      (await nexos.containers('dev.nexos.service=postgres')).length === 0 ? true : undefined,
    );
  });
});
