import { at } from '../rows.js';
import { exampleOf, repositoryId } from './webhook-sender.js';

/** What a test says about a pull request. */
export interface PullRequestFields {
  /** `owner/name` */
  readonly repository: string;
  readonly action: string;
  readonly head: string;
  readonly sha: string;
  readonly number?: number;
  readonly base?: string;
  readonly labels?: readonly string[];
  readonly isDraft?: boolean;
  readonly isFork?: boolean;
  /** The repository of the head no longer exists. */
  readonly isGone?: boolean;
  /** When it changed last. */
  readonly second?: number;
}

/** Returns a pull_request payload as GitHub sends it, of a repository whose default branch is main. */
export function pullRequestPayload({
  repository: name,
  action,
  head,
  sha,
  number = 1,
  base = 'main',
  labels = [],
  isDraft = false,
  isFork = false,
  isGone = false,
  second = 1,
}: PullRequestFields): Record<string, unknown> {
  const payload = exampleOf('pull_request', (example) => example.action === 'opened');
  const example = payload.pull_request as Record<string, object>;
  const id = repositoryId(name);
  const repository = { ...(payload.repository as object), id, full_name: name, default_branch: 'main' };
  return {
    ...payload,
    action,
    number,
    repository,
    pull_request: {
      ...example,
      number,
      state: action === 'closed' ? 'closed' : 'open',
      draft: isDraft,
      labels: labels.map((label) => ({ name: label })),
      updated_at: at(second).toISOString(),
      head: {
        ...example.head,
        ref: head,
        sha,
        repo: isGone ? null : { ...repository, id: isFork ? id + 1 : id },
      },
      base: { ...example.base, ref: base, repo: repository },
    },
  };
}
