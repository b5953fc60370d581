import { type OutputArchive, RuntimeLog } from '@nexos/logs';
import { deploymentSettings } from '@nexos/settings';
import { type RuntimeLogLine } from '@nexos/contracts';
import { EngineConfig, loadConfig } from '@nexos/config';
import { type DeploymentsRepository } from '@nexos/state';
import { DeploymentFailure } from '@nexos/domain';
import { DecryptedVariables, type ProjectVariables } from '@nexos/env-vars';
import { Logger } from '@nestjs/common';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeAll, beforeEach, expect, inject, it } from 'vitest';
import type { ExitLines } from '../../../apps/lifecycle/src/runtime-logs/exit-lines.js';
import { OutputFollower } from '../../../apps/lifecycle/src/runtime-logs/output-follower.js';
import { RuntimeLogSession } from '../../../apps/lifecycle/src/runtime-logs/runtime-log-session.js';
import {
  BASE_IMAGE,
  INSTANCE,
  buildOf,
  engineFixture,
  eventually,
  newOwner,
  removeLeftovers,
  type EngineFixture,
  type TestOwner,
  nextTestSubnet,
} from '../engine/engine-fixture.js';

let fixture: EngineFixture;
let redis: Redis;
let nodeId: string;
let image: string;
const projectId = newOwner().projectId;

beforeAll(async () => {
  Logger.overrideLogger(false);
  await removeLeftovers();
  fixture = await engineFixture();
  redis = new Redis(inject('system').env.REDIS_URL ?? '');
  nodeId = await fixture.swarm.ensure();
  await fixture.networks.ensure(projectId, nextTestSubnet);
  const app =
    'i=0; while [ $i -lt $MANY ]; do i=$((i+1)); echo line $i of $TOKEN; done; [ $MODE = crash ] && exit 1; while true; do sleep 1; echo tick; done';
  image = (await fixture.builder.build(buildOf(`FROM ${BASE_IMAGE}\nCMD ["sh", "-c", "${app}"]`))).imageId;
});
afterAll(async () => {
  await redis.quit();
  await fixture.close();
  await removeLeftovers();
});

let owner: TestOwner;
let log: RuntimeLog;
let stopping: AbortController;
let running: Promise<void>[];
let archived: RuntimeLogLine[];
beforeEach(() => {
  owner = newOwner();
  log = new RuntimeLog(redis, `it-${owner.deploymentId.slice(-20)}`);
  stopping = new AbortController();
  running = [];
  archived = [];
});
afterEach(async () => {
  stopping.abort();
  await Promise.all(running);
});

const started = (env: Record<string, string>) =>
  fixture.services.create({
    ...owner,
    projectId,
    image,
    env: { MODE: 'stay', TOKEN: 'a-token-of-the-app', ...env },
    moves: 0,
    container: 'app',
    index: 0,
    hasSiblings: false,
    cpu: 0.2,
    memoryMb: 64,
    nodeId,
    stopGraceSeconds: 1,
  });

/** Collects the log under its own claim, as a worker does. */
async function collect(token: string, open: () => Promise<DecryptedVariables>): Promise<AbortController> {
  const dying = new AbortController();
  const deployments = {
    find: () => Promise.resolve({ ...owner, projectId, moves: 0, settings: deploymentSettings({}) }),
  };
  const { engine } = loadConfig({ engine: EngineConfig }, { ...process.env, NEXOS_INSTANCE: INSTANCE });
  const session = new RuntimeLogSession(
    deployments as unknown as DeploymentsRepository,
    log,
    new OutputFollower(
      deployments as unknown as DeploymentsRepository,
      fixture.services,
      { open } as unknown as ProjectVariables,
      { reader: () => ({ next: () => Promise.resolve([]) }) } as unknown as ExitLines,
      engine,
    ),
    { read: () => Promise.resolve(archived) } as unknown as OutputArchive,
  );
  await log.request(owner.deploymentId);
  expect(await log.claim(owner.deploymentId, token)).toBe(true);
  const logged = { deploymentId: owner.deploymentId, container: 'app' };
  running.push(session.run(logged, token, AbortSignal.any([stopping.signal, dying.signal])));
  return dying;
}
const noVariables = () => Promise.resolve(new DecryptedVariables([]));
const lines = () => log.after(owner.deploymentId, { nanoseconds: '0', ordinal: 0 }, 5_000);
const texts = async () => (await lines()).map(({ text }) => text);
const untilState = (state: string) =>
  eventually(state, async () => (await log.stateOf(owner.deploymentId)) === state);

it('collects past and new log lines without secrets, and a later session continues after the first', async () => {
  await started({ MANY: '50' });
  await eventually('the app', async () => {
    const [task] = await fixture.services.listForEnvironment(owner.environmentId);
    return task !== undefined && (await fixture.services.tasks(task.name))[0]?.state === 'running';
  });
  const first = await collect('first', noVariables);
  await untilState('following');
  await eventually('a tick', async () => (await texts()).includes('tick'));
  expect((await texts()).slice(0, 50)).toEqual(
    Array.from({ length: 50 }, (_, i) => `line ${i + 1} of [redacted]`),
  );
  first.abort();
  await Promise.all(running);
  const before = await lines();

  await collect('second', noVariables);
  await eventually('more ticks', async () => (await lines()).length > before.length + 1);
  const after = await lines();
  expect(after.slice(0, before.length)).toEqual(before);
  expect(after.slice(50).every(({ text }) => text === 'tick')).toBe(true);

  stopping.abort();
  await Promise.all(running);
  stopping = new AbortController();
  await redis.del(...(await redis.keys(`it-${owner.deploymentId.slice(-20)}:*`)));
  await collect('third', noVariables);
  await untilState('following');
  expect((await lines()).slice(0, after.length)).toEqual(after);
});

it('collects the logs of successive containers in their order', async () => {
  await started({ MANY: '3', MODE: 'crash' });
  await collect('one', noVariables);
  await eventually('three containers', async () => (await texts()).length >= 9, 40_000);
  const found = await texts();
  expect(found.slice(0, 9)).toEqual([1, 2, 3].flatMap(() => [1, 2, 3].map((n) => `line ${n} of [redacted]`)));
});

it('begins with the archived lines of containers that were stopped, also while nothing runs', async () => {
  const line = (second: number, text: string): RuntimeLogLine => ({
    nanoseconds: `${1_700_000_000 + second}000000000`,
    ordinal: 0,
    stream: 'stdout',
    text,
  });
  archived = [line(1, 'got SIGTERM'), line(2, 'done')];
  await collect('one', noVariables);
  await untilState('missing');
  expect(await texts()).toEqual(['got SIGTERM', 'done']);
  await started({ MANY: '1' });
  await eventually('the next container', async () => (await texts()).includes('tick'));
  expect((await texts()).slice(0, 3)).toEqual(['got SIGTERM', 'done', 'line 1 of [redacted]']);
});

it('collects nothing while the variables cannot be decrypted', async () => {
  await started({ MANY: '3' });
  await collect('one', () => Promise.reject(new DeploymentFailure('secrets_unreadable', 'no')));
  await untilState('sealed');
  expect(await lines()).toEqual([]);
});

it('reports that nothing runs and releases the claim once it is stopped', async () => {
  await collect('one', noVariables);
  await untilState('missing');
  stopping.abort();
  await Promise.all(running);
  expect(await log.claim(owner.deploymentId, 'another')).toBe(true);
});
