import { DeploymentFailure, isBranchName, remoteFailure } from '@nexos/domain';
import { verdictOn } from './git-failure.js';
import { GitExit } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';

export interface FetchRequest {
  readonly projectId: string;
  /** `owner/name` */
  readonly repository: string;
  readonly sha: string;
  /** Searched for the commit when the host serves only the tips of branches. */
  readonly branch?: string | undefined;
  readonly token?: string | undefined;
  readonly signal: AbortSignal;
  /** Called with each line of git's progress, which contains no text from the repository. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** Commits of a branch to search on a host that does not serve commits by SHA. */
const BRANCH_DEPTH = 50;
/** Matches git's own progress meters; other output of the remote is not shown to anybody. */
const PROGRESS =
  /^(?:remote: )?(?:Enumerating|Counting|Compressing|Receiving|Unpacking|Resolving) (?:objects|deltas): [\w\s%()/.,|-]+$/;

/** The fetch failed for a reason that may be the state of the mirror. */
class SuspectMirrorError extends Error {}

/** Fetches one commit into a mirror whose lock is held. */
export class FetchCommit {
  constructor(
    private readonly mirror: MirrorFolder,
    private readonly url: string,
    private readonly request: FetchRequest,
    private readonly timeoutSeconds: number,
  ) {}

  /** Fetches the commit; recreates an unusable mirror once. */
  async run(): Promise<void> {
    try {
      if (!(await this.mirror.isUsable())) await this.mirror.recreate();
      await this.fetchIfMissing();
    } catch (error) {
      if (!(error instanceof SuspectMirrorError)) throw error;
      await this.mirror.recreate();
      await this.fetchAgain();
    }
  }

  private async fetchAgain(): Promise<void> {
    try {
      await this.fetchIfMissing();
    } catch (error) {
      if (!(error instanceof SuspectMirrorError)) throw error;
      throw new DeploymentFailure(
        'internal_error',
        `The repository ${this.request.repository} could not be fetched. Deploy again; if that does not help, tell the operator.`,
        { cause: error.cause },
      );
    }
  }

  private async fetchIfMissing(): Promise<void> {
    const { sha } = this.request;
    if (!(await this.mirror.isKept(sha)) || !(await this.hasCommit())) await this.fetchOrUseExisting();
    await this.blamingMirror(() => this.mirror.keep(sha));
  }

  /** Fetches the commit. If the host does not serve it, a commit that the mirror happens to have will do. */
  private async fetchOrUseExisting(): Promise<void> {
    try {
      await this.fetch();
    } catch (error) {
      if (!(error instanceof DeploymentFailure) || !(await this.hasWholeCommit())) throw error;
      return;
    }
    if (!(await this.hasCommit())) throw remoteFailure('commit_not_found', this.request.repository);
  }

  /** Like `hasCommit`, after a fetch that may have stopped halfway: a partial commit does not mean a damaged mirror. */
  private async hasWholeCommit(): Promise<boolean> {
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
    if (refused === null) return;
    const { branch, repository } = this.request;
    if (branch === undefined || !isBranchName(branch)) {
      throw remoteFailure('commit_not_found', repository, refused);
    }
    await this.fetchRef(`refs/heads/${branch}`, BRANCH_DEPTH);
  }

  /** Returns null, or git's exit when the host does not serve commits by SHA. */
  private async fetchRef(refspec: string, depth: number): Promise<GitExit | null> {
    const { request } = this;
    const timeout = AbortSignal.timeout(this.timeoutSeconds * 1000);
    try {
      await this.mirror.git(fetchArguments(this.url, refspec, depth), {
        remote: { url: this.url, token: request.token },
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

  /** Runs git work that involves no remote, so that a failure means that the mirror is damaged. */
  private async blamingMirror<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.request.signal.throwIfAborted();
      const isSuspect = error instanceof GitExit && verdictOn(error).kind !== 'disk-full';
      throw isSuspect ? new SuspectMirrorError('the mirror is damaged', { cause: error }) : error;
    }
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
