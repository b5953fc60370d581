import { generateKeyPairSync } from 'node:crypto';
import { BuilderConfig, EngineConfig, GithubConfig, WorkerConfig } from '@nexos/config';
import {
  BuildClaims,
  cancelDeployment,
  DeploymentsRepository,
  ImagesRepository,
  NodeRemovalsRepository,
  ProjectsRepository,
} from '@nexos/state';
import { type Engine, type ImagePusher, type Images } from '@nexos/engine';
import { type ProjectVariables } from '@nexos/env-vars';
import { remoteFailure } from '@nexos/domain';
import { ConfiguredApp, InstallationTokens } from '@nexos/github';
import { type RepositoryMirror } from '@nexos/git';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { BuildCacheKeeper } from '../../../apps/builder/src/cache/build-cache-keeper.js';
import { BuildRunner } from '../../../apps/builder/src/builds/build-runner.js';
import type { CommittedConfig } from '../../../apps/builder/src/builds/committed-config.js';
import type { FreeSpace } from '../../../apps/builder/src/cache/free-space.js';
import type { ExposedPort } from '../../../apps/builder/src/images/exposed-port.js';
import type { ImageLimits } from '../../../apps/builder/src/images/image-limits.js';
import type { BuildInputsReader } from '../../../apps/builder/src/images/build-inputs.js';
import type { ContainerBuilds } from '../../../apps/builder/src/images/container-builds.js';
import { ImageMaker } from '../../../apps/builder/src/images/image-maker.js';
import { HostRetries } from '../../../apps/builder/src/images/host-retries.js';
import type { SeedMaker } from '../../../apps/builder/src/images/seed-maker.js';
import type { SourceBuilder } from '../../../apps/builder/src/images/source-builder.js';
import type { SubmoduleAccess } from '../../../apps/builder/src/submodules/submodule-access.js';
import type { SkipMarks } from '../../../apps/builder/src/builds/skip-marks.js';
import type { WatchedChanges } from '../../../apps/builder/src/builds/watched-changes.js';
import { UnwantedImages } from '../../../apps/builder/src/images/unwanted-images.js';
import { claimAny } from '../../support/claim-any.js';
import { TestDatabase } from '../../support/database.js';
import { createQueuedDeployment, BY_REQUEST } from '../../support/rows.js';
import { LogProcess, textsOf } from '../logs/log-fixture.js';

const NOTHING = () => Promise.resolve();

let database: TestDatabase;
let logs: LogProcess;
beforeAll(async () => {
  const system = inject('system');
  database = await TestDatabase.create(system);
  logs = await LogProcess.boot(database, system.env.REDIS_URL ?? '');
});
afterAll(async () => {
  await logs.close();
  await database.drop();
});

/** Returns a runner with a real database and log; `meanwhile` runs during the branch lookup. */
function runner(
  meanwhile: () => Promise<unknown>,
  { github = new GithubConfig(), log = logs.log } = {},
): BuildRunner {
  const { unitOfWork } = database;
  const tipOf = () => meanwhile().then(() => 'a'.repeat(40));
  const info = () => Promise.resolve({ swarm: { nodeId: 'node' } });
  const images = new ImageMaker(
    { tipOf } as unknown as RepositoryMirror,
    {} as CommittedConfig,
    {} as SeedMaker,
    {} as Images,
    {} as UnwantedImages,
    {} as SourceBuilder,
    {} as ImagePusher,
    { assertEnough: () => Promise.resolve() } as unknown as FreeSpace,
    {} as ImageLimits,
    {} as ExposedPort,
    { watch: () => () => Promise.resolve() } as unknown as BuildCacheKeeper,
    { info } as unknown as Engine,
    new EngineConfig(),
    database.repository(DeploymentsRepository),
    {} as BuildInputsReader,
    new HostRetries(new BuilderConfig()),
    {} as ContainerBuilds,
    {} as SkipMarks,
    {} as WatchedChanges,
    { forBuild: () => Promise.resolve(undefined) } as unknown as SubmoduleAccess,
  );
  return new BuildRunner(
    database.repository(ProjectsRepository),
    unitOfWork,
    new BuildClaims(unitOfWork),
    database.repository(NodeRemovalsRepository),
    images,
    {} as UnwantedImages,
    new InstallationTokens(new ConfiguredApp(github)),
    new HostRetries(new BuilderConfig()),
    { open: () => Promise.resolve({ secrets: [] }) } as unknown as ProjectVariables,
    log,
    new BuilderConfig(),
    new WorkerConfig(),
  );
}

describe('BuildRunner', () => {
  it.each([
    ['succeeds', () => undefined],
    ['fails', () => Promise.reject(new Error('the repository went away'))],
  ])('ends a cancelled build whose branch lookup %s, and keeps its log', async (_, outcome) => {
    const { id, environmentId } = await createQueuedDeployment(database);
    await database.dataSource.query('UPDATE deployments SET commit_sha = NULL WHERE id = $1', [id]);
    const deployment = await claimAny(database.unitOfWork, id);
    if (deployment === null) throw new Error('the build could not be claimed');
    const cancelled = () =>
      database.unitOfWork
        .run((transaction) => cancelDeployment(transaction, id, environmentId, BY_REQUEST))
        .then(outcome);
    await runner(cancelled).run(deployment, new AbortController().signal);
    const archived = 'SELECT 1 FROM deployment_logs WHERE deployment_id = $1';
    expect(await database.rows(archived, [id])).toHaveLength(1);
    expect(textsOf(await logs.read(id)).at(-1)).toBe('the build was stopped');
    expect(await database.rows('SELECT status FROM deployments WHERE id = $1', [id])).toEqual([
      { status: 'cancelled' },
    ]);
  });
});

it('the failure of a private repository that GitHub did not confirm says how to have it confirmed', async () => {
  const { id, projectId } = await createQueuedDeployment(database);
  await database.dataSource.query('UPDATE deployments SET commit_sha = NULL WHERE id = $1', [id]);
  const deployment = await claimAny(database.unitOfWork, id);
  if (deployment === null) throw new Error('the build could not be claimed');
  const { githubRepo } = await database.repository(ProjectsRepository).get(projectId);
  const denied = () => Promise.reject(remoteFailure('repository_access_denied', githubRepo));
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const appPrivateKey = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const github = Object.assign(new GithubConfig(), { appId: '7', appPrivateKey });
  // The log of another process would wait for the transaction that fails the deployment.
  const written = { note: () => undefined, redact: (text: string) => text, archive: NOTHING, close: NOTHING };
  const log = { open: () => Promise.resolve(written) } as unknown as typeof logs.log;
  await runner(denied, { github, log }).run(deployment, new AbortController().signal);
  const failure = 'SELECT failure_code AS code, failure_message AS message FROM deployments WHERE id = $1';
  expect(await database.rows(failure, [id])).toEqual([
    {
      code: 'repository_access_denied',
      message: expect.stringContaining("Set the project's github_repo again, to the same name") as string,
    },
  ]);
});

describe('UnwantedImages', () => {
  const imageId = `sha256:${'b'.repeat(64)}`;
  const removed: string[] = [];
  const unwanted = (remove: (id: string) => Promise<unknown>) =>
    new UnwantedImages({ remove } as unknown as Images, database.repository(ImagesRepository));
  const noted = (id: string) => Promise.resolve(removed.push(id));

  it.each([
    ['its image', imageId, null],
    ['its seed image', 'sha256:c', imageId],
  ])('keeps an image while a deployment has it as %s', async (_, ofApp, ofSeed) => {
    const { id } = await createQueuedDeployment(database);
    await database.dataSource.query(
      `UPDATE deployments SET image_id = $2, seed_image_id = $3, image_node_id = 'node' WHERE id = $1`,
      [id, ofApp, ofSeed],
    );
    await unwanted(noted).remove([imageId]);
    expect(removed).toEqual([]);
    await database.dataSource.query('UPDATE deployments SET image_removed_at = now() WHERE id = $1', [id]);
    await unwanted(noted).remove([imageId]);
    expect(removed.splice(0)).toEqual([imageId]);
  });

  it('removes the other images when one cannot be removed, without an error', async () => {
    const busy = (id: string) => (id === imageId ? Promise.reject(new Error('away')) : noted(id));
    await unwanted(busy).remove([imageId, 'sha256:d']);
    expect(removed.splice(0)).toEqual(['sha256:d']);
  });
});
