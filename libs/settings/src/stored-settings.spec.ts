import { describe, expect, it } from 'vitest';
import { deploymentSettings } from './deployment-settings.js';
import { changedSettings, initialSettings, projectSettings } from './project-settings.js';
import type { DeploymentSettings } from './settings-types.js';

describe('project settings', () => {
  it('store exactly what was set, even if it equals the default', () => {
    const row = initialSettings();
    expect(row).toEqual({
      settings: {},
      autoDeploy: true,
      deployOn: 'push',
      pullRequestLabel: null,
      pullRequestDrafts: false,
      pullRequestForks: 'never',
      branchInclude: [],
      branchExclude: [],
      sleepAfterMinutes: null,
      expiresAfterDays: null,
      githubChecks: true,
      githubDeployments: true,
      githubComments: true,
    });
    expect(changedSettings(row, { port: 3000, services: { redis: true, s3: false } })).toEqual({
      settings: { port: 3000, services: { redis: {}, s3: false } },
    });
  });

  it('keep values that a change does not name', () => {
    const row = { settings: { port: 80, services: { postgres: {} } } };
    expect(changedSettings(row, { services: { redis: true }, auto_deploy: false })).toEqual({
      settings: { port: 80, services: { postgres: {}, redis: {} } },
      autoDeploy: false,
    });
    expect(changedSettings(row, { branch_filter: { include: ['main'] } })).toEqual({
      branchInclude: ['main'],
    });
    expect(changedSettings(row, { expires_after_days: null })).toEqual({ expiresAfterDays: null });
  });

  it('have no change when nothing is named', () => {
    expect(changedSettings(initialSettings(), {})).toEqual({});
    expect(changedSettings(initialSettings(), { services: {}, branch_filter: {} })).toEqual({});
  });

  it('store a shell command as arguments, and show it as it was given', () => {
    const row = initialSettings();
    const change = { hooks: { on_deploy: 'npm run migrate', on_new: ['node', 'seed.js'] } };
    const after = { ...row, ...changedSettings(row, change) };
    expect(after.settings.hooks).toEqual({
      on_deploy: ['/bin/sh', '-c', 'npm run migrate'],
      on_new: ['node', 'seed.js'],
    });
    expect(projectSettings(after).hooks).toMatchObject({ ...change.hooks, seed: null });
  });

  it('keep, change and remove the options of a service', () => {
    const row = initialSettings();
    const postgres = (settings: typeof row.settings, given: object | boolean) =>
      changedSettings({ settings }, { services: { postgres: given } }).settings?.services?.postgres;
    const before = { services: { postgres: { version: '15', storage_mb: 100 } } };
    expect(postgres(before, true)).toEqual({ version: '15', storage_mb: 100 });
    expect(postgres(before, { storage_mb: 200 })).toEqual({ version: '15', storage_mb: 200 });
    expect(postgres(before, { version: null })).toEqual({ storage_mb: 100 });
    expect(postgres(before, { enabled: false, version: '15' })).toBe(false);
    expect(postgres({}, { version: '16' })).toEqual({ version: '16' });
    const shown = projectSettings({ ...row, settings: before }).services;
    expect(shown).toEqual({
      postgres: { enabled: true, version: '15', storage_mb: 100 },
      redis: false,
      s3: false,
    });
  });

  it('show stored services as true or false', () => {
    const row = { ...initialSettings(), settings: { services: { postgres: {}, redis: false as const } } };
    expect(projectSettings(row).services).toEqual({ postgres: true, redis: false, s3: false });
  });
});

describe('deploymentSettings', () => {
  it('fills in defaults for settings newer than the deployment', () => {
    expect(deploymentSettings({ port: 80 })).toEqual({ ...deploymentSettings({}), port: 80 });
    expect(deploymentSettings({}).hooks).toMatchObject({ on_deploy: null, on_new: null, seed: null });
  });

  it('reads services as earlier versions stored them', () => {
    const services = { postgres: true, redis: false };
    expect(deploymentSettings({ services } as unknown as DeploymentSettings).services).toEqual({
      postgres: {},
      redis: false,
      s3: false,
    });
  });

  it('keeps settings stored by a later version', () => {
    const later = { ...deploymentSettings({}), later: 1, services: { postgres: {}, mysql: {} } };
    expect(deploymentSettings(later as unknown as DeploymentSettings)).toMatchObject({
      later: 1,
      services: { postgres: {}, redis: false, mysql: {} },
    });
  });
});
