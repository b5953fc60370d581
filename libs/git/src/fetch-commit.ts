import { DeploymentFailure, remoteFailure } from '@nexos/domain';
import { verdictOn } from './git-failure.js';
import { GitExit } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';
import { blamingMirror, SuspectMirrorError } from './suspect-mirror.js';

export interface CommitRequest {
  readonly url: string;
  /** `owner/name`, for messages. */
  readonly repository: string;
  readonly sha: string;
  /** Searched for the commit when the host serves only the tips of refs. */
  readonly ref: string | null;
  readonly token?: string | undefined;
  readonly signal: AbortSignal;
  /** Called with each line of git's progress, which contains no text from the repository. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** Commits of a ref to search on a host that does not serve commits by SHA. */
const BRANCH_DEPTH = 50;
/** Matches git's own progress meters; other output of the remote is not shown to anybody. */
const PROGRESS =
  /^(?:remote: )?(?:Enumerating|Counting|Compressing|Receiving|Unpacking|Resolving) (?:objects|deltas): [\w\s%()/.,|-]+$/;

/** Fetches one commit into a mirror whose lock is held. */
export class FetchCommit {
  constructor(
    private readonly mirror: MirrorFolder,
    private readonly request: CommitRequest,
    private readonly timeoutSeconds: number,
  ) {}

  /**
   * Fetches the commit unless the mirror has kept it, and keeps it.
   *
   * @throws {DeploymentFailure} repository_unreachable, repository_access_denied, commit_not_found
   * @throws {SuspectMirrorError}
   */
  async andKeep(): Promise<void> {
    const { sha } = this.request;
    if (!(await this.mirror.isKept(sha)) || !(await this.hasCommit())) await this.fetchOrUseExisting();
    await this.blamingMirror(() => this.mirror.keep(sha));
  }

  /**
   * Fetches the commit from the host, also if the mirror has it already: that the host serves it shows that these credentials
   * can read it there. Until something that contains it is kept, it can be lost again.
   *
   * @throws as `andKeep`
   */
  async fromHost(): Promise<void> {
    const wasPresent = await this.isPresent();
    const refused = await this.fetchRef(this.request.sha, 1);
    if (refused !== null) {
      // A ref does not show that this repository has the commit, unless it brings it.
      if (wasPresent) throw remoteFailure('commit_not_found', this.request.repository, refused);
      await this.fetchFromRef(refused);
    }
    if (!(await this.hasCommit())) throw remoteFailure('commit_not_found', this.request.repository);
  }

  /** Fetches the commit. If the host does not serve it, a commit that the mirror happens to have will do. */
  private async fetchOrUseExisting(): Promise<void> {
    try {
      await this.fetch();
    } catch (error) {
      if (!(error instanceof DeploymentFailure) || !(await this.isPresent())) throw error;
      return;
    }
    if (!(await this.hasCommit())) throw remoteFailure('commit_not_found', this.request.repository);
  }

  /**
   * Returns whether the mirror has the whole commit. It may have a part of it after a fetch that stopped halfway, which does not
   * mean that it is damaged.
   */
  async isPresent(): Promise<boolean> {
    try {
      return await this.mirror.holds(this.request.sha, this.request.signal);
    } catch (error) {
      if (error instanceof GitExit) return false;
      throw error;
    }
  }

  private async hasCommit(): Promise<boolean> {
    return await this.blamingMirror(() => this.mirror.holds(this.request.sha, this.request.signal));
  }

  private async fetch(): Promise<void> {
    const refused = await this.fetchRef(this.request.sha, 1);
    if (refused !== null) await this.fetchFromRef(refused);
  }

  /** @param refused git's exit when the host did not serve the commit by SHA */
  private async fetchFromRef(refused: GitExit): Promise<void> {
    const { ref, repository } = this.request;
    if (ref === null) throw remoteFailure('commit_not_found', repository, refused);
    await this.fetchRef(ref, BRANCH_DEPTH);
  }

  /** Returns null, or git's exit when the host does not serve commits by SHA. */
  private async fetchRef(refspec: string, depth: number): Promise<GitExit | null> {
    const { request } = this;
    const timeout = AbortSignal.timeout(this.timeoutSeconds * 1000);
    try {
      await this.mirror.git(fetchArguments(request.url, refspec, depth), {
        remote: { url: request.url, token: request.token },
        signal: AbortSignal.any([request.signal, timeout]),
        onLine: (line) => {
          if (PROGRESS.test(line)) request.onProgress?.(line);
        },
      });
      return null;
    } catch (error) {
      request.signal.throwIfAborted();
      if (timeout.aborted) throw remoteFailure('repository_unreachable', request.repository, error);
      if (!(error instanceof GitExit)) throw error;
      return this.refusalOf(error);
    }
  }

  private refusalOf(exit: GitExit): GitExit {
    const verdict = verdictOn(exit);
    switch (verdict.kind) {
      case 'tips-only':
        return exit;
      case 'failure':
        throw remoteFailure(verdict.code, this.request.repository, exit);
      case 'moved':
        throw remoteFailure('moved', this.request.repository, exit);
      case 'disk-full':
        throw exit;
      case 'unknown':
        throw new SuspectMirrorError('the fetch failed', { cause: exit });
    }
  }

  private blamingMirror<T>(work: () => Promise<T>): Promise<T> {
    return blamingMirror(this.request.signal, work);
  }
}

function fetchArguments(url: string, refspec: string, depth: number): string[] {
  return [
    'fetch',
    '--progress',
    `--depth=${depth}`,
    '--no-tags',
    '--no-write-fetch-head',
    '--no-auto-gc',
    '--no-recurse-submodules',
    '--',
    url,
    refspec,
  ];
}
