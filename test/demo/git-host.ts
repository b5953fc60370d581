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

/** What a push did to one branch; the SHA of no commit is forty zeros. */
export interface PushedBranch {
  readonly branch: string;
  readonly before: string;
  readonly after: string;
  /** The first line of the newest commit's message. */
  readonly message: string;
}

/** Called before a push ends; what it returns is shown to whoever pushed. */
export type PushListener = (push: PushedBranch) => Promise<string>;

export interface GitHostOptions {
  readonly folder: string;
  /** `owner/name` */
  readonly repository: string;
  /** The path of a unix socket, for git's hooks to call. */
  readonly socket: string;
}

/** Stands in for GitHub: serves a repository over smart HTTP, and tells of every push to it. */
export class GitHost {
  onPush: PushListener = () => Promise.resolve('Nobody listens yet.');

  private constructor(
    /** Repositories are at `{url}/{owner}/{name}.git`. */
    readonly url: string,
    /** The repository's address. */
    readonly remote: string,
    private readonly server: GitServer,
    private readonly notified: Server,
    private readonly path: string,
  ) {}

  static async start({ folder, repository, socket }: GitHostOptions): Promise<GitHost> {
    const port = await freePort(FIRST_PORT);
    const server = await startGitServer({ root: folder, port, makesWhatIsPushed: true });
    const [owner = '', name = ''] = repository.split('/');
    const remote = await server.createRepository(owner, name);
    const path = join(folder, `${repository}.git`);
    await installHook(join(path, 'hooks'), socket);
    const notified = createServer();
    const host = new GitHost(server.url, remote, server, notified, path);
    notified.on('request', (request: IncomingMessage, response: ServerResponse) => {
      host.tellOfPushes(request).then(
        (text) => response.end(text),
        (error: unknown) => response.end(`${(error as Error).message}\n`),
      );
    });
    await rm(socket, { force: true });
    await new Promise<void>((resolve, reject) => {
      notified.once('error', reject).listen(socket, resolve);
    });
    return host;
  }

  async stop(): Promise<void> {
    this.notified.closeAllConnections();
    await new Promise<void>((resolve) => this.notified.close(() => resolve()));
    await this.server.stop();
  }

  /** The request's body has a line `before after ref` for each ref; tags are nobody's environment. */
  private async tellOfPushes(request: IncomingMessage): Promise<string> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const answers: string[] = [];
    for (const line of Buffer.concat(chunks).toString().split('\n')) {
      const [before, after, ref] = line.split(' ');
      if (before === undefined || after === undefined || !ref?.startsWith(BRANCH)) continue;
      const message =
        after === NO_COMMIT
          ? ''
          : await isolatedGit(this.path, ['show', '--no-patch', '--format=%s', after, '--']);
      answers.push(await this.onPush({ branch: ref.slice(BRANCH.length), before, after, message }));
    }
    return answers.map((answer) => `${answer}\n`).join('');
  }
}

async function installHook(hooks: string, socket: string): Promise<void> {
  await mkdir(hooks, { recursive: true });
  await copyFile(besideThis('post-receive.mjs'), join(hooks, 'post-receive.mjs'));
  await copyFile(besideThis('post-receive.sh'), join(hooks, 'post-receive'));
  await chmod(join(hooks, 'post-receive'), 0o755);
  await symlink(process.execPath, join(hooks, 'node'));
  await symlink(socket, join(hooks, 'socket'));
}

function besideThis(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url));
}
