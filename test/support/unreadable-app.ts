import { GithubConfig } from '@nexos/config';
import { Sealer, sealIdentity } from '@nexos/crypto';
import { ConfiguredApp, StoredApp } from '@nexos/github';
import { GithubAppRepository } from '@nexos/state';
import type { TestDatabase } from './database.js';

const [LOST_KEY, KEY] = [9, 1].map((byte) => Buffer.alloc(32, byte).toString('base64')) as [string, string];

/** Stores a GitHub App with a key that is lost, and returns it as a process finds it. */
export async function storeUnreadableApp(
  database: TestDatabase,
  config: GithubConfig = new GithubConfig(),
): Promise<ConfiguredApp> {
  const lost = new Sealer({ key: LOST_KEY, oldKeys: [] });
  await database.dataSource.query(
    `INSERT INTO github_app (app_id, slug, name, html_url, sealed_credentials) VALUES (7, 'n', 'N', 'https://x.example', $1)`,
    [lost.seal('{}', sealIdentity.githubApp('7'))],
  );
  const stored = new StoredApp(
    database.repository(GithubAppRepository),
    new Sealer({ key: KEY, oldKeys: [] }),
  );
  return new ConfiguredApp(config, stored);
}
