import { DeploymentFailure, forkPullRequest, isBranchName, isForkBranch } from '@nexos/domain';
import { FetchCommit } from './fetch-commit.js';
import type { MirrorFolder } from './mirror-folder.js';
import { repositoryUrl } from './remote-branches.js';
import { FetchSubmodules, type FetchedSource } from './submodules/fetch-submodules.js';
import type { SubmoduleCredentials } from './submodules/submodule-credentials.js';
import { SuspectMirrorError } from './suspect-mirror.js';

export interface FetchRequest {
  readonly projectId: string;
  /** `owner/name` */
  readonly repository: string;
  readonly sha: string;
  /** Searched for the commit when the host serves only the tips of branches. */
  readonly branch?: string | undefined;
  readonly token?: string | undefined;
  /** Asked for tokens of private submodules. Not for commits of forks. */
  readonly credentials?: SubmoduleCredentials | undefined;
  readonly signal: AbortSignal;
  /** Called with each line of git's progress, which contains no text from the repository. */
  readonly onProgress?: ((line: string) => void) | undefined;
}

/** Fetches a commit and its submodules into a mirror whose lock is held. */
export class FetchSource {
  constructor(
    private readonly mirror: MirrorFolder,
    private readonly host: string,
    private readonly request: FetchRequest,
    private readonly timeoutSeconds: number,
  ) {}

  /** Recreates an unusable mirror once. */
  async run(): Promise<FetchedSource> {
    const isUsable = await this.mirror.isUsable();
    try {
      if (isUsable) return await this.fetch({ isFresh: false });
    } catch (error) {
      if (!(error instanceof SuspectMirrorError)) throw error;
    }
    return await this.fetchAgain();
  }

  private async fetchAgain(): Promise<FetchedSource> {
    await this.mirror.recreate();
    try {
      return await this.fetch({ isFresh: true });
    } catch (error) {
      if (!(error instanceof SuspectMirrorError)) throw error;
      throw new DeploymentFailure(
        'internal_error',
        `The repository ${this.request.repository} could not be fetched. Deploy again; if that does not help, tell the operator.`,
        { cause: error.cause },
      );
    }
  }

  /** @param isFresh whether the mirror was empty, so that it cannot be to blame for a submodule */
  private async fetch({ isFresh }: { isFresh: boolean }): Promise<FetchedSource> {
    const { request, host, mirror, timeoutSeconds } = this;
    const { repository, branch } = request;
    const ref = branch === undefined ? null : refOf(branch);
    // A stranger's `.gitmodules` gets what is public.
    const isOfFork = branch !== undefined && isForkBranch(branch);
    const { token, credentials } = isOfFork ? { token: undefined, credentials: undefined } : request;
    const commit = {
      ...request,
      url: repositoryUrl(host, repository),
      ref,
    };
    await new FetchCommit(mirror, commit, timeoutSeconds).andKeep();
    return await new FetchSubmodules(mirror, {
      ...request,
      token,
      credentials,
      host,
      timeoutSeconds,
      isFresh,
    }).run();
  }
}

/** Returns the ref that a commit is searched in. The base repository has the commits of pull requests of forks too. */
function refOf(branch: string): string | null {
  const number = forkPullRequest(branch);
  if (number !== null) return `refs/pull/${number}/head`;
  return isBranchName(branch) ? `refs/heads/${branch}` : null;
}
