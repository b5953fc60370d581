import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { BuilderConfig, GithubConfig } from '@nexos/config';
import { type BuildContext, type ContextRequest, type FetchRequest, RepositoryMirror } from '@nexos/git';
import { type GitServer, startGitServer } from '../../support/git-server/git-server.js';
import { type TestCommit, TestRepository } from '../../support/git-server/test-repository.js';
import { type TarEntry, untar } from './untar.js';

export const TOKEN = 'ghs_token_that_nobody_may_see';
export const PROJECT = 'proj_1';
/** A commit that does not exist. */
export const ABSENT = 'f'.repeat(40);
export const REPOSITORY = 'octo/app';

interface SentContext {
  readonly dockerfile: string | null;
  readonly content: Buffer;
  readonly entries: ReadonlyMap<string, TarEntry>;
}

/** A real Git host with one repository, a developer's clone of it, and a builder's mirrors. */
export class MirrorFixture {
  private readonly opened: Readable[] = [];

  private constructor(
    readonly folder: string,
    readonly server: GitServer,
    readonly repository: TestRepository,
  ) {}

  /** @param options.token the password of the private repository */
  static async create(options: { private?: boolean; token?: string } = {}): Promise<MirrorFixture> {
    const { token = TOKEN } = options;
    const folder = await mkdtemp(join(tmpdir(), 'nexos-mirror-'));
    const server = await startGitServer({
      root: join(folder, 'host'),
      credentials: { username: 'x-access-token', password: token },
    });
    const [owner = '', name = ''] = REPOSITORY.split('/');
    const url = await server.createRepository(owner, name, options);
    const repository = await TestRepository.create(
      options.private === true ? url.replace('//', `//x-access-token:${token}@`) : url,
    );
    return new MirrorFixture(folder, server, repository);
  }

  get mirrorDir(): string {
    return join(this.folder, 'mirrors');
  }

  mirror(
    limits: { url?: string; contextLimit?: number; fetchTimeoutSeconds?: number } = {},
  ): RepositoryMirror {
    const github = Object.assign(new GithubConfig(), { url: limits.url ?? this.server.url });
    const builder = Object.assign(new BuilderConfig(), {
      mirrorDir: this.mirrorDir,
      contextLimit: limits.contextLimit ?? 1024 * 1024,
      fetchTimeoutSeconds: limits.fetchTimeoutSeconds ?? 30,
    });
    return new RepositoryMirror(github, builder);
  }

  request(sha: string, changes: Partial<FetchRequest> = {}): FetchRequest {
    return {
      projectId: PROJECT,
      repository: REPOSITORY,
      sha,
      signal: new AbortController().signal,
      ...changes,
    };
  }

  async pushed(files: TestCommit['files'], branch = 'main', message?: string): Promise<string> {
    const sha = await this.repository.commit({ files, branch, ...(message !== undefined && { message }) });
    await this.repository.push(branch);
    return sha;
  }

  /** Pushes a commit and fetches it. */
  async fetched(files: TestCommit['files']): Promise<string> {
    const sha = await this.pushed(files);
    await this.mirror().fetchCommit(this.request(sha));
    return sha;
  }

  /** Returns the build context of a commit: by default the whole commit, with the Dockerfile at its root. */
  async archive(
    sha: string,
    where: Partial<ContextRequest> = {},
    limits: { contextLimit?: number } = {},
  ): Promise<BuildContext & { readonly stream: Readable }> {
    const defaults = { projectId: PROJECT, sha, buildContext: '.', dockerfile: 'Dockerfile' };
    const context = await this.mirror(limits).archive({ ...defaults, ...where });
    const stream = context.open();
    this.opened.push(stream);
    return { ...context, stream };
  }

  /** Returns what the build gets of a commit with these files. */
  async contextOf(
    files: TestCommit['files'],
    where: { buildContext?: string; dockerfile?: string } = {},
    limits: { contextLimit?: number } = {},
  ): Promise<SentContext> {
    const { stream, dockerfile, content } = await this.archive(await this.fetched(files), where, limits);
    return { dockerfile, content, entries: await untar(stream) };
  }

  async fileOf(sha: string, path: string): Promise<string | undefined> {
    const file = await this.mirror().readFile({ projectId: PROJECT, sha, path, limitBytes: 1000 });
    return file?.toString();
  }

  /** Number of requests to git-upload-pack. */
  get fetches(): number {
    return this.server.requests.filter(({ method, url }) => method === 'POST' && url.endsWith('upload-pack'))
      .length;
  }

  async remove(): Promise<void> {
    // Git would find its files missing and report the mirror as damaged, in a folder that is being removed.
    for (const stream of this.opened) {
      if (stream.closed) continue;
      const closed = once(stream, 'close');
      stream.destroy();
      await closed;
    }
    await this.server.stop();
    await this.repository.remove();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Returns the command lines of this machine's processes that satisfy `match`, by pid. */
export async function processes(match: (commandLine: string) => boolean): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    try {
      const commandLine = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ');
      if (match(commandLine)) found.set(Number(pid), commandLine);
    } catch (error) {
      // The process ended after it was listed.
      if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  return found;
}
