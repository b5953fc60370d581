import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isolatedGit, isolatedGitEnvironment } from './isolated-git.js';

/** Text or bytes; or a link's target, a submodule's commit, a program; or null to remove the file. */
export type TestFile =
  | string
  | Buffer
  | null
  | { readonly link: string | Buffer }
  | { readonly submodule: string }
  | { readonly executable: string };

export interface TestCommit {
  /** By path, in which `\\udce9` stands for the byte E9; other files stay as they are in the branch. */
  readonly files: Readonly<Record<string, TestFile>>;
  readonly message?: string;
  /** Defaults to `main`. */
  readonly branch?: string;
  /** The branch that a new branch starts from; without it, a new branch starts empty. */
  readonly from?: string;
  readonly author?: { readonly name: string; readonly email: string };
  readonly date?: Date;
}

const AUTHOR = { name: 'Nexos Test', email: 'test@example.com' };

/** A developer's repository in a temporary folder, to commit in and push from. */
export class TestRepository {
  private constructor(
    readonly path: string,
    private readonly remote: string,
  ) {}

  /** @param remote the URL to push to, which may contain credentials */
  static async create(remote: string): Promise<TestRepository> {
    const path = await mkdtemp(join(tmpdir(), 'nexos-repository-'));
    await isolatedGit(path, ['init', '--bare', '--quiet', '--template=', '--initial-branch=main']);
    return new TestRepository(path, remote);
  }

  /** Commits to a branch and returns the commit's SHA; nothing is pushed. */
  async commit(commit: TestCommit): Promise<string> {
    const ref = `refs/heads/${commit.branch ?? 'main'}`;
    const parent =
      (await this.resolve(ref)) ??
      (commit.from === undefined ? null : await this.resolve(`refs/heads/${commit.from}`));
    const { name, email } = commit.author ?? AUTHOR;
    const time = Math.floor((commit.date ?? new Date()).getTime() / 1000);
    const parts: (string | Buffer)[] = [
      `commit ${ref}\n`,
      `author ${name} <${email}> ${time} +0000\n`,
      `committer ${name} <${email}> ${time} +0000\n`,
      ...data(commit.message ?? 'A change'),
      ...(parent === null ? [] : [`from ${parent}\n`]),
      ...Object.entries(commit.files).flatMap(([path, file]) => change(path, file)),
      'done\n',
    ];
    await this.fastImport(Buffer.concat(parts.map((part) => Buffer.from(part))));
    const sha = await this.resolve(ref);
    if (sha === null) throw new Error('git created no commit');
    return sha;
  }

  /** Returns the commit that a ref names, or null. */
  async resolve(ref: string): Promise<string | null> {
    const found = await isolatedGit(this.path, ['for-each-ref', '--format=%(objectname) %(refname)', ref]);
    const line = found.split('\n').find((text) => text.endsWith(` ${ref}`));
    return line?.split(' ')[0] ?? null;
  }

  async push(branch = 'main'): Promise<void> {
    await this.pushRefspec(`refs/heads/${branch}:refs/heads/${branch}`);
  }

  /** Has the remote keep a branch as GitHub keeps the head of a fork's pull request: under no branch of the repository. */
  async pushPull(branch: string, number: number): Promise<void> {
    await this.pushRefspec(`+refs/heads/${branch}:refs/pull/${number}/head`);
  }

  /** Moves the branch to another commit, here and at the remote. */
  async forcePush(branch: string, sha: string): Promise<void> {
    await isolatedGit(this.path, ['update-ref', `refs/heads/${branch}`, sha]);
    await this.pushRefspec(`+refs/heads/${branch}:refs/heads/${branch}`);
  }

  /** Deletes the branch, here and at the remote. */
  async deleteBranch(branch: string): Promise<void> {
    await isolatedGit(this.path, ['update-ref', '-d', `refs/heads/${branch}`]);
    await this.pushRefspec(`:refs/heads/${branch}`);
  }

  async remove(): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  private async pushRefspec(refspec: string): Promise<void> {
    await isolatedGit(this.path, ['push', '--quiet', '--', this.remote, refspec]);
  }

  private async fastImport(input: Buffer): Promise<void> {
    const child = spawn('git', ['fast-import', '--quiet', '--done'], {
      cwd: this.path,
      env: isolatedGitEnvironment(this.path),
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const closed = once(child, 'close');
    child.stdin.end(input);
    const [exitCode] = (await closed) as [number | null];
    if (exitCode !== 0) throw new Error(`git fast-import ended with ${String(exitCode)}`);
  }
}

/** https://git-scm.com/docs/git-fast-import#_input_format */
function change(path: string, file: TestFile): (string | Buffer)[] {
  const escaped = path.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  const octal = (byte: string) => `\\${(byte.charCodeAt(0) - 0xdc00).toString(8)}`;
  const quoted = `"${escaped.replace(/[\udc80-\udcff]/g, octal)}"`;
  if (file === null) return [`D ${quoted}\n`];
  if (typeof file === 'string' || Buffer.isBuffer(file))
    return [`M 100644 inline ${quoted}\n`, ...data(file)];
  if ('submodule' in file) return [`M 160000 ${file.submodule} ${quoted}\n`];
  if ('link' in file) return [`M 120000 inline ${quoted}\n`, ...data(file.link)];
  return [`M 100755 inline ${quoted}\n`, ...data(file.executable)];
}

function data(content: string | Buffer): (string | Buffer)[] {
  return [`data ${Buffer.byteLength(content)}\n`, content, '\n'];
}
