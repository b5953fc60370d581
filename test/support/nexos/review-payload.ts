import { type PullRequestFields, pullRequestPayload } from './pull-request-payload.js';
import { exampleOf } from './webhook-sender.js';

/** What a test says about a review of a fork's pull request. */
export interface ReviewFields extends Omit<PullRequestFields, 'action'> {
  readonly action?: 'submitted' | 'edited' | 'dismissed';
  readonly state?: 'approved' | 'changes_requested' | 'commented' | 'dismissed';
  readonly id?: number;
  /** The commit that was reviewed; the head by default. */
  readonly reviewed?: string;
  readonly reviewer?: { readonly id: number; readonly login: string };
  readonly installationId?: number;
}

/** Returns a pull_request_review payload as GitHub sends it, by default of a fork. */
export function reviewPayload({
  action = 'submitted',
  state = 'approved',
  id = 1,
  reviewed,
  reviewer = { id: 77, login: 'maintainer' },
  installationId = 7,
  ...fields
}: ReviewFields): Record<string, unknown> {
  const { pull_request: pullRequest, repository } = pullRequestPayload({
    isFork: true,
    ...fields,
    action: 'opened',
  });
  const example = exampleOf('pull_request_review', (one) => one.action === 'submitted');
  const review = example.review as Record<string, object>;
  return {
    ...example,
    action,
    review: {
      ...review,
      id,
      state,
      commit_id: reviewed ?? fields.sha,
      user: { ...review.user, ...reviewer },
    },
    pull_request: pullRequest,
    repository,
    installation: { id: installationId },
  };
}
