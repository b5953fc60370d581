import { expect, it } from 'vitest';
import { deploymentSettings } from './deployment-settings.js';
import { forkCommitSettings, forkProjectSettings } from './fork-settings.js';
import type { StoredSettings } from './settings-types.js';

const STORED = {
  port: 8080,
  env: { TOKEN: 'a' },
  build_args: { KEY: 'b' },
  services: { postgres: { version: '16' }, redis: {} },
  containers: [{ name: 'worker', command: ['run'], env: { SECRET: 'c' } }],
} as unknown as StoredSettings;

it('leaves the variables of a project and Redis out of what a fork is deployed with', () => {
  const settings = deploymentSettings(forkProjectSettings(STORED));
  expect(settings).toMatchObject({
    port: 8080,
    env: {},
    build_args: {},
    services: { postgres: { version: '16' }, redis: false },
    containers: [{ name: 'worker', command: ['run'] }],
  });
  expect(JSON.stringify(settings)).not.toMatch(/TOKEN|KEY|SECRET/);
});

it('adds nothing to a project without settings', () => {
  expect(forkProjectSettings({})).toEqual({});
});

it('leaves Redis out of what the commit of a fork asks for, and keeps its own variables', () => {
  const settings = forkCommitSettings(deploymentSettings(STORED));
  expect(settings.services.redis).toBe(false);
  expect(settings.env).toEqual({ TOKEN: 'a' });
});
