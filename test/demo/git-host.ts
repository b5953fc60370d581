import { chmod, copyFile, mkdir, rm, symlink } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../docker/local/free-port.js';
import { startGitServer, type GitServer } from '../support/git-server/git-server.js';
import { isolatedGit } from '../support/git-server/isolated-git.js';
import { NO_COMMIT } from '../support/nexos/webhook-sender.js';

const FIRST_PORT = 3900;
const BRANCH = 'refs/heads/';

/** A push's change to one branch; forty zeros stand for no commit. */
export interface PushedBranch {
  readonly branch: string;
  readonly before: string;
  readonly after: string;
  /** The first line of the newest commit's message. */
  readonly message: string;
}

/** Called before a push completes; git shows the result to the person who pushed. */
export type PushListener = (push: PushedBranch) => Promise<string>;

export interface GitHostOptions {
  readonly folder: string;
  /** `owner/name` */
  readonly repository: string;
  /** Path of the unix socket that git's hook calls. */
  readonly socket: string;
}

/** Stands in for GitHub: serves a repository over smart HTTP and reports every push to it. */
export class GitHost {
  onPush: PushListener = () => Promise.resolve('No listener is attached yet.');

  private constructor(
    /** Base URL; repositories are at `{url}/{owner}/{name}.git`. */
    readonly url: string,
    /** URL of the repository. */
    readonly remote: string,
    private readonly server: GitServer,
    private readonly hookServer: Server,
    private readonly path: string,
  ) {}

  static async start({ folder, repository, socket }: GitHostOptions): Promise<GitHost> {
    const port = await freePort(FIRST_PORT);
    const server = await startGitServer({ root: folder, port, createsOnPush: true });
    const [owner = '', name = ''] = repository.split('/');
    const remote = await server.createRepository(owner, name);
    const path = join(folder, `${repository}.git`);
    await installHook(join(path, 'hooks'), socket);
    const hookServer = createServer();
    const host = new GitHost(server.url, remote, server, hookServer, path);
    hookServer.on('request', (request: IncomingMessage, response: ServerResponse) => {
      host.reportPushes(request).then(
        (text) => response.end(text),
        (error: unknown) => response.end(`${(error as Error).message}\n`),
      );
    });
    await rm(socket, { force: true });
    await new Promise<void>((resolve, reject) => {
      hookServer.once('error', reject).listen(socket, resolve);
    });
    return host;
  }

  async stop(): Promise<void> {
    this.hookServer.closeAllConnections();
    await new Promise<void>((resolve) => this.hookServer.close(() => resolve()));
    await this.server.stop();
  }

  /** Reports the pushes in a request, whose body has a line `before after ref` for each ref. Ignores tags. */
  private async reportPushes(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const replies: string[] = [];
    for (const line of Buffer.concat(chunks).toString().split('\n')) {
      const [before, after, ref] = line.split(' ');
      if (before === undefined || after === undefined || !ref?.startsWith(BRANCH)) continue;
      const message =
        after === NO_COMMIT
          ? ''
          : await isolatedGit(this.path, ['show', '--no-patch', '--format=%s', after, '--']);
      replies.push(await this.onPush({ branch: ref.slice(BRANCH.length), before, after, message }));
    }
    return replies.map((reply) => `${reply}\n`).join('');
  }
}

async function installHook(hooks: string, socket: string): Promise<void> {
  await mkdir(hooks, { recursive: true });
  await copyFile(siblingPath('post-receive.mjs'), join(hooks, 'post-receive.mjs'));
  await copyFile(siblingPath('post-receive.sh'), join(hooks, 'post-receive'));
  await chmod(join(hooks, 'post-receive'), 0o755);
  await symlink(process.execPath, join(hooks, 'node'));
  await symlink(socket, join(hooks, 'socket'));
}

function siblingPath(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
