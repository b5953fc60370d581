import { join } from 'node:path';
import type { LocalSystem } from '../../docker/local/setup.js';
import { ApiClient } from '../support/nexos/api-client.js';
import { DemoApps, createApiKey } from './demo-apps.js';
import type { Cleanup } from './cleanup.js';
import { GitHost } from './git-host.js';
import type { Screen } from './screen.js';

export const REPOSITORY = 'demo/hello';
/** Shorter than the default of ten seconds, which no connection of the demo needs. */
const DRAIN_MS = '2000';

export interface DemoSystemOptions {
  readonly local: LocalSystem;
  /** Port of the API. */
  readonly port: number;
  readonly logFolder: string;
  /** The descriptor of the demo's lock, which the apps hold too. */
  readonly lock: number;
  readonly screen: Screen;
  /** Collects the steps that stop the system. */
  readonly cleanup: Cleanup;
}

/** A running Nexos, and the git host that it deploys from. */
export interface DemoSystem {
  readonly host: GitHost;
  readonly apps: DemoApps;
  readonly api: ApiClient;
  /** File with the header that authenticates requests. */
  readonly keyFile: string;
}

/** Starts the git host and the apps, and waits until the API is ready. */
export async function startDemoSystem(options: DemoSystemOptions): Promise<DemoSystem> {
  const { local, port, logFolder, lock, screen, cleanup } = options;
  const host = await GitHost.start({
    folder: join(local.home, 'git'),
    repository: REPOSITORY,
    socket: join(local.env.INGRESS_SOCKET_DIR ?? '', 'pushed.sock'),
  });
  cleanup.add('Stopping the git host', () => host.stop());
  const env = { ...local.env, PORT: String(port), GITHUB_URL: host.url, GITHUB_API_URL: host.url, DRAIN_MS };
  const apps = new DemoApps({ env, lock, logFolder, log: (line) => screen.say(line) });
  cleanup.add('Stopping the apps', () => apps.stop());
  const keyFile = join(local.home, 'api-key.header');
  const key = await createApiKey(env, keyFile);
  await apps.ready;
  return { host, apps, api: new ApiClient(`http://127.0.0.1:${port}`, key), keyFile };
}
