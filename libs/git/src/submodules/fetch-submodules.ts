import { DeploymentFailure } from '@nexos/domain';
import { COMMIT_LIMIT, commitSeconds } from '../commit-time.js';
import { readObjects } from '../git-objects.js';
import { GitOutputTooLarge } from '../git-process.js';
import type { MirrorFolder } from '../mirror-folder.js';
import { findRepositoryEntries } from '../repository-entry.js';
import { readRepositoryFile } from '../repository-file.js';
import { blamingMirror, SuspectMirrorError } from '../suspect-mirror.js';
import { FetchSubmodule } from './fetch-submodule.js';
import { type Gitlink, gitlinksOf } from './gitlinks.js';
import { parseGitmodules, type SubmoduleEntry } from './gitmodules.js';
import { graftTrees } from './graft-trees.js';
import { locateSubmodule, type LocatedSubmodule, type Superproject } from './locate-submodule.js';
import type { SubmoduleCredentials } from './submodule-credentials.js';

/** Submodules of one commit, nested ones included. */
const MAX_COUNT = 50;
const GITMODULES_LIMIT = 256 * 1024;
const PUBLIC_ONLY = 'Correct its address, or make it public.';

/** A submodule that stays an empty folder. */
export interface MissingSubmodule {
  /** From the root of the repository; may contain any character. */
  readonly path: string;
  /** The rest of a sentence that begins with the path. May contain any character. */
  readonly reason: string;
}

export interface FetchedSource {
  /** The commit to build: in the mirror, and with the files of its submodules. */
  readonly sha: string;
  /** Number of submodules that it contains. */
  readonly submodules: number;
  readonly missing: readonly MissingSubmodule[];
}

interface SubmodulesRequest {
  /** URL of the Git host. */
  readonly host: string;
  readonly repository: string;
  readonly sha: string;
  /** The token of the repository itself. */
  readonly token?: string | undefined;
  /** Asked for tokens of submodules that cannot be read otherwise. Without it, only what is public can. */
  readonly credentials?: SubmoduleCredentials | undefined;
  readonly signal: AbortSignal;
  readonly timeoutSeconds: number;
  /** Whether the mirror was recreated just before, so that it is not to blame for a fetch that fails. */
  readonly isFresh: boolean;
}

/**
 * Fetches the submodules of a commit into the mirror of its repository, whose lock is held, and writes a commit that has their files
 * in their places. Whatever reads the source then finds them as in a recursive clone.
 */
export class FetchSubmodules {
  private readonly missing: MissingSubmodule[] = [];
  private readonly commits: string[] = [];
  private readonly fetcher: FetchSubmodule;
  private begun = 0;

  constructor(
    private readonly mirror: MirrorFolder,
    private readonly request: SubmodulesRequest,
  ) {
    this.fetcher = new FetchSubmodule(mirror, request);
  }

  /**
   * Returns the commit itself when it has no submodules.
   *
   * @throws {DeploymentFailure} repository_unreachable: otherwise the same commit would be one app today and another one tomorrow
   * @throws {SuspectMirrorError}
   */
  async run(): Promise<FetchedSource> {
    const { sha, repository } = this.request;
    const tree = await this.graft({ sha, repository, prefix: '', lineage: [repository.toLowerCase()] });
    const { missing, commits } = this;
    if (tree === null) return { sha, submodules: 0, missing };
    return { sha: await this.blamingMirror(() => this.commit(tree)), submodules: commits.length, missing };
  }

  /** Returns the tree of a commit with its submodules in their places; null when there are none. */
  private async graft(superproject: Superproject): Promise<string | null> {
    const links = await this.linksOf(superproject);
    if (links.length === 0) return null;
    const entries = await this.entriesOf(superproject.sha);
    const trees = new Map<string, string>();
    for (const link of links) {
      const tree = await this.treeOf(superproject, link, entries);
      if (tree !== null) trees.set(link.path, tree);
    }
    if (trees.size === 0) return null;
    return await this.blamingMirror(() =>
      graftTrees(this.mirror, superproject.sha, trees, this.request.signal),
    );
  }

  /** Returns the tree of a submodule; null when it is missing. */
  private async treeOf(
    superproject: Superproject,
    { path, sha }: Gitlink,
    entries: ReadonlyMap<string, SubmoduleEntry> | null,
  ): Promise<string | null> {
    const located = locateSubmodule(this.request.host, superproject, path, entries);
    const reason = 'problem' in located ? located.problem : await this.fetch(located, sha);
    if ('problem' in located || reason !== null) {
      this.report(`${superproject.prefix}${path}`, reason ?? '');
      return null;
    }
    this.commits.push(sha);
    const { repository } = located;
    const prefix = `${superproject.prefix}${path}/`;
    const lineage = [...superproject.lineage, repository.toLowerCase()];
    return (await this.graft({ sha, repository, prefix, lineage })) ?? (await this.plainTree(sha));
  }

  /** Returns null when the mirror has the commit, or why it has not. */
  private async fetch(
    { repository, branch }: Exclude<LocatedSubmodule, { problem: string }>,
    sha: string,
  ): Promise<string | null> {
    if (this.begun >= MAX_COUNT) return `only the first ${MAX_COUNT} submodules of a commit are fetched`;
    this.begun += 1;
    try {
      await this.fetcher.run({ repository, branch, sha });
      return null;
    } catch (error) {
      const { isFresh, credentials } = this.request;
      if (error instanceof SuspectMirrorError && isFresh) return `${repository} could not be fetched`;
      const code = error instanceof DeploymentFailure ? error.code : null;
      if (code === 'commit_not_found') return `${repository} does not have the commit ${sha.slice(0, 12)}`;
      if (code === 'repository_access_denied')
        return `${repository} does not exist, has moved, or cannot be read by this project. ${credentials?.advice ?? PUBLIC_ONLY}`;
      throw error;
    }
  }

  private async linksOf({ sha, prefix }: Superproject): Promise<Gitlink[]> {
    try {
      return await this.blamingMirror(() => gitlinksOf(this.mirror, sha, this.request.signal));
    } catch (error) {
      if (!(error instanceof GitOutputTooLarge)) throw error;
      this.report(`${prefix}.`, 'the commit has too many folders to look for submodules');
      return [];
    }
  }

  /** Reads the `.gitmodules` of a commit; null when it is not usable. Git ignores a symbolic link there as well. */
  private async entriesOf(sha: string): Promise<ReadonlyMap<string, SubmoduleEntry> | null> {
    const content = await this.blamingMirror(async () => {
      const [entry = null] = await findRepositoryEntries(this.mirror, sha, ['.gitmodules']);
      if (entry === null) return Buffer.alloc(0);
      if (entry.kind !== 'file' || entry.size > GITMODULES_LIMIT) return null;
      return await readRepositoryFile(this.mirror, sha, '.gitmodules', GITMODULES_LIMIT);
    });
    return content === null ? null : await parseGitmodules(content, this.request.signal);
  }

  private async plainTree(sha: string): Promise<string> {
    const { signal } = this.request;
    const resolve = () => this.mirror.git(['rev-parse', '--verify', `${sha}^{tree}`], { signal });
    return (await this.blamingMirror(resolve)).toString().trim();
  }

  /**
   * Writes and keeps a commit of the tree. Those that it consists of are its parents, which keeps them in the mirror. It
   * has the time of the commit that it replaces, so that the same source always has the same id.
   */
  private async commit(tree: string): Promise<string> {
    const { sha, signal } = this.request;
    const [original] = await readObjects(this.mirror, [{ name: sha, limitBytes: COMMIT_LIMIT }], signal);
    const seconds = original == null ? 0 : commitSeconds(original);
    const text = [
      `tree ${tree}`,
      ...[...new Set([sha, ...this.commits])].map((parent) => `parent ${parent}`),
      `author Nexos <> ${seconds} +0000`,
      `committer Nexos <> ${seconds} +0000`,
      '',
      `${sha} with submodules`,
      '',
    ];
    const args = ['hash-object', '-t', 'commit', '-w', '--stdin'];
    const id = (await this.mirror.git(args, { input: text.join('\n'), signal })).toString().trim();
    await this.mirror.keep(id);
    return id;
  }

  private report(path: string, reason: string): void {
    const [name, why] = [path, reason].map((text) => Buffer.from(text, 'latin1').toString());
    this.missing.push({ path: name ?? '', reason: why ?? '' });
  }

  private blamingMirror<T>(work: () => Promise<T>): Promise<T> {
    return blamingMirror(this.request.signal, work);
  }
}
