import { DeploymentFailure, isBranchName, remoteFailure } from '@nexos/domain';
import { verdictOn } from './git-failure.js';
import { GitExit } from './git-process.js';
import type { MirrorFolder } from './mirror-folder.js';

export interface FetchRequest {
  readonly projectId: string;
  /** `owner/name` */
  readonly repository: string;
  readonly sha: string;
  /** Where to look for the commit when the host hands out the tips of branches only. */
  readonly branch?: string | undefined;
  readonly token?: string | undefined;
  readonly signal: AbortSignal;
  /** Called with git's progress, line by line: nothing in it is the repository's own text. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** How far back a branch is searched on a host that does not hand out commits by their SHA. */
const BRANCH_DEPTH = 50;
/** Git's own meters and nothing else: what a remote prints is not shown to anybody. */
const PROGRESS =
  /^(?:remote: )?(?:Enumerating|Counting|Compressing|Receiving|Unpacking|Resolving) (?:objects|deltas): [\w\s%()/.,|-]+$/;

/** The fetch came to nothing for a reason that may be the mirror's own state. */
class MirrorSuspected extends Error {}

/** One fetch of one commit into a mirror whose lock is held. */
export class FetchCommit {
  constructor(
    private readonly mirror: MirrorFolder,
    private readonly url: string,
    private readonly request: FetchRequest,
    private readonly timeoutSeconds: number,
  ) {}

  /** Fetches; a mirror that cannot be used is made anew, once. */
  async run(): Promise<void> {
    try {
      if (!(await this.mirror.isUsable())) await this.mirror.recreate();
      await this.fetchUnlessThere();
    } catch (error) {
      if (!(error instanceof MirrorSuspected)) throw error;
      await this.mirror.recreate();
      await this.fetchAgain();
    }
  }

  private async fetchAgain(): Promise<void> {
    try {
      await this.fetchUnlessThere();
    } catch (error) {
      if (!(error instanceof MirrorSuspected)) throw error;
      throw new DeploymentFailure(
        'internal_error',
        `The repository ${this.request.repository} could not be fetched. Deploy again; if that does not help, tell the operator.`,
        { cause: error.cause },
      );
    }
  }

  private async fetchUnlessThere(): Promise<void> {
    const { sha } = this.request;
    if (!(await this.mirror.isKept(sha)) || !(await this.isThere())) await this.fetchOrFind();
    await this.suspecting(() => this.mirror.keep(sha));
  }

  /** What is not kept is there now and then all the same, and then needs no host that hands it out. */
  private async fetchOrFind(): Promise<void> {
    try {
      await this.fetch();
    } catch (error) {
      if (!(error instanceof DeploymentFailure) || !(await this.isWhole())) throw error;
      return;
    }
    if (!(await this.isThere())) throw remoteFailure('commit_not_found', this.request.repository);
  }

  /** As `isThere`, where a part of it may have come: that says nothing of the mirror. */
  private async isWhole(): Promise<boolean> {
    try {
      return await this.mirror.holds(this.request.sha, this.request.signal);
    } catch (error) {
      if (error instanceof GitExit) return false;
      throw error;
    }
  }

  private async isThere(): Promise<boolean> {
    return await this.suspecting(() => this.mirror.holds(this.request.sha, this.request.signal));
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

  /** Answers null, or git's words when the host hands out no commit by its SHA. */
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
        throw new MirrorSuspected('the fetch failed', { cause: exit });
    }
  }

  /** What fails without talking to the remote is the mirror's fault. */
  private async suspecting<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.request.signal.throwIfAborted();
      const isSuspect = error instanceof GitExit && verdictOn(error).kind !== 'disk-full';
      throw isSuspect ? new MirrorSuspected('the mirror is damaged', { cause: error }) : error;
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
