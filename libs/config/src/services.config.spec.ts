import 'reflect-metadata';
import { describe, expect, it } from 'vitest';
import { loadConfig } from './load-config.js';
import { ServicesConfig } from './services.config.js';

const load = (env: Record<string, string>) => loadConfig({ services: ServicesConfig }, env).services;

describe('the versions of services', () => {
  it('are those in the tags of the default images, unless the operator lists others', () => {
    expect(load({}).offer()).toEqual({ postgres: ['17'], redis: ['7'], s3: ['1.8.0'] });
    expect(load({}).defaultVersion('postgres')).toBe('17');
    const pinned = load({ SERVICE_POSTGRES_IMAGE: 'registry.test:5000/pg:16.4@sha256:0a1b' });
    expect(pinned.defaultVersion('postgres')).toBe('16.4');
  });

  it('are those that the operator lists, and that of the default image', () => {
    const services = load({
      SERVICE_POSTGRES_IMAGES: '15=postgres:15-bookworm, 16=registry.test:5000/pg@sha256:a1',
    });
    expect(services.offer().postgres).toEqual(['15', '16', '17']);
    expect(services.imagesOf('postgres').get('16')).toBe('registry.test:5000/pg@sha256:a1');
    expect(services.imagesOf('postgres').get('17')).toBe('postgres:17-bookworm');
  });

  it('names the default image as the list does', () => {
    const services = load({
      SERVICE_REDIS_IMAGE: 'local/redis:latest',
      SERVICE_REDIS_IMAGES: '7=local/redis:latest',
    });
    expect(services.offer().redis).toEqual(['7']);
    expect(services.defaultVersion('redis')).toBe('7');
    expect(services.defaultImage('redis')).toBe('local/redis:latest');
  });

  it('are unknown for a default image whose tag does not tell', () => {
    for (const image of ['local/redis:latest', 'redis', 'redis@sha256:0a1b', 'registry.test:5000/redis']) {
      const services = load({ SERVICE_REDIS_IMAGE: image });
      expect([image, services.offer().redis, services.defaultVersion('redis')]).toEqual([image, [], null]);
    }
  });

  it('are told of any image by the list, or by its tag', () => {
    const services = load({ SERVICE_POSTGRES_IMAGES: 'old=postgres:15.3-bookworm' });
    const of = (image: string) => services.versionOf('postgres', image);
    expect([of('postgres:15.3-bookworm'), of('postgres:16-bookworm'), of('postgres:latest')]).toEqual([
      'old',
      '16',
      null,
    ]);
  });

  it.each(['16', '16=', '=postgres:16', '16=postgres:16,16=postgres:16.1', 'a b=postgres:16', '16=-x'])(
    'reject a malformed list: %s',
    (list) => {
      expect(() => load({ SERVICE_POSTGRES_IMAGES: list })).toThrow(
        'SERVICE_POSTGRES_IMAGES must be a list such as 16=postgres:16-bookworm,17=postgres:17-bookworm',
      );
    },
  );
});
