import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Sealer, sealIdentity } from '@nexos/crypto';
import {
  EnvironmentServiceEntity,
  EnvVarEntity,
  GithubAppEntity,
  IdempotencyKeyEntity,
  ProjectServiceEntity,
  RegistryEntity,
  WebhookEntity,
  WebhookSecretEntity,
  JoinTokenEntity,
} from '@nexos/database';
import { newId } from '@nexos/domain';
import { type ServiceCredentials, ServicePasswords } from '@nexos/env-vars';
import {
  EnvironmentServicesRepository,
  ProjectServicesRepository,
  SealedValuesRepository,
} from '@nexos/state';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { reseal } from '../../../apps/api/src/reseal/reseal.js';
import { TestDatabase } from '../../support/database.js';
import { insertProject, createQueuedDeployment } from '../../support/rows.js';

const run = promisify(execFile);
const OLD = Buffer.alloc(32, 1).toString('base64');
const NEW = Buffer.alloc(32, 2).toString('base64');
const before = new Sealer({ key: OLD, oldKeys: [] });
const both = new Sealer({ key: NEW, oldKeys: [OLD] });
const after = new Sealer({ key: NEW, oldKeys: [] });

let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

interface Sealed {
  identity: string;
  sealed: string;
  plaintext: string;
}

let variables: string[];
let accountId: string;
let credentials: ServiceCredentials | undefined;
beforeEach(async () => {
  const { manager } = database.dataSource;
  for (const table of [
    'env_vars',
    'webhooks',
    'webhook_secrets',
    'registries',
    'idempotency_keys',
    'environment_services',
    'project_services',
    'github_app',
    'swarm_entrance',
  ])
    await manager.query(`DELETE FROM ${table}`);
  const project = await insertProject(manager);
  ({ accountId } = project);
  variables = Array.from({ length: 250 }, () => newId('envVar'));
  await manager.insert(
    EnvVarEntity,
    variables.map((id, i) => ({
      id,
      projectId: project.id,
      key: `K${i}`,
      sealedValue: before.seal(`secret of ${id}`, sealIdentity.envVar(id)),
    })),
  );
  const registry = newId('registry');
  await manager.insert(RegistryEntity, {
    id: registry,
    projectId: project.id,
    host: 'ghcr.io',
    user: 'acme',
    sealedPassword: before.seal('a password', sealIdentity.registry(registry)),
  });
  const webhook = newId('webhook');
  await manager.insert(WebhookEntity, {
    id: webhook,
    accountId,
    projectId: project.id,
    format: 'slack',
    url: null,
    sealedSecret: before.seal('an address', sealIdentity.webhook(webhook)),
    events: ['deployment.live'],
  });
  const webhookSecret = newId('webhookSecret');
  await manager.insert(WebhookSecretEntity, {
    id: webhookSecret,
    projectId: project.id,
    sealedSecret: before.seal('a webhook secret', sealIdentity.webhookSecret(webhookSecret)),
  });
  await manager.insert(GithubAppEntity, {
    appId: '4242',
    slug: 'nexos',
    name: 'Nexos',
    htmlUrl: 'https://github.example/apps/nexos',
    sealedCredentials: before.seal('credentials', sealIdentity.githubApp('4242')),
  });
  await manager.insert(IdempotencyKeyEntity, [
    answer('a/key with "all" of it', 'an answer'),
    { accountId, key: 'under way', fingerprint: 'x' },
  ]);
  const { environmentId } = await createQueuedDeployment(database, { project });
  const environment = { id: environmentId, projectId: project.id };
  const keys = new ServicePasswords(
    database.unitOfWork,
    database.repository(ProjectServicesRepository),
    database.repository(EnvironmentServicesRepository),
    before,
  );
  await keys.reserve(environment, ['postgres']);
  [credentials] = await keys.open(environment);
  const sealedWorkerToken = before.seal('SWMTKN-1', sealIdentity.joinToken());
  await manager.insert(JoinTokenEntity, { sealedWorkerToken, managerAddress: '10.0.0.1:2377' });
});

function answer(key: string, text: string) {
  const response = before.seal(text, sealIdentity.idempotencyKey(accountId, key));
  return { accountId, key, fingerprint: 'x', response };
}

/** Returns every sealed value with its identity and plaintext. */
async function all(): Promise<Sealed[]> {
  const { manager } = database.dataSource;
  const rows = await manager.find(EnvVarEntity, { order: { id: 'ASC' } });
  const answers = await manager.find(IdempotencyKeyEntity);
  const [joinToken] = await manager.find(JoinTokenEntity);
  return [
    ...rows.map(({ id, sealedValue }) => ({
      identity: sealIdentity.envVar(id),
      sealed: sealedValue,
      plaintext: `secret of ${id}`,
    })),
    ...answers.flatMap(({ key, response }) =>
      response === null
        ? []
        : [
            {
              identity: sealIdentity.idempotencyKey(accountId, key),
              sealed: response,
              plaintext: 'an answer',
            },
          ],
    ),
    ...(await manager.find(WebhookEntity)).map(({ id, sealedSecret }) => ({
      identity: sealIdentity.webhook(id),
      sealed: sealedSecret,
      plaintext: 'an address',
    })),
    ...(await manager.find(WebhookSecretEntity)).map(({ id, sealedSecret }) => ({
      identity: sealIdentity.webhookSecret(id),
      sealed: sealedSecret,
      plaintext: 'a webhook secret',
    })),
    ...(await manager.find(RegistryEntity)).map(({ id, sealedPassword }) => ({
      identity: sealIdentity.registry(id),
      sealed: sealedPassword,
      plaintext: 'a password',
    })),
    ...(await manager.find(GithubAppEntity)).map(({ appId, sealedCredentials }) => ({
      identity: sealIdentity.githubApp(appId),
      sealed: sealedCredentials,
      plaintext: 'credentials',
    })),
    ...(await manager.find(ProjectServiceEntity)).map(({ projectId, kind, sealedPassword }) => ({
      identity: sealIdentity.projectService(projectId, kind),
      sealed: sealedPassword,
      plaintext: credentials?.adminPassword ?? '',
    })),
    ...(await manager.find(EnvironmentServiceEntity)).map(({ environmentId, kind, sealedPassword }) => ({
      identity: sealIdentity.environmentService(environmentId, kind),
      sealed: sealedPassword,
      plaintext: credentials?.password ?? '',
    })),
    {
      identity: sealIdentity.joinToken(),
      sealed: joinToken?.sealedWorkerToken ?? '',
      plaintext: 'SWMTKN-1',
    },
  ];
}

/** Runs the command as an operator would. */
async function command(env: Record<string, string>, ...args: string[]) {
  const path = 'dist/apps/api/src/commands/reseal.js';
  const options = { env: { PATH: process.env.PATH, DATABASE_URL: database.url, ...env } };
  return run(process.execPath, [path, ...args], options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: unknown) => error as { code: number; stdout: string; stderr: string },
  );
}

describe('the reseal command', () => {
  it('leaves everything readable with the new key alone', async () => {
    const { code, stdout } = await command({ ENCRYPTION_KEY: NEW, ENCRYPTION_KEYS_OLD: OLD });
    expect(code).toBe(0);
    expect(stdout).toContain('env_vars: 250 re-encrypted, 0 already encrypted with ENCRYPTION_KEY');
    expect(stdout).toContain('idempotency_keys: 1 re-encrypted');
    expect(stdout).toContain('project_services: 1 re-encrypted');
    expect(stdout).toContain('environment_services: 1 re-encrypted');
    expect(stdout).toContain('github_app: 1 re-encrypted');
    expect(stdout).toContain('swarm_entrance: 1 re-encrypted');
    for (const { sealed, identity, plaintext } of await all()) {
      expect(after.open(sealed, identity)).toBe(plaintext);
    }
    const again = await command({ ENCRYPTION_KEY: NEW });
    expect(again.code).toBe(0);
    expect(again.stdout).toContain('env_vars: 0 re-encrypted, 250 already encrypted with ENCRYPTION_KEY');
  });

  it('resumes after an interruption, with every row readable in between', async () => {
    let changes = 0;
    class InterruptedValues extends SealedValuesRepository {
      override replace(...value: Parameters<SealedValuesRepository['replace']>): Promise<boolean> {
        if (++changes > 120) throw new Error('killed');
        return super.replace(...value);
      }
    }
    const interrupted = database.repository(InterruptedValues);
    await expect(reseal(interrupted, both)).rejects.toThrow('killed');
    const half = await all();
    expect(half.filter(({ sealed }) => both.isCurrent(sealed))).toHaveLength(120);
    for (const { sealed, identity, plaintext } of half) expect(both.open(sealed, identity)).toBe(plaintext);

    expect(await reseal(database.repository(SealedValuesRepository), both)).toEqual([
      { table: 'env_vars', resealed: 130, current: 120, unreadable: [] },
      { table: 'webhooks', resealed: 1, current: 0, unreadable: [] },
      { table: 'webhook_secrets', resealed: 1, current: 0, unreadable: [] },
      { table: 'registries', resealed: 1, current: 0, unreadable: [] },
      { table: 'idempotency_keys', resealed: 1, current: 0, unreadable: [] },
      { table: 'project_services', resealed: 1, current: 0, unreadable: [] },
      { table: 'environment_services', resealed: 1, current: 0, unreadable: [] },
      { table: 'container_runs', resealed: 0, current: 0, unreadable: [] },
      { table: 'github_app', resealed: 1, current: 0, unreadable: [] },
      { table: 'swarm_entrance', resealed: 1, current: 0, unreadable: [] },
    ]);
    for (const { sealed, identity, plaintext } of await all()) {
      expect(after.open(sealed, identity)).toBe(plaintext);
    }
  });

  it('overwrites no concurrent write, not even one with the old key', async () => {
    const { dataSource } = database;
    const [id = ''] = variables;
    let writes = 0;
    class ConcurrentlyWrittenValues extends SealedValuesRepository {
      override async replace(...value: Parameters<SealedValuesRepository['replace']>): Promise<boolean> {
        const [table, { key }] = value;
        if (table === 'env_vars' && key[0] === id && writes++ < 2) {
          const sealedValue = before.seal(`written ${writes}`, sealIdentity.envVar(id));
          await dataSource.manager.update(EnvVarEntity, id, { sealedValue });
        }
        return super.replace(...value);
      }
    }
    const [counts] = await reseal(database.repository(ConcurrentlyWrittenValues), both);
    expect(counts).toEqual({ table: 'env_vars', resealed: 250, current: 0, unreadable: [] });
    const row = await dataSource.manager.findOneByOrFail(EnvVarEntity, { id });
    expect(after.open(row.sealedValue, sealIdentity.envVar(id))).toBe('written 2');
  });

  it('names the values that cannot be decrypted, reseals the rest, and exits with 1', async () => {
    const [lost = '', foreign = ''] = variables;
    const { manager } = database.dataSource;
    const other = new Sealer({ key: Buffer.alloc(32, 3).toString('base64'), oldKeys: [] });
    await manager.update(EnvVarEntity, lost, { sealedValue: other.seal('x', sealIdentity.envVar(lost)) });
    await manager.update(EnvVarEntity, foreign, { sealedValue: before.seal('x', 'env_vars/another') });
    const { code, stdout, stderr } = await command({ ENCRYPTION_KEY: NEW, ENCRYPTION_KEYS_OLD: OLD });
    expect(code).toBe(1);
    expect(stdout).toContain(
      'env_vars: 248 re-encrypted, 0 already encrypted with ENCRYPTION_KEY, 2 unreadable',
    );
    expect(stderr).toContain(`no key decrypts "env_vars/${lost}"`);
    expect(stderr).toContain(`no key decrypts "env_vars/${foreign}"`);
    expect(stdout + stderr).not.toMatch(/secret of|v1\.|SWMTKN/);
    expect(stdout).not.toContain('every secret is encrypted');
  });

  it('prints its usage', async () => {
    expect((await command({}, '--help')).stdout).toContain('ENCRYPTION_KEYS_OLD');
    expect((await command({}, '--what')).code).toBe(2);
    expect((await command({})).code).not.toBe(0);
  });
});
