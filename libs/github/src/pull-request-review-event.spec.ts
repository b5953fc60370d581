import examples, { type WebhookDefinition } from '@octokit/webhooks-examples';
import { describe, expect, it } from 'vitest';
import { readDelivery } from './delivered-move.js';
import { MalformedPayloadError } from './malformed-payload.error.js';

// The package is a JSON file; only its types have a default export.
const definitions = examples as unknown as WebhookDefinition[];
const EVENT = 'pull_request_review';

/** Returns GitHub's example of a review with another action and changed fields. */
function payload(action: string, changes: Record<string, unknown> = {}) {
  const found = definitions.find(({ name }) => name === EVENT)?.examples[0];
  const example = structuredClone(found) as unknown as Record<string, object>;
  return { ...example, action, review: { ...example.review, ...changes } };
}

describe('a review', () => {
  const sha = 'a'.repeat(40);

  it('is read with its commit, its author and the pull request', () => {
    const user = { id: 7, login: 'maintainer' };
    const delivered = readDelivery(
      EVENT,
      payload('submitted', { id: 9, state: 'approved', commit_id: sha, user }),
    );
    expect(delivered).toMatchObject({
      repository: 'Codertocat/Hello-World',
      pullRequest: { number: 2, state: 'open' },
      review: { id: '9', commitSha: sha, verdict: 'approved', reviewerId: '7', reviewerLogin: 'maintainer' },
      ignoredReason: null,
    });
  });

  it.each([
    ['submitted', 'approved', 'approved'],
    ['submitted', 'commented', 'none'],
    ['submitted', 'changes_requested', 'withdrawn'],
    ['dismissed', 'dismissed', 'withdrawn'],
    ['dismissed', 'approved', 'withdrawn'],
  ])('that was %s as %s says: %s', (action, state, verdict) => {
    expect(readDelivery(EVENT, payload(action, { state, commit_id: sha })).review).toMatchObject({ verdict });
  });

  it('of a user who is gone, or that was only edited, is ignored', () => {
    const other = { review: null, pullRequest: null, ignoredReason: 'event' };
    expect(readDelivery(EVENT, payload('submitted', { state: 'approved', user: null }))).toMatchObject(other);
    expect(readDelivery(EVENT, payload('edited'))).toMatchObject(other);
  });

  it.each([{ commit_id: null }, { commit_id: 'main' }, { id: 0 }, { user: { id: 'x', login: 'a' } }])(
    'with %j does not match the documentation',
    (changes) => {
      expect(() => readDelivery(EVENT, payload('submitted', changes))).toThrow(MalformedPayloadError);
    },
  );
});
