import { describe, expect, it } from 'vitest';
import { demandOf, isMoreThan } from './demand.js';
import { deploymentSettings } from './deployment-settings.js';
import { parseRepositoryConfig } from './file/parse-repository-config.js';
import { mergeSettings } from './merge-settings.js';
import { NO_VERSIONS } from './service-offer.js';

/** Returns the settings that a file gives a project without any. */
function settingsOf(file: string) {
  return mergeSettings(deploymentSettings({}), parseRepositoryConfig(Buffer.from(file), NO_VERSIONS));
}

describe('what a version takes', () => {
  it('is that of the app, if there is nothing else', () => {
    expect(demandOf(deploymentSettings({}))).toEqual({
      containers: 1,
      cpu: 0.5,
      memoryMb: 512,
      services: [],
    });
  });

  it('is that of all containers, with the services', () => {
    const settings = settingsOf(`
app: { cpu: 1, memory: 256 }
services: { redis: true }
containers:
  - { name: worker, cpu: 0.25, memory: 128 }
  - { name: mail, image: mail:1 }`);
    expect(demandOf(settings)).toEqual({
      containers: 3,
      cpu: 1.75,
      memoryMb: 896,
      services: ['redis'],
    });
  });

  it.each([
    ['as much', 'app: { cpu: 0.5 }', false],
    ['less', 'app: { cpu: 0.25, memory: 256 }', false],
    ['more CPU', 'app: { cpu: 0.6, memory: 256 }', true],
    ['more memory', 'app: { cpu: 0.25, memory: 513 }', true],
    ['a service', 'services: { postgres: true }', true],
    ['a container', 'app: { cpu: 0.1, memory: 64 }\ncontainers: [{ name: a, cpu: 0.1, memory: 64 }]', true],
  ])('is compared with another one: %s', (_, file, isMore) => {
    expect(isMoreThan(demandOf(settingsOf(file)), demandOf(deploymentSettings({})))).toBe(isMore);
  });
});
