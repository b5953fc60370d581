import { Sealer } from '@nexos/crypto';
import { type DeploymentEntity } from '@nexos/database';
import { expect, it } from 'vitest';
import { CacheScopes } from './cache-scopes.js';

const scopes = (key: string) =>
  new CacheScopes(new Sealer({ key: Buffer.alloc(32, key).toString('base64'), oldKeys: [] }));
const ours = scopes('a');
const of = (secrets: Record<string, string>, more: Partial<DeploymentEntity> = {}, from = ours) =>
  from.of({ projectId: 'proj_1', environmentId: 'env_1', branch: 'main', ...more } as DeploymentEntity, {
    secrets,
  });

it('lets builds share steps if they have the same secrets of one project, or none', () => {
  expect(of({})).toBeNull();
  expect(of({}, { projectId: 'proj_2' })).toBeNull();
  expect(of({ A: 'one', B: 'two' })).toBe(
    of({ B: 'two', A: 'one' }, { environmentId: 'env_2', branch: 'topic' }),
  );
});

it('keeps apart other secrets, projects, installations and forks', () => {
  const all = [
    of({}),
    of({ A: 'one' }),
    of({ A: 'two' }),
    of({ B: 'one' }),
    of({ A: 'one', B: 'one' }),
    of({ A: 'one' }, { projectId: 'proj_2' }),
    of({ A: 'one' }, {}, scopes('b')),
    of({}, { branch: 'pull:1' }),
    of({}, { branch: 'pull:2', environmentId: 'env_2' }),
  ];
  expect(new Set(all).size).toBe(all.length);
});
