import { GithubConfig, IngressConfig } from '@nexos/config';
import type { GithubRemote } from '@nexos/database';
import { commentMarker, commentReport, forkPullRequest } from '@nexos/domain';
import { GithubRequestError, PullRequestComments } from '@nexos/github';
import { environmentUrl } from '@nexos/ingress';
import { ReportFactsRepository, type ToldReport } from '@nexos/state';
import { Injectable } from '@nestjs/common';
import { type ReportCall, toldReport } from './report-call.js';

/** Shows the environments of a branch in one comment on each of its pull requests. */
@Injectable()
export class CommentReporter {
  constructor(
    private readonly facts: ReportFactsRepository,
    private readonly comments: PullRequestComments,
    private readonly ingress: IngressConfig,
    private readonly github: GithubConfig,
  ) {}

  /** Returns what GitHub was told; null when there is nothing to tell. */
  async tell(call: ReportCall): Promise<ToldReport | null> {
    const { accountId, repository, branch, remote } = call.report;
    const facts = await this.facts.ofBranch(call.report);
    if (facts.length === 0) return null;
    const rows = facts.map(({ hostname, ...row }) => ({
      ...row,
      url: environmentUrl(this.ingress, hostname),
    }));
    const body = commentReport(accountId, rows, `${this.github.url.replace(/\/+$/, '')}/${repository}`);
    const open = await this.openPullRequests(call, branch);
    const isOver = facts.every(({ isDestroyed }) => isDestroyed);
    // A comment on a closed pull request changes once more, when its environments are destroyed.
    const known = Object.keys(remote).map(Number);
    const pulls = [...new Set([...open, ...(isOver ? known : [])])];
    let kept = remote;
    for (const pull of pulls) kept = await this.tellPull(call, { pull, body, remote: kept });
    if (isOver && known.some((pull) => !open.includes(pull))) await call.keep(only(kept, open));
    return toldReport(body, isOver ? 'destroyed' : 'open');
  }

  private async openPullRequests(call: ReportCall, branch: string): Promise<number[]> {
    const ofFork = forkPullRequest(branch);
    if (ofFork === null) return call.ask((access) => this.comments.openPullRequests(access, branch));
    const { isOpen } = await call.ask((access) => this.comments.stateOf(access, ofFork));
    return isOpen ? [ofFork] : [];
  }

  /** Returns the ids of comments by the numbers of their pull requests. */
  private async tellPull(
    call: ReportCall,
    { pull, body, remote }: { pull: number; body: string; remote: GithubRemote },
  ): Promise<GithubRemote> {
    const known = remote[pull];
    if (typeof known === 'number') {
      if (call.isTold(body)) return remote;
      await this.update(call, { pull, body, remote }, known);
      return remote;
    }
    const marker = commentMarker(call.report.accountId);
    const found = await call.ask((access) => this.comments.find(access, pull, marker));
    const id = found ?? (await call.change((access) => this.comments.create(access, pull, body)));
    const kept = { ...remote, [pull]: id };
    await call.keep(kept);
    if (found !== null) await call.change((access) => this.comments.update(access, found, body));
    return kept;
  }

  /** Changes a comment. One that was deleted is forgotten, so that the next attempt makes another. */
  private async update(
    call: ReportCall,
    { pull, body, remote }: { pull: number; body: string; remote: GithubRemote },
    id: number,
  ): Promise<void> {
    try {
      await call.change((access) => this.comments.update(access, id, body));
    } catch (error) {
      const isGone = error instanceof GithubRequestError && error.kind === 'missing';
      if (isGone)
        await call.keep(
          only(
            remote,
            Object.keys(remote)
              .map(Number)
              .filter((one) => one !== pull),
          ),
        );
      throw error;
    }
  }
}

function only(remote: GithubRemote, pulls: readonly number[]): GithubRemote {
  return Object.fromEntries(Object.entries(remote).filter(([pull]) => pulls.includes(Number(pull))));
}
