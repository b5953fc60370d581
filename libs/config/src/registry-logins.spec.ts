import { describe, expect, it } from 'vitest';
import { loadConfig } from './load-config.js';
import { EngineConfig } from './engine.config.js';

const load = (text: string) =>
  loadConfig({ engine: EngineConfig }, { REGISTRY_CREDENTIALS: text }).engine.registryLogins();
const PASSWORD = 'a-password-in-it';

describe('REGISTRY_CREDENTIALS', () => {
  it('lists users by registry; every name of Docker Hub is docker.io', () => {
    const list = [
      { host: 'index.docker.io', user: 'acme', password: 'p' },
      { host: 'Registry.example:5000', user: '_json_key', password: '{\n}' },
    ];
    expect([...load(JSON.stringify(list))]).toEqual([
      ['docker.io', { host: 'docker.io', user: 'acme', password: 'p' }],
      ['registry.example:5000', { host: 'registry.example:5000', user: '_json_key', password: '{\n}' }],
    ]);
    expect(load('')).toEqual(new Map());
  });

  it.each([
    `{"host":"a.b","user":"u","password":"${PASSWORD}"}`,
    `[{"host":"https://a.b","user":"u","password":"${PASSWORD}"}]`,
    `[{"host":"a.b","user":"u:v","password":"${PASSWORD}"}]`,
    `[{"host":"a.b","password":"${PASSWORD}"}]`,
    '[null]',
    `[{"host":"docker.io","user":"u","password":"${PASSWORD}"},{"host":"index.docker.io","user":"u","password":"x"}]`,
    `a.b=u:${PASSWORD}`,
  ])('refuses %s without quoting it', (text) => {
    expect(() => load(text)).toThrow(/REGISTRY_CREDENTIALS must be a JSON list/);
    expect(() => load(text)).not.toThrow(PASSWORD);
  });
});
