import { type FetchedSource, type FetchRequest } from '@nexos/git';
import { type TestCommit, TestRepository } from '../../support/git-server/test-repository.js';
import { MirrorFixture, TOKEN } from './mirror-fixture.js';
import { untar } from './untar.js';

type Files = TestCommit['files'];

/** An app and, on the same Git host, repositories for its submodules. */
export class SubmoduleFixture {
  readonly others: TestRepository[] = [];

  private constructor(private readonly app: MirrorFixture) {}

  static async create(): Promise<SubmoduleFixture> {
    return new SubmoduleFixture(await MirrorFixture.create());
  }

  get server(): MirrorFixture['server'] {
    return this.app.server;
  }

  get repository(): TestRepository {
    return this.app.repository;
  }

  get folder(): string {
    return this.app.folder;
  }

  get mirrorDir(): string {
    return this.app.mirrorDir;
  }

  mirror: MirrorFixture['mirror'] = (...args) => this.app.mirror(...args);
  request: MirrorFixture['request'] = (...args) => this.app.request(...args);
  pushed: MirrorFixture['pushed'] = (...args) => this.app.pushed(...args);
  archive: MirrorFixture['archive'] = (...args) => this.app.archive(...args);
  fileOf: MirrorFixture['fileOf'] = (...args) => this.app.fileOf(...args);

  /** Pushes a commit to another repository of the host and returns its SHA. */
  async other(name: string, files: Files, options: { private?: boolean } = {}): Promise<string> {
    const [owner = '', repo = ''] = name.split('/');
    const url = await this.server.createRepository(owner, repo, options);
    const repository = await TestRepository.create(
      options.private === true ? url.replace('//', `//x-access-token:${TOKEN}@`) : url,
    );
    this.others.push(repository);
    const sha = await repository.commit({ files });
    await repository.push();
    return sha;
  }

  /** Pushes a commit of the app with a Dockerfile and these files, and fetches it. */
  async fetchedSource(files: Files, changes: Partial<FetchRequest> = {}): Promise<FetchedSource> {
    const sha = await this.pushed({ Dockerfile: 'FROM scratch', ...files });
    return this.mirror().fetchCommit(this.request(sha, changes));
  }

  /** Returns the files in the build context. */
  async filesOf(
    { sha }: FetchedSource,
    where: Parameters<MirrorFixture['archive']>[1] = {},
  ): Promise<Record<string, string>> {
    const { stream } = await this.archive(sha, where);
    const entries = [...(await untar(stream))].filter(([, { type }]) => type === 'file');
    return Object.fromEntries(entries.map(([name, { text }]) => [name, text]));
  }

  /** Number of requests for a repository, pushes included. */
  requestsFor(name: string): number {
    return this.server.requests.filter(({ url }) => url.startsWith(`/${name}.git/`)).length;
  }

  async remove(): Promise<void> {
    await Promise.all(this.others.splice(0).map((repository) => repository.remove()));
    await this.app.remove();
  }
}

/** Returns the entry of `.gitmodules` for a path. */
export function at(path: string, url: string): string {
  const quoted = path.replaceAll('\\', '\\\\').replaceAll('"', '\\"');
  return `[submodule "${quoted}"]\n\tpath = "${quoted}"\n\turl = ${url}\n`;
}
