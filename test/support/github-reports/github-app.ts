import { generateKeyPairSync } from 'node:crypto';
import { eventually } from '../eventually.js';
import { GithubApi } from '../github-api/github-api.js';
import type { Installation } from '../nexos/installation.js';

const APP_ID = '4242';

/** Starts a double of GitHub with an App, and returns the environment variables of Nexos with that App. */
export async function startGithubApp(): Promise<{ api: GithubApi; env: Record<string, string> }> {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const api = await GithubApi.start({ id: APP_ID, publicKey });
  const env = {
    GITHUB_API_URL: api.url,
    GITHUB_APP_ID: APP_ID,
    REPOSITORIES: 'any',
    GITHUB_APP_PRIVATE_KEY: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
  return { api, env };
}

/** Waits until a project has so many deployments, and GitHub knows all of them. */
export async function untilTold(
  nexos: Installation,
  { id }: { readonly id: string },
  deployments: number,
): Promise<void> {
  const left = `SELECT 1 FROM deployment_events WHERE project_id = $1 AND passed_on_at IS NULL
    UNION ALL SELECT 1 FROM environment_events WHERE project_id = $1 AND passed_on_at IS NULL
    UNION ALL SELECT 1 FROM github_reports WHERE project_id = $1 AND told_version < version`;
  await eventually('GitHub to know all', async () => {
    const made = await nexos.column('SELECT 1 FROM deployments WHERE project_id = $1', [id]);
    if (made.length < deployments) return undefined;
    return (await nexos.column(left, [id])).length === 0 ? true : undefined;
  });
}
