import { type LogWriter, Redactor } from '@nexos/logs';
import { BuildClaims, DeploymentsRepository } from '@nexos/state';
import { type DeploymentEntity } from '@nexos/database';
import { type DeploymentSettings } from '@nexos/settings';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { BuildLostError } from '../../../apps/builder/src/builds/build-lease.js';
import { CommittedConfig } from '../../../apps/builder/src/builds/committed-config.js';
import { TestDatabase } from '../../support/database.js';
import type { TestCommit } from '../../support/git-server/test-repository.js';
import { createQueuedDeployment } from '../../support/rows.js';
import { LogProcess, textsOf } from '../logs/log-fixture.js';
import { MirrorFixture } from '../git/mirror-fixture.js';

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

interface ClaimedBuild {
  readonly deployment: DeploymentEntity;
  readonly log: LogWriter;
  readonly sha: string;
}

/** Claims a build, and fetches its commit. */
async function claim(files: TestCommit['files']): Promise<ClaimedBuild> {
  const { id } = await createQueuedDeployment(database);
  const deployment = await new BuildClaims(database.unitOfWork).claim(id, 60_000, 0);
  if (deployment === null) throw new Error('the build could not be claimed');
  const branch = deployment.projectId;
  const sha = await git.pushed(files, branch);
  await git.mirror().fetchCommit(git.request(sha, { projectId: deployment.projectId, branch }));
  return { deployment, log: await logs.log.open(id, new Redactor([]), 64 * 1024), sha };
}

/** Applies the file of the commit; returns the outcome, the deployment's stored settings and its log. */
async function applied({ deployment, log, sha }: ClaimedBuild) {
  const config = new CommittedConfig(git.mirror(), database.repository(DeploymentsRepository));
  const outcome: unknown = await config.applyTo({ deployment, log }, sha).catch((error: unknown) => error);
  await log.close(false);
  const [row] = await database.rows<{ spec: DeploymentSettings }>(
    'SELECT spec FROM deployments WHERE id = $1',
    [deployment.id],
  );
  return { outcome, stored: row?.spec, said: textsOf(await logs.read(deployment.id)) };
}

describe('the nexos.yaml of a commit', () => {
  it('is merged into the settings of the deployment, and its fields are logged', async () => {
    const file = `
build: { dockerfile: app/Dockerfile, args: { V: 1.10 } }
app: { port: 8080 }
services: { postgres: true, redis: true }
env: { GREETING: hello }
hooks: { on_deploy: npm run migrate, seed: db/seed.sql }`;
    const build = await claim({ 'nexos.yaml': file, 'db/seed.sql': '' });
    const { outcome, stored, said } = await applied(build);
    const { settings } = build.deployment;
    expect(stored).toEqual({
      ...settings,
      dockerfile: 'app/Dockerfile',
      build_args: { V: '1.10' },
      port: 8080,
      services: { ...settings.services, postgres: {}, redis: {} },
      env: { GREETING: 'hello' },
      hooks: { on_deploy: ['/bin/sh', '-c', 'npm run migrate'], on_new: null, seed: 'db/seed.sql' },
    });
    expect(outcome).toEqual(stored);
    expect(said).toEqual([
      "nexos.yaml overrides the project's settings: build.dockerfile, app.port, services.postgres, services.redis",
      'nexos.yaml also sets: build.args (1), env (1), hooks.on_deploy, hooks.seed',
    ]);
  });

  it.each<[string, TestCommit['files'], string[]]>([
    ['does not exist', { Dockerfile: '' }, []],
    [
      'has another name',
      { 'nexos.yml': 'app: { port: 1 }' },
      ['nexos.yml is ignored: rename it to nexos.yaml'],
    ],
    ['is in a folder', { 'a/nexos.yaml': 'app: { port: 1 }' }, []],
    ['is empty', { 'nexos.yaml': '' }, []],
  ])('changes nothing when it %s', async (_, files, says) => {
    const build = await claim(files);
    const { outcome, stored, said } = await applied(build);
    expect([outcome, stored]).toEqual([build.deployment.settings, build.deployment.settings]);
    expect(said).toEqual(says);
  });

  it.each<[string, TestCommit['files'], string]>([
    [
      'has a wrong value',
      { 'nexos.yaml': 'app:\n  port: 0\n' },
      'nexos.yaml line 2, app.port: must be a whole number',
    ],
    ['is no YAML', { 'nexos.yaml': '{' }, 'nexos.yaml line 1: is not valid YAML'],
    [
      'is a link',
      { 'nexos.yaml': { link: 'real.yaml' }, 'real.yaml': '' },
      'nexos.yaml: must be a regular file',
    ],
    ['is a folder', { 'nexos.yaml/a': '' }, 'nexos.yaml: must be a regular file'],
    ['is too large', { 'nexos.yaml': `#${'x'.repeat(65_536)}` }, 'nexos.yaml: is larger than 64 KiB'],
    ['is no text', { 'nexos.yaml': Buffer.from([0xc3]) }, 'nexos.yaml: must be UTF-8 text.'],
    [
      'names a seed that does not exist',
      { 'nexos.yaml': 'services: { postgres: true }\nhooks: { seed: a.sql }' },
      'nexos.yaml, hooks.seed: must be a regular file in this commit',
    ],
    [
      'has a folder as its seed',
      { 'nexos.yaml': 'services: { postgres: true }\nhooks: { seed: db }', 'db/a.sql': '' },
      'hooks.seed: must be a regular file',
    ],
    [
      'has a seed and no database for it',
      { 'nexos.yaml': 'hooks: { seed: a.sql }', 'a.sql': '' },
      'hooks.seed: needs a database',
    ],
    [
      'has a link as its seed',
      { 'nexos.yaml': 'services: { postgres: true }\nhooks: { seed: a }', a: { link: '/etc/passwd' } },
      'hooks.seed: must be',
    ],
  ])('fails the deployment when it %s', async (_, files, says) => {
    const build = await claim(files);
    const { outcome, stored, said } = await applied(build);
    expect(outcome).toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(says) as string,
    });
    expect(stored).toEqual(build.deployment.settings);
    expect(said.join('\n')).toContain(says);
  });

  it('has all of its errors in the log, and the first of them in the failure', async () => {
    const { outcome, said } = await applied(await claim({ 'nexos.yaml': 'a: 1\nb: 1\nc: 1\nd: 1\ne: 1\n' }));
    expect(said).toHaveLength(5);
    expect((outcome as Error).message).toBe(`${said.slice(0, 3).join(' ')} The build log lists 2 more.`);
  });

  it('changes nothing when another builder has claimed the build meanwhile', async () => {
    const build = await claim({ 'nexos.yaml': 'app: { port: 1 }' });
    await database.dataSource.query('UPDATE deployments SET attempt = attempt + 1 WHERE id = $1', [
      build.deployment.id,
    ]);
    const { outcome, stored } = await applied(build);
    expect(outcome).toBeInstanceOf(BuildLostError);
    expect(stored).toEqual(build.deployment.settings);
  });
});
