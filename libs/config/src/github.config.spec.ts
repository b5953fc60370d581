import { describe, expect, it } from 'vitest';
import { ConfigurationError, GithubConfig, loadConfig } from './index.js';

const APP = { GITHUB_APP_ID: '1', GITHUB_APP_PRIVATE_KEY: '-----BEGIN RSA PRIVATE KEY-----' };

describe('GithubConfig', () => {
  it.each([
    ['without a GitHub App', {}, false],
    ['with a GitHub App', APP, true],
    ['with half of a GitHub App', { GITHUB_APP_ID: '1' }, false],
    ['with a GitHub App, if any repository is allowed', { ...APP, REPOSITORIES: 'any' }, false],
    ['without a GitHub App, if only connected ones are allowed', { REPOSITORIES: 'connected' }, true],
    ['with an empty value', { ...APP, REPOSITORIES: '' }, true],
  ])('decides whether repositories must be connected %s', (_, env, expected) => {
    const { github } = loadConfig({ github: GithubConfig }, env);
    expect(github.requiresConnection).toBe(expected);
  });

  it('rejects another value of REPOSITORIES', () => {
    expect(() => loadConfig({ github: GithubConfig }, { REPOSITORIES: 'all' })).toThrow(ConfigurationError);
  });
});
