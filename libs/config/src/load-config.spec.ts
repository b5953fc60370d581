import { describe, expect, it } from 'vitest';
import { ConfigurationError, DatabaseConfig, GithubConfig, HttpConfig, loadConfig } from './index.js';

describe('loadConfig', () => {
  it('reads typed values and falls back to defaults', () => {
    const config = loadConfig(
      { database: DatabaseConfig, http: HttpConfig, github: GithubConfig },
      {
        DATABASE_URL: 'postgres://x/y',
        PORT: '8080',
        HOST: '',
        GITHUB_WEBHOOK_SECRET: 'a'.repeat(16) + ', ' + 'b'.repeat(16),
      },
    );
    expect(config.database).toEqual({ url: 'postgres://x/y', poolSize: 10 });
    expect(config.http).toMatchObject({ port: 8080, host: '127.0.0.1', trustedProxies: [] });
    expect(config.github.webhookSecrets).toEqual(['a'.repeat(16), 'b'.repeat(16)]);
    expect(config.github.url).toBe('https://github.com');
  });

  it('lists every invalid variable at once without its value', () => {
    const load = () =>
      loadConfig(
        { database: DatabaseConfig, http: HttpConfig, github: GithubConfig },
        { DATABASE_POOL_SIZE: 'many', PORT: '70000', GITHUB_WEBHOOK_SECRET: 'hunter2' },
      );
    expect(load).toThrow(ConfigurationError);
    try {
      load();
    } catch (error) {
      const { message } = error as ConfigurationError;
      for (const name of ['DATABASE_URL', 'DATABASE_POOL_SIZE', 'PORT', 'GITHUB_WEBHOOK_SECRET']) {
        expect(message).toContain(name);
      }
      expect(message).not.toContain('hunter2');
      expect(message).not.toContain('many');
    }
  });
});
