import { generateKeyPairSync } from 'node:crypto';
import { DatabaseConfig, loadConfig } from '@nexos/config';
import { createDataSource, UnitOfWork } from '@nexos/database';
import { type Scope, SCOPES } from '@nexos/domain';
import { AccountsRepository } from '@nexos/state';
import { issueApiKey } from '../../../apps/api/src/auth/api-keys/issue-api-key.js';
import { GithubApi } from '../../support/github-api/github-api.js';
import type { GithubApiUser } from '../../support/github-api/repositories.js';
import type { TestSystem } from '../../support/global-setup.js';
import { ApiClient } from '../../support/nexos/api-client.js';
import type { Installation } from '../../support/nexos/installation.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';

export const APP_ID = '4243';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
/** The variables of an App that has no GitHub. */
export const APP_ENV = {
  GITHUB_APP_ID: APP_ID,
  GITHUB_APP_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
};

/** An API with a GitHub App, and its fake GitHub. */
export interface GithubAppSystem {
  readonly nexos: NexosStack;
  readonly github: GithubApi;
  stop(): Promise<void>;
}

export async function startWithApp(
  system: TestSystem,
  env: Readonly<Record<string, string>> = {},
): Promise<GithubAppSystem> {
  const github = await GithubApi.start({ id: APP_ID, publicKey });
  const nexos = await NexosStack.start(system, {
    apps: ['api'],
    env: { ...APP_ENV, GITHUB_URL: 'https://github.example', GITHUB_API_URL: github.url, ...env },
  });
  return {
    nexos,
    github,
    stop: async () => {
      await nexos.stop();
      await github.stop();
    },
  };
}

let counter = 5_000;

/** Returns a new user of GitHub. */
export function githubUser(): GithubApiUser {
  const id = ++counter;
  return { id, login: `user-${id}` };
}

/** Creates the account of a user of GitHub; returns its id, and a client with one of its keys. */
export async function accountOf(
  nexos: Installation,
  { id: githubId, login }: GithubApiUser,
  scopes: readonly Scope[] = SCOPES,
): Promise<{ id: string; api: ApiClient }> {
  const { database } = loadConfig({ database: DatabaseConfig }, nexos.env);
  const dataSource = await createDataSource(database).initialize();
  try {
    const unitOfWork = new UnitOfWork(dataSource);
    const profile = { id: String(githubId), login, name: login, email: null, avatarUrl: null };
    const id = await new AccountsRepository(unitOfWork).saveGithub(profile);
    const request = { accountId: id, name: 'test', scopes, expiresAt: null };
    const key = await issueApiKey(unitOfWork, request);
    return { id, api: new ApiClient(nexos.api.baseUrl, key) };
  } finally {
    await dataSource.destroy();
  }
}

let names = 0;

/** Returns a new name of a repository. */
export function repositoryName(owner = 'acme'): string {
  return `${owner}/shop-${++names}`;
}
