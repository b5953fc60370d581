import { describe, expect, it } from 'vitest';
import { deploymentSettings } from './deployment-settings.js';
import { mergeSettings } from './merge-settings.js';
import { effectiveSettings, mergeSources, projectSources } from './setting-sources.js';
import type { RepositoryConfig, StoredSettings } from './settings-types.js';

const PROJECT: StoredSettings = { port: 8080, memory_mb: 256, services: { postgres: {}, redis: false } };
const FILE: RepositoryConfig = {
  app: { memory_mb: 128 },
  services: { redis: true },
  env: { TOKEN: 'not to be shown' },
  hooks: { on_new: ['fill'] },
};
const effective = (project: StoredSettings, file: RepositoryConfig) =>
  effectiveSettings(
    mergeSettings(deploymentSettings(project), file),
    mergeSources(projectSources(project), file),
  );

describe('effectiveSettings', () => {
  it('shows the value that counts and where it comes from', () => {
    expect(effective(PROJECT, FILE)).toMatchObject({
      port: { value: 8080, source: 'project' },
      memory_mb: { value: 128, source: 'nexos.yaml' },
      cpu: { value: 0.5, source: 'default' },
      'services.postgres': { value: true, source: 'project' },
      'services.redis': { value: true, source: 'nexos.yaml' },
      'services.s3': { value: false, source: 'default' },
      'hooks.on_new': { value: ['fill'], source: 'nexos.yaml' },
      'hooks.seed': { value: null, source: 'default' },
    });
  });

  it('shows the names of variables, not their values', () => {
    expect(effective(PROJECT, FILE).env).toEqual({ value: ['TOKEN'], source: 'nexos.yaml' });
  });

  it('admits that the sources of an older deployment are unknown', () => {
    const sources = Object.values(effectiveSettings(deploymentSettings(PROJECT), null)).map(
      (one) => one.source,
    );
    expect(new Set(sources)).toEqual(new Set(['unknown']));
  });

  it('leaves out what only the project has, such as auto_deploy', () => {
    expect(effective({}, {})).not.toHaveProperty('auto_deploy');
  });
});
