import { type DeploymentEntity, type EnvironmentEntity } from '@nexos/database';
import { IngressConfig, ServicesConfig } from '@nexos/config';
import { injectedNames, type ServiceKind } from '@nexos/domain';
import { DecryptedVariables, type ServiceCredentials } from '@nexos/env-vars';
import { describe, expect, it } from 'vitest';
import { PostgresRecipe } from '../services/postgres.recipe.js';
import { RedisRecipe } from '../services/redis.recipe.js';
import { ContainerVariables } from './container-variables.js';

const CREDENTIALS = { name: 'env_1', number: 7, password: 'pass-word_1' } as ServiceCredentials;
const SERVICES = {
  ...new PostgresRecipe(new ServicesConfig()).variables(CREDENTIALS),
  ...new RedisRecipe(new ServicesConfig()).variables(CREDENTIALS),
};

/** Returns the variables of an app, by the file's `env`, the project's variables and its services'. */
function variablesOf(
  file: Record<string, string>,
  ofProject: Record<string, string>,
  services: Record<string, string> = SERVICES,
): Record<string, string> {
  const containers = new ContainerVariables({} as never, {} as never, {} as never, new IngressConfig());
  const environment = { id: 'env_1', branch: 'main', hostname: 'main-app.localhost' } as EnvironmentEntity;
  const deployment = {
    settings: { env: file, port: 80, containers: [] },
    commitSha: 'abc',
  } as unknown as DeploymentEntity;
  const rows = Object.entries(ofProject).map(([key, value]) => ({ key, value, branch: '', isSecret: true }));
  return containers.environmentOf(environment, deployment, new DecryptedVariables(rows), services);
}

describe('ContainerVariables.environmentOf', () => {
  it('adds host, port, user and password of each service beside its URL', () => {
    expect(variablesOf({}, {})).toMatchObject({
      DATABASE_URL: 'postgres://env_1:pass-word_1@postgres:5432/env_1',
      PGHOST: 'postgres',
      PGPORT: '5432',
      PGUSER: 'env_1',
      PGPASSWORD: 'pass-word_1',
      PGDATABASE: 'env_1',
      REDIS_URL: 'redis://env_1:pass-word_1@redis:6379/7',
      REDIS_HOST: 'redis',
      REDIS_PORT: '6379',
      REDIS_USERNAME: 'env_1',
      REDIS_PASSWORD: 'pass-word_1',
      REDIS_DB: '7',
    });
    expect(Object.keys(variablesOf({}, {}, {}))).toEqual(expect.arrayContaining(injectedNames(services())));
    const names = injectedNames(services('postgres', 'redis'));
    expect(Object.keys(variablesOf({}, {})).sort()).toEqual(names.sort());
  });

  it('prefers the project, then the file, then services, but never to reserved variables', () => {
    const file = { PGHOST: 'from file', PGUSER: 'from file', DATABASE_URL: 'x', A: 'from file' };
    const ofProject = { PGUSER: '', PORT: '1', NEXOS_URL: 'x', REDIS_HOST: 'own', A: 'from project' };
    expect(variablesOf(file, ofProject)).toMatchObject({
      PGHOST: 'from file',
      PGUSER: '',
      REDIS_HOST: 'own',
      REDIS_PORT: '6379',
      A: 'from project',
      DATABASE_URL: SERVICES.DATABASE_URL,
      PORT: '80',
      NEXOS_URL: 'http://main-app.localhost',
    });
  });

  it('replaces references by what the app will see', () => {
    const file = {
      DB: '${{ DATABASE_URL }}?sslmode=require',
      WHO: 'file',
      HI: 'hi ${{ WHO }} $WHO ${WHO} $$',
    };
    expect(variablesOf(file, { WHO: '${{ PGUSER }}@${{NEXOS_BRANCH}}', PGUSER: 'me' })).toMatchObject({
      DB: `${SERVICES.DATABASE_URL}?sslmode=require`,
      HI: 'hi me@main $WHO ${WHO} $$',
    });
  });

  it('fails with the name of a variable whose reference cannot be followed', () => {
    expect(() => variablesOf({ A: '${{ DATABASE_URL }}' }, {}, {})).toThrow(
      expect.objectContaining({
        code: 'variables_invalid',
        message: expect.stringContaining('variable A refers to DATABASE_URL, which does not exist') as string,
      }) as Error,
    );
  });
});

function services(...kinds: ServiceKind[]) {
  const has = (kind: ServiceKind) => kinds.includes(kind) && {};
  return { postgres: has('postgres'), redis: has('redis'), s3: has('s3') };
}
