import { type LogWriter, Redactor } from '@nexos/logs';
import { loadConfig, ServicesConfig } from '@nexos/config';
import { DeploymentsRepository, ProjectServicesRepository, SettingsAdmission } from '@nexos/state';
import { type DeploymentEntity } from '@nexos/database';
import { type DeploymentSettings } from '@nexos/settings';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { BuildLostError } from '../../../apps/builder/src/builds/build-lease.js';
import { CommittedConfig } from '../../../apps/builder/src/builds/committed-config.js';
import { claimAny } from '../../support/claim-any.js';
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
async function claim(
  files: TestCommit['files'],
  settings: Partial<DeploymentSettings> = {},
): Promise<ClaimedBuild> {
  const { id } = await createQueuedDeployment(database);
  const deployment = await claimAny(database.unitOfWork, id);
  if (deployment === null) throw new Error('the build could not be claimed');
  deployment.settings = { ...deployment.settings, ...settings };
  const branch = deployment.projectId;
  const sha = await git.pushed({ README: '', ...files }, branch);
  await git.mirror().fetchCommit(git.request(sha, { projectId: deployment.projectId, branch }));
  return { deployment, log: await logs.log.open(id, new Redactor([]), 64 * 1024), sha };
}

async function placePostgres({ deployment }: ClaimedBuild, version: string | null): Promise<void> {
  await database.dataSource.query(
    `INSERT INTO project_services (project_id, kind, sealed_password, node_id, image_id, version)
     VALUES ($1, 'postgres', '', 'n', 'i', $2)`,
    [deployment.projectId, version],
  );
}

/** Applies the file of the commit; returns the outcome, the deployment's stored settings and its log. */
async function applied({ deployment, log, sha }: ClaimedBuild) {
  const env = { SERVICE_POSTGRES_IMAGES: '15=pg:15,16=pg:16', SERVICE_POSTGRES_IMAGE: 'pg:15' };
  const { services } = loadConfig({ services: ServicesConfig }, env);
  const { unitOfWork } = database;
  const config = new CommittedConfig(
    git.mirror(),
    new SettingsAdmission(unitOfWork, new DeploymentsRepository(unitOfWork)),
    database.repository(ProjectServicesRepository),
    services,
  );
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
      hooks: expect.objectContaining({
        on_deploy: ['/bin/sh', '-c', 'npm run migrate'],
        on_new: null,
        seed: 'db/seed.sql',
      }) as object,
    });
    expect(outcome).toEqual(stored);
    expect(said).toEqual([
      "nexos.yaml overrides the project's settings: build.dockerfile, build.args (1), app.port, services.postgres, services.redis, env (1), hooks.on_deploy, hooks.seed",
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
      'has a seed in Git LFS',
      {
        'nexos.yaml': 'services: { postgres: true }\nhooks: { seed: a.sql }',
        'a.sql': `version https://git-lfs.github.com/spec/v1\noid sha256:${'1'.repeat(64)}\nsize 123456789\n`,
      },
      'hooks.seed: is only a pointer to a file in Git LFS, which is not fetched: commit the file itself.',
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

  it('notes a name, and build resources that are not applied', async () => {
    const { outcome, stored, said } = await applied(
      await claim({ 'nexos.yaml': 'name: shop\nbuildResources: { cpu: 2, timeout: 600 }' }),
    );
    expect(outcome).toEqual(stored);
    expect(stored).toMatchObject({ build_timeout_seconds: 600, build_cpu: 2, build_memory_mb: null });
    expect(said).toEqual([
      "nexos.yaml overrides the project's settings: buildResources.timeout, buildResources.cpu",
      'nexos.yaml: name is ignored here; it names a project that is created or configured from the file',
      'buildResources: cpu and memory are not applied; all builds share the limits of the operator',
    ]);
  });

  it('is read from the path that the project has for it', async () => {
    const files = { 'nexos.yaml': 'app: { port: 1 }', 'apps/web/nexos.yaml': 'app: { port: 2 }' };
    const own = await applied(await claim(files, { config_path: './apps/web/nexos.yaml' }));
    expect(own.stored).toMatchObject({ port: 2 });
    const wrong = await applied(
      await claim({ 'a/nexos.yaml': 'app: { port: 0 }' }, { config_path: 'a/nexos.yaml' }),
    );
    expect((wrong.outcome as Error).message).toContain('a/nexos.yaml line 1, app.port: must be');
    const missing = await applied(await claim(files, { config_path: 'b/nexos.yaml' }));
    expect(missing.said).toEqual(["this commit has no b/nexos.yaml: the project's settings apply"]);
  });

  it('cannot change the version of data, nor ask for one that is not offered', async () => {
    const build = await claim({ 'nexos.yaml': 'services: { postgres: { version: "16" } }' });
    await placePostgres(build, '15');
    const { outcome, stored } = await applied(build);
    expect(outcome).toMatchObject({
      code: 'config_invalid',
      message: expect.stringMatching(
        /^nexos\.yaml, services\.postgres\.version: must stay as it is: the project's Postgres has data of version 15.*destroy all environments/,
      ) as string,
    });
    expect(stored).toEqual(build.deployment.settings);
    const old = await applied(
      await claim({}, { services: { postgres: { version: '14' }, redis: false, s3: false } }),
    );
    expect((old.outcome as Error).message).toContain(
      "the project's settings, services.postgres.version: must be a version that this installation offers: 15, 16;",
    );
  });

  it('may ask for any version that is offered while that of the data is unknown', async () => {
    for (const version of ['15', '16']) {
      const build = await claim({ 'nexos.yaml': `services: { postgres: { version: "${version}" } }` });
      await placePostgres(build, null);
      expect((await applied(build)).outcome).toMatchObject({ services: { postgres: { version } } });
    }
  });

  it('may ask for the version of the data when the operator no longer offers it', async () => {
    const file = { 'nexos.yaml': 'services: { postgres: { version: "14.2" } }' };
    const build = await claim(file);
    await placePostgres(build, '14.2');
    expect((await applied(build)).outcome).toMatchObject({ services: { postgres: { version: '14.2' } } });
    expect(((await applied(await claim(file))).outcome as Error).message).toContain('or leave version out.');
  });

  it('is not blamed for the version of a service that the project sets', async () => {
    const services = { postgres: { version: '14' }, redis: false, s3: false } as const;
    for (const file of ['{ redis: true }', '{ postgres: true }', '{ postgres: { storageMb: 64 } }']) {
      const { outcome } = await applied(await claim({ 'nexos.yaml': `services: ${file}` }, { services }));
      expect((outcome as Error).message).toMatch(
        /^the project's settings, services\.postgres\.version: must be/,
      );
    }
    const both = await claim(
      { 'nexos.yaml': 'services: { postgres: { version: "16" } }' },
      { services: { ...services, redis: { version: '5' } } },
    );
    await placePostgres(both, '15');
    expect((await applied(both)).said).toEqual([
      expect.stringMatching(/^the project's settings, services\.redis\.version: must be/),
      expect.stringMatching(/^nexos\.yaml, services\.postgres\.version: must stay/),
    ]);
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
