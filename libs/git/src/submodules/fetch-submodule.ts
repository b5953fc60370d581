import { DeploymentFailure } from '@nexos/domain';
import { FetchCommit } from '../fetch-commit.js';
import type { MirrorFolder } from '../mirror-folder.js';
import { repositoryUrl } from '../remote-branches.js';
import type { SubmoduleCredentials } from './submodule-credentials.js';
import { SubmoduleOrigins, type SubmoduleReader } from './submodule-origins.js';

interface SubmoduleRequest {
  /** URL of the Git host. */
  readonly host: string;
  /** The token of the project's repository. */
  readonly token?: string | undefined;
  /** Asked for a token of the submodule's repository if that cannot be read otherwise. */
  readonly credentials?: SubmoduleCredentials | undefined;
  readonly signal: AbortSignal;
  readonly timeoutSeconds: number;
}

/** The commit that belongs into a submodule. */
interface SubmoduleCommit {
  /** `owner/name` */
  readonly repository: string;
  /** Searched for the commit when the host serves only the tips of branches; null for the default branch. */
  readonly branch: string | null;
  readonly sha: string;
}

/** Fetches the commits of submodules into a mirror whose lock is held, each with as few rights as it needs. */
export class FetchSubmodule {
  private readonly origins: SubmoduleOrigins;

  constructor(
    private readonly mirror: MirrorFolder,
    private readonly request: SubmoduleRequest,
  ) {
    this.origins = new SubmoduleOrigins(mirror);
  }

  /**
   * Fetches a commit, unless the mirror has it from this repository and this build may read it there. Until something that
   * contains it is kept, it can be lost again.
   *
   * @throws {DeploymentFailure} repository_unreachable, repository_access_denied, commit_not_found
   * @throws {SuspectMirrorError}
   */
  async run(commit: SubmoduleCommit): Promise<void> {
    const { token, credentials } = this.request;
    const reader = token === undefined ? 'anyone' : 'project';
    if (await this.has(commit, ['anyone', reader])) return;
    const isGranted = await this.has(commit, ['granted']);
    if (isGranted && credentials !== undefined && (await credentials.grant(commit.repository)) !== null)
      return;
    try {
      await this.fetch(commit, commit.repository, token);
      await this.origins.add(commit.repository, commit.sha, reader);
    } catch (error) {
      if (!isDenied(error)) throw error;
      const grant = (await credentials?.grant(commit.repository)) ?? null;
      if (grant === null) throw error;
      await this.fetch(commit, grant.repository, grant.token);
      await this.origins.add(commit.repository, commit.sha, 'granted');
    }
  }

  private async has(
    { repository, sha }: SubmoduleCommit,
    readers: readonly SubmoduleReader[],
  ): Promise<boolean> {
    if (!(await this.origins.has(repository, sha, readers))) return false;
    return await this.fetchOf(repository, sha, null).isPresent();
  }

  private async fetch(
    { sha, branch }: SubmoduleCommit,
    repository: string,
    token: string | undefined,
  ): Promise<void> {
    await this.fetchOf(repository, sha, branch, token).fromHost();
  }

  private fetchOf(repository: string, sha: string, branch: string | null, token?: string): FetchCommit {
    const { host, signal, timeoutSeconds } = this.request;
    const ref = branch === null ? 'HEAD' : `refs/heads/${branch}`;
    const request = { url: repositoryUrl(host, repository), repository, sha, ref, token, signal };
    return new FetchCommit(this.mirror, request, timeoutSeconds);
  }
}

function isDenied(error: unknown): boolean {
  return error instanceof DeploymentFailure && error.code === 'repository_access_denied';
}
