import { tmpdir } from 'node:os';
import { dirname } from 'node:path';
import { GithubConfig } from '@nexos/config';
import {
  isBranchName,
  isCommitSha,
  parseRepositoryName,
  type RemoteHeads,
  remoteFailure,
} from '@nexos/domain';
import { Injectable } from '@nestjs/common';
import { basicCredentials, gitEnvironment } from './git-environment.js';
import { verdictOn } from './git-failure.js';
import { GitExit, GitOutputTooLarge, runGit } from './git-process.js';

/** Timeout of a lookup, in milliseconds. A healthy host lists its branches within a few seconds. */
const DEADLINE_MS = 60_000;
/** Branches per git process, at 255 bytes each, which keeps its arguments below the system limit. */
const NAMES_AT_ONCE = 200;

/** Bytes of a list of branches: enough for a hundred thousand. */
const LIST_LIMIT = 32 * 1024 * 1024;
const HEADS = 'refs/heads/';
const SYMREF = /^ref: refs\/heads\/([^\t\n]+)\tHEAD$/m;

export interface TipsRequest {
  /** `owner/name` */
  readonly repository: string;
  readonly branches: readonly string[];
  readonly token?: string | undefined;
  readonly signal: AbortSignal;
}

/** Looks up the heads of branches on a remote, without fetching or storing anything. */
@Injectable()
export class RemoteBranches {
  constructor(
    private readonly github: GithubConfig,
    private readonly deadlineMs = DEADLINE_MS,
  ) {}

  /**
   * Returns the commit at the tip of each branch that exists in the repository.
   *
   * @throws {DeploymentFailure} repository_unreachable, repository_access_denied
   * @throws the signal's reason
   */
  async lookUpTips({ branches, ...request }: TipsRequest): Promise<ReadonlyMap<string, string>> {
    const names = branches.filter(isBranchName);
    const tips = new Map<string, string>();
    const deadline = AbortSignal.timeout(this.deadlineMs);
    for (let from = 0; from < names.length; from += NAMES_AT_ONCE) {
      const some = names.slice(from, from + NAMES_AT_ONCE);
      const listed = await this.list({ ...request, branches: some }, deadline);
      for (const [branch, sha] of listed) tips.set(branch, sha);
    }
    return tips;
  }

  /**
   * Returns the name of the repository's default branch; null when that branch does not exist.
   *
   * @throws {DeploymentFailure} repository_unreachable, repository_access_denied
   * @throws the signal's reason
   */
  async defaultBranch(request: Omit<TipsRequest, 'branches'>): Promise<string | null> {
    const deadline = AbortSignal.timeout(this.deadlineMs);
    const listed = await this.listRefs(request, ['--symref'], ['HEAD'], deadline);
    const name = SYMREF.exec(listed)?.[1];
    return name !== undefined && isBranchName(name) ? name : null;
  }

  /**
   * Returns the commits at the tips of all branches of the repository, and its default branch, from one request. A list of
   * more than 32 MiB counts as empty, which says nothing about any branch.
   *
   * @throws {DeploymentFailure} repository_unreachable, repository_access_denied
   * @throws the signal's reason
   */
  async listHeads(request: Omit<TipsRequest, 'branches'>): Promise<RemoteHeads> {
    const deadline = AbortSignal.timeout(this.deadlineMs);
    const tips = new Map<string, string>();
    const listed = await this.listRefs(request, ['--symref'], ['HEAD', 'refs/heads/*'], deadline).catch(
      (error: unknown) => {
        if (error instanceof GitOutputTooLarge) return '';
        throw error;
      },
    );
    for (const line of listed.split('\n')) {
      const [sha = '', ref = ''] = line.split('\t');
      if (ref.startsWith(HEADS) && isCommitSha(sha)) tips.set(ref.slice(HEADS.length), sha);
    }
    const named = SYMREF.exec(listed)?.[1];
    return { tips, defaultBranch: named !== undefined && tips.has(named) ? named : null };
  }

  private async list(request: TipsRequest, deadline: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const refs = request.branches.map((branch) => `refs/heads/${branch}`);
    return tipsAmong(await this.listRefs(request, ['--heads'], refs, deadline), request.branches);
  }

  private async listRefs(
    request: Omit<TipsRequest, 'branches'>,
    options: readonly string[],
    refs: readonly string[],
    deadline: AbortSignal,
  ): Promise<string> {
    const { repository, token } = request;
    try {
      const listed = await runGit(
        {
          args: ['ls-remote', ...options, '--', repositoryUrl(this.github.url, repository), ...refs],
          cwd: tmpdir(),
          env: gitEnvironment({
            // Must not exist, so that git never sends credentials that somebody left in a home directory.
            home: '/nonexistent',
            // Otherwise git would read the configuration of a repository in a parent folder.
            ceiling: dirname(tmpdir()),
            remote: { url: this.github.url, token },
          }),
          signal: AbortSignal.any([request.signal, deadline]),
          secrets: token === undefined ? [] : [token, basicCredentials(token)],
        },
        LIST_LIMIT,
      );
      return listed.toString();
    } catch (error) {
      request.signal.throwIfAborted();
      if (deadline.aborted) throw remoteFailure('repository_unreachable', repository, error);
      if (!(error instanceof GitExit)) throw error;
      const verdict = verdictOn(error);
      const code = verdict.kind === 'failure' ? verdict.code : 'repository_unreachable';
      throw remoteFailure(verdict.kind === 'moved' ? 'moved' : code, repository, error);
    }
  }
}

/** Returns the clone URL of a repository. */
export function repositoryUrl(host: string, repository: string): string {
  const { owner, name } = parseRepositoryName(repository);
  return `${host.replace(/\/+$/, '')}/${owner}/${name}.git`;
}

/** Selects exact refs, because `ls-remote` matches the ends of refs. */
function tipsAmong(listed: string, branches: readonly string[]): ReadonlyMap<string, string> {
  const asked = new Map(branches.map((branch) => [`refs/heads/${branch}`, branch]));
  const tips = new Map<string, string>();
  for (const line of listed.split('\n')) {
    const [sha = '', ref = ''] = line.split('\t');
    const branch = asked.get(ref);
    if (branch !== undefined && isCommitSha(sha)) tips.set(branch, sha);
  }
  return tips;
}
