import { describe, expect, it } from 'vitest';
import { RegistryAccess, type RegistryAuth } from './registry-access.js';
import type { RegistryGrant, RegistryTokens } from './registry-tokens.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const OWN = { 'dev.nexos.project': 'proj_1', 'dev.nexos.environment': 'env_1' };

function accessWith(registry: string, hasTokens: boolean) {
  const granted: RegistryGrant[] = [];
  const sign = (grant: RegistryGrant) => {
    granted.push(grant);
    return 'a-token';
  };
  const access = new RegistryAccess({
    instance: 'nexos',
    registry,
    credentials: new Map([['registry.example:5000', { user: 'acme', password: 'secret' }]]),
    tokens: hasTokens ? ({ sign } as unknown as RegistryTokens) : null,
  });
  return { access, granted };
}

function read(auth: RegistryAuth | undefined): unknown {
  if (auth === undefined) return undefined;
  expect(auth.base64.length % 4).toBe(0);
  expect(auth.base64).toMatch(/^[\w-]+=*$/);
  return JSON.parse(Buffer.from(auth.base64, 'base64url').toString());
}

describe('RegistryAccess', () => {
  it('signs a token for a push to one repository, below the path of the registry', () => {
    const { access, granted } = accessWith('127.0.0.1:5800/acme', true);
    expect(read(access.forPush('127.0.0.1:5800/acme/nexos/proj_1/env_1'))).toEqual({
      registrytoken: 'a-token',
    });
    expect(granted).toMatchObject([{ repository: 'acme/nexos/proj_1/env_1', actions: ['pull', 'push'] }]);
  });

  it('lets a service pull images of its own project only', () => {
    const { access, granted } = accessWith('127.0.0.1:5800', true);
    const image = `127.0.0.1:5800/nexos/proj_1/env_1@${DIGEST}`;
    expect(read(access.forService(image, OWN))).toEqual({ registrytoken: 'a-token' });
    expect(granted).toMatchObject([{ repository: 'nexos/proj_1/env_1', actions: ['pull'] }]);
    expect(access.forService(image, { ...OWN, 'dev.nexos.project': 'proj_2' })).toBeUndefined();
    for (const other of [
      `127.0.0.1:5800/nexos/proj_10/env_1@${DIGEST}`,
      `127.0.0.1:5800/another/proj_1/env_1@${DIGEST}`,
      `127.0.0.1:58001/nexos/proj_1/env_1@${DIGEST}`,
      '127.0.0.1:5800/nexos/proj_1/env_1:latest',
      DIGEST,
    ])
      expect(access.forService(other, OWN), other).toBeUndefined();
  });

  it('lets a service pull the image of its environment that an earlier release pushed', () => {
    const { access, granted } = accessWith('127.0.0.1:5800', true);
    expect(access.forService(`127.0.0.1:5800/nexos/env_1@${DIGEST}`, OWN)).toBeDefined();
    expect(granted).toMatchObject([{ repository: 'nexos/env_1' }]);
  });

  it("uses the operator's user for a registry that takes no tokens", () => {
    const user = { username: 'acme', password: 'secret', serveraddress: 'registry.example:5000' };
    const { access } = accessWith('registry.example:5000', false);
    expect(read(access.forPush('registry.example:5000/nexos/proj_1/env_1'))).toEqual(user);
    expect(read(access.forService(`registry.example:5000/nexos/proj_1/env_1@${DIGEST}`, OWN))).toEqual(user);
    expect(read(access.forImage('docker.io/library/postgres:17'))).toEqual({});
    expect(access.forService('docker.io/library/postgres:17', OWN)).toBeUndefined();
  });
});
