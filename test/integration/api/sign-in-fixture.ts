import { anyPort } from '../../support/any-port.js';
import { startGithubOAuth, type GithubOAuthServer } from '../../support/github-oauth/github-oauth.js';
import type { TestSystem } from '../../support/global-setup.js';
import { Browser } from '../../support/nexos/browser.js';
import { NexosStack } from '../../support/nexos/nexos-stack.js';

export const CLIENT_SECRET = 'the secret of an OAuth App';
export const DASHBOARD = 'https://dashboard.example.com/app';

/** An API that signs users in through its own fake GitHub. */
export interface SignInSystem {
  readonly nexos: NexosStack;
  readonly github: GithubOAuthServer;
  browser(): Browser;
  stop(): Promise<void>;
}

export async function startSignIn(
  system: TestSystem,
  env: Readonly<Record<string, string>> = {},
): Promise<SignInSystem> {
  const port = await anyPort();
  const baseUrl = `http://127.0.0.1:${port}`;
  const callback = `${env.PUBLIC_API_URL ?? baseUrl}/api/auth/github/callback`;
  const github = await startGithubOAuth({ clientId: 'Iv1.test', clientSecret: CLIENT_SECRET, callback });
  const nexos = await NexosStack.start(system, {
    apps: ['api', 'integrations'],
    port,
    env: {
      GITHUB_URL: github.url,
      GITHUB_API_URL: github.apiUrl,
      GITHUB_CLIENT_ID: 'Iv1.test',
      GITHUB_CLIENT_SECRET: CLIENT_SECRET,
      SIGN_IN_ALLOWED: '*',
      ...env,
    },
  });
  return {
    nexos,
    github,
    browser: () => new Browser(baseUrl),
    stop: async () => {
      await nexos.stop();
      await github.stop();
    },
  };
}
