import { BuilderConfig, GithubConfig, WorkerConfig } from '@nexos/config';
import { type DeploymentEntity } from '@nexos/database';
import { type ProjectVariables } from '@nexos/env-vars';
import { ConfiguredApp, InstallationTokens } from '@nexos/github';
import { Redactor } from '@nexos/logs';
import { type DeploymentSettings } from '@nexos/settings';
import {
  BuildClaims,
  DeploymentsRepository,
  finishBuild,
  finishRollout,
  NodeRemovalsRepository,
  ProjectsRepository,
} from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { HostRetries } from '../../../apps/builder/src/images/host-retries.js';
import { BuildRunner } from '../../../apps/builder/src/builds/build-runner.js';
import type { BuildTask } from '../../../apps/builder/src/builds/build-task.js';
import { SkipMarkError, SkipMarks } from '../../../apps/builder/src/builds/skip-marks.js';
import { UnchangedError, WatchedChanges } from '../../../apps/builder/src/builds/watched-changes.js';
import { type ImageMaker } from '../../../apps/builder/src/images/image-maker.js';
import { type UnwantedImages } from '../../../apps/builder/src/images/unwanted-images.js';
import { claimAny } from '../../support/claim-any.js';
import { TestDatabase } from '../../support/database.js';
import type { TestCommit } from '../../support/git-server/test-repository.js';
import { at, insertProject, push } from '../../support/rows.js';
import { MirrorFixture } from '../git/mirror-fixture.js';
import { LogProcess, textsOf } from '../logs/log-fixture.js';

const EPOCH = '1';
let database: TestDatabase;
let logs: LogProcess;
let git: MirrorFixture;
beforeAll(async () => {
  const system = inject('system');
  database = await TestDatabase.create(system);
  logs = await LogProcess.boot(database, system.env.REDIS_URL ?? '');
  git = await MirrorFixture.create();
});
afterAll(async () => {
  await git.remove();
  await logs.close();
  await database.drop();
});

let pushes = 0;
let project: Awaited<ReturnType<typeof insertProject>>;
beforeEach(async () => {
  project = await insertProject(database.dataSource.manager);
});

/** Pushes and fetches a commit, and claims its build. */
async function claim(files: TestCommit['files'], message?: string): Promise<DeploymentEntity> {
  const branch = project.id;
  const sha = await git.pushed(files, branch, message);
  await git.mirror().fetchCommit(git.request(sha, { projectId: project.id, branch }));
  await push(database.unitOfWork, project, { branch, after: sha, at: at(++pushes) });
  // Equal commits of one second have one id.
  const [row] = await database.rows<{ id: string }>(
    'SELECT id FROM deployments WHERE commit_sha = $1 AND project_id = $2',
    [sha, project.id],
  );
  const claimed = await claimAny(database.unitOfWork, row?.id ?? '');
  if (claimed === null) throw new Error('the build could not be claimed');
  return claimed;
}

async function goLive({ id, environmentId }: DeploymentEntity): Promise<void> {
  await database.unitOfWork.run(async (transaction) => {
    const image = { imageId: id, containerImageIds: [], seedImageId: null, hookImageId: null, nodeId: null };
    await finishBuild(transaction, { deploymentId: id, environmentId, attempt: 1 }, image);
    await transaction.manager.query(
      `UPDATE environments SET lease_epoch = $2, lease_until = now() + interval '1 minute' WHERE id = $1`,
      [environmentId, EPOCH],
    );
    await finishRollout(transaction, { deploymentId: id, environmentId, epoch: EPOCH }, 0);
  });
}

function watched(): WatchedChanges {
  return new WatchedChanges(git.mirror(), database.repository(DeploymentsRepository));
}

/** Returns whether a build with these settings is needed, and what its log says. */
async function isNeeded(deployment: DeploymentEntity, settings: Partial<DeploymentSettings>) {
  const log = await logs.log.open(deployment.id, new Redactor([]), 64 * 1024);
  const task = { deployment, log, signal: new AbortController().signal };
  let needed = true;
  try {
    await watched().assertAny(task, { ...deployment.settings, ...settings }, deployment.commitSha ?? '');
  } catch (error) {
    if (!(error instanceof UnchangedError)) throw error;
    needed = false;
  }
  await log.close(false);
  return { needed, said: textsOf(await logs.read(deployment.id)) };
}

const FIRST = { 'web/a': '1', 'docs/a.md': '1', 'nexos.yaml': '', 'deploy/web.yaml': '' };

describe('watch_paths', () => {
  it.each<[string, TestCommit['files'], Partial<DeploymentSettings>, boolean]>([
    ['a watched file changed', { 'web/a': '2' }, { watch_paths: ['web'] }, true],
    ['another file changed', { 'docs/a.md': '2' }, { watch_paths: ['web'] }, false],
    ['both changed', { 'web/a': '2', 'docs/a.md': '2' }, { watch_paths: ['web'] }, true],
    ['nothing is watched in particular', { 'docs/a.md': '2' }, { watch_paths: [] }, true],
    ['only an excluded file changed', { 'docs/a.md': '2' }, { watch_paths: ['!docs'] }, false],
    ['a file moved out', { 'web/a': null, 'old/a': '1' }, { watch_paths: ['web'] }, true],
    ['a file moved in', { 'docs/a.md': null, 'web/a.md': '1' }, { watch_paths: ['web'] }, true],
    ['nexos.yaml changed', { 'nexos.yaml': '# new' }, { watch_paths: ['web'] }, true],
    ['nexos.yaml changed and is excluded', { 'nexos.yaml': '# new' }, { watch_paths: ['!*.yaml'] }, true],
    [
      "the project's own file changed",
      { 'deploy/web.yaml': '# new' },
      { watch_paths: ['web'], config_path: './deploy//web.yaml' },
      true,
    ],
    [
      "another project's file changed",
      { 'nexos.yaml': '# new' },
      { watch_paths: ['web'], config_path: 'deploy/web.yaml' },
      false,
    ],
  ])('when %s', async (_, files, settings, expected) => {
    await goLive(await claim(FIRST));
    expect((await isNeeded(await claim(files), settings)).needed).toBe(expected);
  });

  it('builds the first deployment, and one whose live commit the mirror has lost', async () => {
    const first = await claim(FIRST);
    const settings = { watch_paths: ['web'] };
    expect((await isNeeded(first, settings)).needed).toBe(true);
    await goLive(first);
    const next = await claim({ 'docs/a.md': '2' });
    expect((await isNeeded(next, settings)).needed).toBe(false);
    await database.dataSource.query('UPDATE deployments SET commit_sha = $2 WHERE id = $1', [
      first.id,
      'f'.repeat(40),
    ]);
    const { needed, said } = await isNeeded(next, settings);
    expect(needed).toBe(true);
    expect(said.at(-1)).toBe(
      'watch_paths is not applied: what changed since ffffffffffff is not known exactly',
    );
  });

  it('compares with the live commit, not with the push before', async () => {
    await goLive(await claim(FIRST));
    await claim({ 'web/a': '2' });
    await database.dataSource.query(
      `UPDATE deployments SET status = 'superseded' WHERE project_id = $1 AND status = 'building'`,
      [project.id],
    );
    expect((await isNeeded(await claim({ 'docs/a.md': '2' }), { watch_paths: ['web'] })).needed).toBe(true);
  });

  it('takes hostile globs as matching in bounded time', async () => {
    await goLive(await claim(FIRST));
    const many = Array.from({ length: 1_000 }, (_, at) => [`${'a'.repeat(200)}${at}`, ''] as const);
    const hostile = Array.from({ length: 30 }, (_, at) => `${'*a'.repeat(120)}b${at}`);
    const started = performance.now();
    const next = await claim(Object.fromEntries(many));
    await isNeeded(next, { watch_paths: hostile });
    expect(performance.now() - started).toBeLessThan(30_000);
  });
});

/** A builder whose images are made like this. */
function runner(make: (task: BuildTask) => Promise<never>): BuildRunner {
  return new BuildRunner(
    database.repository(ProjectsRepository),
    database.unitOfWork,
    new BuildClaims(database.unitOfWork),
    database.repository(NodeRemovalsRepository),
    { make } as unknown as ImageMaker,
    {} as UnwantedImages,
    new InstallationTokens(new ConfiguredApp(new GithubConfig())),
    new HostRetries(new BuilderConfig()),
    { open: () => Promise.resolve({ secrets: [] }) } as unknown as ProjectVariables,
    logs.log,
    new BuilderConfig(),
    new WorkerConfig(),
  );
}
const outcomeOf = ({ id }: DeploymentEntity) =>
  database.rows(
    'SELECT status, skip_reason, commit_message AS message, commit_author AS author FROM deployments WHERE id = $1',
    [id],
  );

describe('a commit whose message no delivery told', () => {
  const marks = () => new SkipMarks(git.mirror(), database.repository(DeploymentsRepository));
  const lookAt = (deployment: DeploymentEntity) =>
    marks().assertNone({ deployment, signal: new AbortController().signal }, deployment.commitSha ?? '');

  async function claimUntold(message: string): Promise<DeploymentEntity> {
    const { id } = await claim(FIRST, message);
    await database.dataSource.query(
      'UPDATE deployments SET commit_message = NULL, commit_author = NULL WHERE id = $1',
      [id],
    );
    return database.repository(DeploymentsRepository).get(id);
  }

  it('has its message and author stored', async () => {
    const deployment = await claimUntold('Say ünïcode\n\nin a body\n');
    await lookAt(deployment);
    expect(await outcomeOf(deployment)).toMatchObject([
      { message: 'Say ünïcode\n\nin a body', author: 'Nexos Test' },
    ]);
  });

  it('is not built when it has a skip mark, also by the builder that follows a killed one', async () => {
    const deployment = await claimUntold(`A change\n\n${'x'.repeat(9_000)}\n[skip ci]`);
    await expect(lookAt(deployment)).rejects.toThrow(SkipMarkError);
    const again = await database.repository(DeploymentsRepository).get(deployment.id);
    const build = runner(async (task) => {
      await marks().assertNone(task, again.commitSha ?? '');
      throw new Error('it is built all the same');
    });
    await build.run(again, new AbortController().signal);
    expect(await outcomeOf(deployment)).toMatchObject([{ status: 'cancelled', skip_reason: 'skip_mark' }]);
    expect(textsOf(await logs.read(deployment.id)).at(-1)).toBe(
      'not built: the message of its commit has a skip mark',
    );
  });

  it.each([
    ['the API asked for it', { trigger: 'api' }],
    ['a fork has it, and it was approved', { branch: 'pull:7' }],
    ['its message is known', { commitMessage: 'A change' }],
  ] as const)('is built when it has a skip mark, but %s', async (_what, more) => {
    const deployment = await claimUntold('[skip ci]');
    await lookAt(Object.assign(deployment, more));
  });
});

describe('BuildRunner', () => {
  it('ends a build that is not needed as cancelled, with a reason and a log', async () => {
    const first = await claim(FIRST);
    await goLive(first);
    const deployment = await claim({ 'docs/a.md': '2' });
    const build = runner(async (task) => {
      const settings = { ...deployment.settings, watch_paths: ['web'] };
      await watched().assertAny(task, settings, deployment.commitSha ?? '');
      throw new Error('it is built all the same');
    });
    await build.run(deployment, new AbortController().signal);
    expect(await outcomeOf(deployment)).toMatchObject([{ status: 'cancelled', skip_reason: 'watch_paths' }]);
    expect(textsOf(await logs.read(deployment.id)).at(-1)).toBe(
      `not built: nothing that watch_paths names has changed since the live commit ${first.commitSha?.slice(0, 12)}`,
    );
    expect(
      await database.rows('SELECT 1 FROM deployment_logs WHERE deployment_id = $1', [deployment.id]),
    ).toHaveLength(1);
  });
});
