import { Injectable } from '@nestjs/common';
import { GithubRequests, type RepositoryAccess } from './github-requests.js';

const MAX_PAGE = 100;
/** A comment that is not among so many pages of comments is taken for deleted. */
const MAX_PAGES = 30;

/** What GitHub says about a pull request. */
export interface AnsweredPullRequest {
  /** GitHub's id of its repository: after a rename, the name may be that of another one. */
  readonly repositoryId: string;
  readonly isOpen: boolean;
}

/**
 * Open pull requests, and comments on them (https://docs.github.com/en/rest/issues/comments). All methods throw
 * `GithubRequestError`.
 */
@Injectable()
export class PullRequestComments {
  constructor(private readonly requests: GithubRequests) {}

  /** Returns the numbers of the open pull requests from a branch of the repository itself, not of a fork. */
  async openPullRequests(access: RepositoryAccess, branch: string): Promise<number[]> {
    const [owner = ''] = access.repository.split('/');
    const pulls = await this.requests.send(access, 'pull_requests', 'GET /repos/{owner}/{repo}/pulls', {
      head: `${owner}:${branch}`,
      state: 'open',
      per_page: MAX_PAGE,
    });
    // GitHub ignores a filter that it cannot read.
    const isOurs = ({ head }: (typeof pulls)[number]) =>
      head.ref === branch && isSameName(repositoryOf(head), access.repository);
    return pulls.filter(isOurs).map(({ number }) => number);
  }

  /** Returns whether a pull request is open, and of which repository it is. */
  async stateOf(access: RepositoryAccess, pull: number): Promise<AnsweredPullRequest> {
    const route = 'GET /repos/{owner}/{repo}/pulls/{pull_number}';
    const { state, base } = await this.requests.send(access, 'pull_requests', route, { pull_number: pull });
    return { repositoryId: String(base.repo.id), isOpen: state === 'open' };
  }

  /** Finds the comment of this App that begins with a marker; returns its id. */
  async find(access: RepositoryAccess, pull: number, marker: string): Promise<number | null> {
    const route = 'GET /repos/{owner}/{repo}/issues/{issue_number}/comments';
    const appId = await this.requests.appId();
    for (let page = 1; page <= MAX_PAGES; page++) {
      const comments = await this.requests.send(access, 'pull_requests', route, {
        issue_number: pull,
        per_page: MAX_PAGE,
        page,
      });
      // Anybody may write a comment with the marker.
      const ours = comments.find(
        ({ body, performed_via_github_app: app }) => app?.id === appId && body?.startsWith(marker) === true,
      );
      if (ours !== undefined) return Number(ours.id);
      if (comments.length < MAX_PAGE) break;
    }
    return null;
  }

  /** Returns the id of the new comment. */
  async create(access: RepositoryAccess, pull: number, body: string): Promise<number> {
    const route = 'POST /repos/{owner}/{repo}/issues/{issue_number}/comments';
    const created = await this.requests.send(access, 'pull_requests', route, { issue_number: pull, body });
    return Number(created.id);
  }

  async update(access: RepositoryAccess, id: number, body: string): Promise<void> {
    const route = 'PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}';
    await this.requests.send(access, 'pull_requests', route, { comment_id: id, body });
  }
}

/** The repository of a head is null once it was deleted, whatever the types say. */
function repositoryOf({ repo }: { repo: { full_name: string } | null }): string | null {
  return repo?.full_name ?? null;
}

function isSameName(a: string | null, b: string): boolean {
  return a?.toLowerCase() === b.toLowerCase();
}
