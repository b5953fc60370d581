import { execFile } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { isolatedGitEnvironment } from '../support/git-server/isolated-git.js';

const run = promisify(execFile);
const APP = fileURLToPath(new URL('app', import.meta.url));
const NODE_IMAGE = 'nexos-local/node';
const NAME = 'Nexos Demo';
const EMAIL = 'demo@example.com';

/** A developer of the demo's app, with a working copy to commit in and push from. */
export class Developer {
  private constructor(private readonly folder: string) {}

  /**
   * Creates a working copy with the app in it.
   *
   * @param folder a path that does not exist yet
   * @param remote the URL to push to
   * @param nodeImage setup's name for the Node image
   */
  static async create(folder: string, remote: string, nodeImage: string): Promise<Developer> {
    await cp(APP, folder, { recursive: true, filter: (path) => !path.endsWith('node_modules') });
    const developer = new Developer(folder);
    await developer.edit('Dockerfile', `FROM ${NODE_IMAGE}\n`, `FROM ${nodeImage}\n`);
    await developer.git(['init', '--quiet', '--template=', '--initial-branch=main']);
    await developer.git(['remote', 'add', 'origin', remote]);
    return developer;
  }

  async edit(file: string, from: string, to: string): Promise<void> {
    const path = join(this.folder, file);
    const text = await readFile(path, 'utf8');
    if (!text.includes(from)) throw new Error(`${file} does not contain ${JSON.stringify(from)}.`);
    await writeFile(path, text.replace(from, to));
  }

  /** Commits all changes and returns the commit's SHA. */
  async commit(message: string): Promise<string> {
    await this.git(['add', '--all']);
    await this.git(['commit', '--quiet', '--message', message]);
    const { stdout } = await this.git(['rev-parse', 'HEAD']);
    return stdout.trim();
  }

  /** Pushes and returns the host's remarks. */
  async push(): Promise<string[]> {
    const { stderr } = await this.git(['push', '--quiet', 'origin', 'main']);
    return stderr
      .split('\n')
      .filter((line) => line.startsWith('remote:'))
      .map((line) => line.trimEnd());
  }

  private git(args: readonly string[]) {
    return run('git', [...args], {
      cwd: this.folder,
      env: {
        ...isolatedGitEnvironment(this.folder),
        GIT_AUTHOR_NAME: NAME,
        GIT_AUTHOR_EMAIL: EMAIL,
        GIT_COMMITTER_NAME: NAME,
        GIT_COMMITTER_EMAIL: EMAIL,
      },
    });
  }
}
