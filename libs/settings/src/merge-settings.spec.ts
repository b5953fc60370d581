import { describe, expect, it } from 'vitest';
import { deploymentSettings } from './deployment-settings.js';
import { listFileFields, mergeSettings } from './merge-settings.js';
import type { DeploymentSettings, RepositoryConfig } from './settings-types.js';

const PROJECT: DeploymentSettings = {
  ...deploymentSettings({}),
  dockerfile: 'Dockerfile',
  build_context: '.',
  build_timeout_seconds: 900,
  build_args: {},
  port: 3000,
  health_check_path: '/',
  cpu: 0.5,
  memory_mb: 512,
  services: { postgres: {}, redis: false, s3: false },
  env: {},
};

const CASES: [string, RepositoryConfig, Partial<DeploymentSettings>][] = [
  ['nothing', {}, {}],
  ['sections without fields', { build: {}, app: {}, services: {}, env: {}, hooks: {} }, {}],
  ['the Dockerfile alone', { build: { dockerfile: 'a/Dockerfile' } }, { dockerfile: 'a/Dockerfile' }],
  ['the context alone', { build: { context: 'a' } }, { build_context: 'a' }],
  ['build arguments', { build: { args: { A: '1' } } }, { build_args: { A: '1' } }],
  ['the port alone', { app: { port: 80 } }, { port: 80 }],
  ['the health path', { app: { health_check_path: '/up' } }, { health_check_path: '/up' }],
  ['cores and memory', { app: { cpu: 2, memory_mb: 64 } }, { cpu: 2, memory_mb: 64 }],
  ['one more service', { services: { redis: true } }, { services: { postgres: {}, redis: {}, s3: false } }],
  [
    'a version',
    { services: { postgres: { version: '16' } } },
    { services: { postgres: { version: '16' }, redis: false, s3: false } },
  ],
  [
    'a service that is off, with a version',
    { services: { postgres: { enabled: false, version: '16' } } },
    { services: { postgres: false, redis: false, s3: false } },
  ],
  [
    'one service fewer',
    { services: { postgres: false } },
    { services: { postgres: false, redis: false, s3: false } },
  ],
  ['variables', { env: { A: '', B: '2' } }, { env: { A: '', B: '2' } }],
  ['one hook', { hooks: { on_deploy: ['a'] } }, { hooks: { ...PROJECT.hooks, on_deploy: ['a'] } }],
  [
    'the other hooks',
    { hooks: { on_new: ['b'], seed: 'c.sql' } },
    { hooks: { ...PROJECT.hooks, on_new: ['b'], seed: 'c.sql' } },
  ],
];

describe('merging the config of a commit', () => {
  it.each(CASES)('overrides the settings of the project field by field: %s', (_, config, changed) => {
    expect(mergeSettings(PROJECT, config)).toEqual({ ...PROJECT, ...changed });
  });

  it.each(CASES)('changes nothing when merged again: %s', (_, config) => {
    const once = mergeSettings(PROJECT, config);
    expect(mergeSettings(once, config)).toEqual(once);
  });

  it('keeps the options of a service that the commit does not name', () => {
    const project = {
      ...PROJECT,
      services: { postgres: { version: '15', storage_mb: 100 }, redis: false, s3: false },
    } as const;
    const postgres = (given: NonNullable<RepositoryConfig['services']>['postgres']) =>
      mergeSettings(project, { services: { postgres: given } } as RepositoryConfig).services.postgres;
    expect(postgres(true)).toEqual({ version: '15', storage_mb: 100 });
    expect(postgres({ enabled: true, storage_mb: 200 })).toEqual({ version: '15', storage_mb: 200 });
    expect(postgres(false)).toBe(false);
  });

  it('keeps variables named like built-in object properties', () => {
    const env = JSON.parse('{"__proto__": "a", "constructor": "b"}') as Record<string, string>;
    expect(JSON.stringify(mergeSettings(PROJECT, { env }).env)).toBe(JSON.stringify(env));
  });

  it('lists the given fields by name, never with their values', () => {
    expect(
      listFileFields({
        build: { context: 'secret', args: { A: 'secret' } },
        app: { port: 8080 },
        services: { s3: true },
        env: { A: 'secret', B: 'secret' },
        hooks: { seed: 'secret' },
      }),
    ).toEqual(['build.context', 'build.args (1)', 'app.port', 'services.s3', 'env (2)', 'hooks.seed']);
    expect(listFileFields({ build: { args: {} }, env: {} })).toEqual([]);
  });
});
