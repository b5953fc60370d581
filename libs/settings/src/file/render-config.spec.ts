import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { configuredSettings } from '../project-settings.js';
import type { RepositoryConfig, StoredSettings } from '../settings-types.js';
import { parseRepositoryConfig } from './parse-repository-config.js';
import { renderConfig } from './render-config.js';

const OFFER = { postgres: ['15', '16'], redis: ['1.10'], s3: [] };
const parse = (text: string) => parseRepositoryConfig(new TextEncoder().encode(text), OFFER);
/** Returns what a project has after its file is rendered and read again. */
const again = (settings: StoredSettings) => {
  const { name, ...config } = parse(renderConfig('a: "b"', settings));
  expect(name).toBe('a: "b"');
  return configuredSettings({ settings }, config);
};

describe('renderConfig', () => {
  it('renders what is set, with the names of the file', () => {
    const settings: StoredSettings = {
      port: 3000,
      memory_mb: 512,
      build_timeout_seconds: 600,
      config_path: 'apps/web/nexos.yaml',
      services: { postgres: { version: '16', storage_mb: 5120 }, redis: {}, s3: false },
      env: { NODE_ENV: 'production', ANSWER: '42' },
      hooks: { on_deploy: ['/bin/sh', '-c', 'npm run migrate'], on_new: ['node', 'seed.js'], seed: null },
    };
    expect(renderConfig('shop', settings)).toBe(`name: shop
buildResources:
  timeout: 600
app:
  port: 3000
  memory_mb: 512
services:
  postgres:
    enabled: true
    version: "16"
    storageMb: 5120
  redis: true
  s3: false
env:
  NODE_ENV: production
  ANSWER: "42"
hooks:
  on_deploy: npm run migrate
  on_new:
    - node
    - seed.js
`);
    expect(renderConfig('shop', {})).toBe('name: shop\n');
  });

  it('renders a file that yields the same settings', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((one) => !one.includes('\0'));
    const value = fc.oneof(
      text,
      fc.constantFrom('yes', '1.10', '0o17', '~', '*a', '- a', 'a: b', '#', 'a\nb\n', '\u2028'),
    );
    const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,9}$/).filter((one) => one !== 'PORT');
    const variables = fc.dictionary(name, value, { maxKeys: 4 });
    const command = fc.array(
      value.filter((one) => one !== ''),
      { minLength: 1, maxLength: 4 },
    );
    const service = fc.constantFrom<StoredSettings['services'] & object>(
      { postgres: { version: '15' } },
      { postgres: false, redis: { version: '1.10', storage_mb: 64 } },
      {},
    );
    fc.assert(
      fc.property(variables, variables, command, service, (env, build_args, on_deploy, services) => {
        const settings = { env, build_args, hooks: { on_deploy }, services, cpu: 0.5, port: 80 };
        expect(again(settings)).toEqual({
          ...settings,
          ...(Object.keys(services).length === 0 ? { services: undefined } : {}),
        });
      }),
      { numRuns: 300 },
    );
  });
});

describe('configuredSettings', () => {
  it('replaces every setting that the file can have, and keeps the others', () => {
    const before: StoredSettings = {
      port: 80,
      env: { A: '1' },
      config_path: 'a.yaml',
      services: { redis: {} },
    };
    const config: RepositoryConfig = { app: { cpu: 2 }, env: { B: '2' }, services: { postgres: true } };
    expect(configuredSettings({ settings: before }, config)).toEqual({
      cpu: 2,
      env: { B: '2' },
      config_path: 'a.yaml',
      services: { postgres: {} },
    });
    expect(configuredSettings({ settings: before }, {})).toEqual({ config_path: 'a.yaml' });
  });
});
