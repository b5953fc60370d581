import { readFileSync } from 'node:fs';
import { bridgeName, relayName, sharedServiceName } from '@nexos/engine';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { SteadyLoad } from '../integration/ingress/steady-load.js';
import { visitEcho } from '../integration/ingress/visitor.js';
import { eventually } from '../support/eventually.js';
import { requestAction } from '../support/nexos/act.js';
import type { Environment } from '../support/nexos/api-client.js';
import { NexosStack } from '../support/nexos/nexos-stack.js';
import { TestProject } from '../support/nexos/test-project.js';

const SOURCE = readFileSync(new URL('../integration/ingress/echo-app.mjs', import.meta.url), 'utf8');
const APP = {
  Dockerfile: 'FROM nexos-local/node\nENV VERSION=kept\nCOPY app.mjs .\nCMD ["node", "app.mjs"]\n',
  'app.mjs': SOURCE,
};
const RATE = 50;
const LABEL = 'dev.nexos.bridge';
const DEADLINE = { everyMs: 250 };

/** An installation of its own, with what a release without bridges left on the engine. Costs about 70 s. */
describe('an upgrade from a release whose ingress joined the networks of projects', () => {
  const docker = new Docker();
  let nexos: NexosStack;
  let project: TestProject;
  let used: Environment[];
  let paused: Environment;
  let s3: string;
  let relay: string;

  beforeAll(async () => {
    nexos = await NexosStack.start(inject('system'));
    project = await TestProject.create(nexos, { services: { s3: true } });
    for (const branch of ['main', 'other', 'paused']) {
      expect(await project.deploy(APP, { branch })).toMatchObject({ status: 'live' });
    }
    used = [await project.environment('main'), await project.environment('other')];
    paused = await project.environment('paused');
    await requestAction(nexos, paused, 'pause', 'paused');
    s3 = sharedServiceName(nexos.instance, project.id, 's3');
    relay = relayName(nexos.instance, project.id);
    await nexos.execInService(s3, ['sh', '-c', 'echo kept > /data/buckets/note']);
    await nexos.app('lifecycle').stop('SIGTERM');
    await age();
  });
  afterAll(() => nexos.stop());

  const port = () => Number(nexos.env.PUBLIC_PORT);
  const hostOf = ({ url }: Environment) => new URL(url).hostname;
  const ask = (environment: Environment) =>
    visitEcho({ port: port(), host: hostOf(environment) }).catch(() => undefined);
  const ofProject = () => nexos.services(`dev.nexos.project=${project.id}`);
  const inspect = async (name: string) => (await docker.getService(name).inspect()) as Docker.Service;
  const labelsOf = (spec: Docker.ServiceSpec | undefined) =>
    (spec?.TaskTemplate as Docker.ContainerTaskSpec | undefined)?.ContainerSpec?.Labels ?? {};

  /** Makes the services what the release before created, without the label. It made no bridge. */
  async function age(): Promise<void> {
    for (const name of await ofProject()) {
      const { Spec, Version } = await inspect(name);
      const { [LABEL]: label, ...Labels } = labelsOf(Spec);
      expect(label).toBe('true');
      const task = Spec?.TaskTemplate as Docker.ContainerTaskSpec;
      const TaskTemplate = { ...task, ContainerSpec: { ...task.ContainerSpec, Labels } };
      await docker
        .getService(name)
        .update({ _query: { version: Version?.Index }, _body: { ...Spec, TaskTemplate } });
    }
    const removal = () =>
      docker
        .getNetwork(bridgeName(nexos.instance, project.id))
        .remove()
        .then(
          () => undefined,
          (error: unknown) => (error as { statusCode?: number }).statusCode === 404 || undefined,
        );
    await eventually('the bridge to be gone', removal, DEADLINE);
  }

  const moves = () =>
    nexos.column<number>('SELECT moves FROM deployments WHERE id = ANY($1)', [
      used.map((environment) => environment.live_deployment_id),
    ]);
  const onBridge = async () => {
    const specs = await Promise.all((await ofProject()).map(async (name) => (await inspect(name)).Spec));
    return specs.filter((spec) => labelsOf(spec)[LABEL] === 'true').map((spec) => spec?.Name ?? '');
  };

  it('reaches every environment at once, and moves it to its bridge without a failed request', async () => {
    expect(await Promise.all(used.map(ask))).toEqual([undefined, undefined]);
    const began = performance.now();
    nexos.app('lifecycle').start();
    await eventually('every environment to answer', async () => {
      const answers = await Promise.all(used.map(ask));
      return answers.every((answer) => answer?.version === 'kept') || undefined;
    });
    expect(performance.now() - began).toBeLessThan(45_000);
    expect(await ofProject()).toContain(relay);

    const loads = used.map((environment) => new SteadyLoad(port(), hostOf(environment), RATE));
    try {
      // The first may have moved already; the others move under load.
      expect(await moves()).toContain(0);
      await eventually(
        'the relay to go',
        async () => ((await ofProject()).includes(relay) ? undefined : true),
        DEADLINE,
      );
      const seen = loads.map(({ answered }) => answered);
      await eventually('answers without it', () =>
        Promise.resolve(loads.every(({ answered }, n) => answered > (seen[n] ?? 0) + RATE) || undefined),
      );
    } finally {
      await Promise.all(loads.map((load) => load.stop()));
    }
    expect(loads.map(({ failures }) => failures)).toEqual([[], []]);
    const names = await onBridge();
    expect(names).toHaveLength(3);
    expect(names).toContain(s3);
    expect(await moves()).toEqual([1, 1]);
  });

  it('moves a bucket server with its data', async () => {
    await eventually('S3 to run', async () =>
      (await nexos.containers(`com.docker.swarm.service.name=${s3}`)).length === 1 ? true : undefined,
    );
    expect(await nexos.execInService(s3, ['cat', '/data/buckets/note'])).toContain('kept');
    expect(await project.deploy(APP, { branch: 'new' })).toMatchObject({ status: 'live' });
  });

  it('puts a paused environment on its bridge when it resumes', async () => {
    await requestAction(nexos, paused, 'resume', 'running');
    expect(await ask(paused)).toMatchObject({ version: 'kept' });
    expect(await ofProject()).not.toContain(relay);
  });
});
