import { ServicesConfig } from '@nexos/config';
import { DecryptedVariables, type ServiceCredentials } from '@nexos/env-vars';
import { describe, expect, it } from 'vitest';
import { PostgresRecipe } from '../services/postgres.recipe.js';
import { RedisRecipe } from '../services/redis.recipe.js';
import { injectedSecrets } from './injected-secrets.js';

const CREDENTIALS = { name: 'env_1', number: 7, password: 'pass-word_1' } as ServiceCredentials;
const VARIABLES = new DecryptedVariables(
  [
    { key: 'TOKEN', branch: '', value: 'newer-token', isSecret: true },
    { key: 'MODE', branch: '', value: 'verbose-mode', isSecret: false },
    { key: 'MIXED', branch: '', value: 'mixed-public', isSecret: false },
    { key: 'MIXED', branch: 'main', value: 'mixed-secret', isSecret: true },
    { key: 'PGHOST', branch: '', value: 'my-own-host', isSecret: true },
    { key: 'URL', branch: '', value: 'https://${{ TOKEN }}@host', isSecret: true },
    { key: 'BRANCH', branch: '', value: '${{ NEXOS_BRANCH }}', isSecret: true },
  ],
  ['service-password'],
);

describe('injectedSecrets', () => {
  it('keeps secret what the project marks so or no longer has, and passwords of services', () => {
    const injected = {
      TOKEN: 'older-token',
      MIXED: 'mixed-either',
      PGHOST: 'my-old-host',
      REMOVED: 'since-removed',
      DATABASE_URL: 'postgres://a:service-password@postgres',
      PGPASSWORD: 'service-password',
      S3_SECRET_KEY: 'service-password',
    };
    expect(injectedSecrets(injected, VARIABLES, {})).toEqual(Object.values(injected));
  });

  it('shows what Nexos and the repository set, and variables that are no secret', () => {
    const injected = {
      MODE: 'verbose-mode',
      PORT: '3000',
      NEXOS_BRANCH: 'feature/x',
      NEXOS_URL: 'http://main',
      S3_ENDPOINT: 'http://s3:7070',
      GREETING: 'hello there',
      LINK: 'http://main/app',
      LITERAL: '${{ NEXOS_URL }}/app',
      MIXED: 'mixed-public',
    };
    const inRepository = {
      GREETING: 'hello there',
      LINK: '${{ NEXOS_URL }}/app',
      LITERAL: '${{ NEXOS_URL }}/app',
    };
    expect(injectedSecrets(injected, VARIABLES, inRepository)).toEqual([]);
  });

  it('shows what services set, except passwords', () => {
    const injected = {
      ...new PostgresRecipe(new ServicesConfig()).variables(CREDENTIALS),
      ...new RedisRecipe(new ServicesConfig()).variables(CREDENTIALS),
    };
    const { DATABASE_URL, REDIS_URL } = injected;
    expect(injectedSecrets(injected, new DecryptedVariables([]), {}).sort()).toEqual(
      [DATABASE_URL, REDIS_URL, 'pass-word_1', 'pass-word_1'].sort(),
    );
  });

  it('keeps the old value of a secret that was replaced by a value that is none', () => {
    const rows = [{ key: 'API_KEY', branch: '', value: 'none', isSecret: false }];
    const secretsNow = (value: string) =>
      injectedSecrets({ API_KEY: value }, new DecryptedVariables(rows), {});
    expect(secretsNow('sk-live-123')).toEqual(['sk-live-123']);
    expect(secretsNow('none')).toEqual([]);
  });

  it('keeps the value of a deleted variable that replaced one of the repository', () => {
    const inRepository = { X: '${{ NEXOS_URL }}', Y: 'plain text', Z: '${{ Z }}' };
    const injected = { NEXOS_URL: 'http://main', X: 'prod-key-123', Y: 'prod-key-456', Z: 'prod-key-789' };
    expect(injectedSecrets(injected, new DecryptedVariables([]), inRepository)).toEqual([
      'prod-key-123',
      'prod-key-456',
      'prod-key-789',
    ]);
    expect(
      injectedSecrets({ ...injected, X: 'http://main' }, new DecryptedVariables([]), inRepository),
    ).toEqual(['prod-key-456', 'prod-key-789']);
  });

  it('keeps the value of a deleted variable that replaced one of a service, with and without the service', () => {
    const old = { PGHOST: 'db.internal', PGUSER: 'old-admin', REDIS_USERNAME: 'old-user' };
    const services = {
      ...new PostgresRecipe(new ServicesConfig()).variables(CREDENTIALS),
      ...new RedisRecipe(new ServicesConfig()).variables(CREDENTIALS),
    };
    const none = new DecryptedVariables([]);
    expect(injectedSecrets(old, none, {})).toEqual(Object.values(old));
    expect(injectedSecrets({ ...services, ...old }, none, {})).toEqual(
      expect.arrayContaining(Object.values(old)),
    );
  });

  it('follows references in variables as the container has them', () => {
    const variables = new DecryptedVariables([
      { key: 'LINK', branch: '', value: '${{ TOKEN }}@${{ NEXOS_BRANCH }}', isSecret: false },
      { key: 'SAME', branch: '', value: '${{ NEXOS_BRANCH }}', isSecret: false },
      { key: 'SAME', branch: 'main', value: '${{ NEXOS_BRANCH }}', isSecret: true },
      { key: 'LOST', branch: '', value: '${{ REMOVED }}', isSecret: false },
    ]);
    const injected = {
      NEXOS_BRANCH: 'feature/x',
      TOKEN: 'old-token',
      LINK: 'old-token@feature/x',
      SAME: 'feature/x',
      LOST: 'lost-value',
    };
    const secrets = ['old-token', 'feature/x', 'lost-value'];
    expect(injectedSecrets(injected, variables, {})).toEqual(secrets);
  });
});

describe('DecryptedVariables', () => {
  it('lists only secret values, and secret ones whose references were replaced', () => {
    expect(VARIABLES.secrets).toEqual([
      'newer-token',
      'mixed-secret',
      'my-own-host',
      'https://${{ TOKEN }}@host',
      '${{ NEXOS_BRANCH }}',
      'service-password',
    ]);
    const env = {
      TOKEN: 'newer-token',
      URL: 'https://newer-token@host',
      NEXOS_BRANCH: 'feature/x',
      BRANCH: 'feature/x',
    };
    expect(VARIABLES.expandedSecrets('feature/x', env)).toEqual(['https://newer-token@host']);
  });
});
