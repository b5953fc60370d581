import { describe, expect, it } from 'vitest';
import {
  branchObstacle,
  type PullRequestFacts,
  pullRequestObstacle,
  type PullRequestRule,
} from './pull-request-rule.js';

const OPEN: PullRequestFacts = { state: 'open', isDraft: false, labels: [], isOwn: true, headIsBase: false };
const ANY: PullRequestRule = { label: null, drafts: false };

describe('pullRequestObstacle', () => {
  it.each<[string, Partial<PullRequestFacts>, Partial<PullRequestRule>, string | null]>([
    ['an open one', {}, {}, null],
    ['a closed one', { state: 'closed' }, {}, 'no_pull_request'],
    ['a draft', { isDraft: true }, {}, 'draft'],
    ['a draft where drafts are deployed', { isDraft: true }, { drafts: true }, null],
    ['one without the label', { labels: ['other'] }, { label: 'preview' }, 'no_label'],
    ['one with the label, in any letter case', { labels: ['x', 'Preview'] }, { label: 'pReview' }, null],
    ['one whose label only contains the name', { labels: ['previews'] }, { label: 'preview' }, 'no_label'],
    ['one of a fork', { isOwn: false }, {}, 'fork'],
    ['one of a fork with everything else', { isOwn: false, labels: ['a'] }, { label: 'a' }, 'fork'],
    ['one whose head is a base branch', { headIsBase: true }, { drafts: true }, 'base_branch'],
  ])('judges %s', (_, facts, rule, expected) => {
    expect(pullRequestObstacle({ ...OPEN, ...facts }, { ...ANY, ...rule })).toBe(expected);
  });
});

describe('branchObstacle', () => {
  it('has none when any pull request has it deployed', () => {
    expect(branchObstacle([{ ...OPEN, isDraft: true }, OPEN, { ...OPEN, isOwn: false }], ANY)).toBeNull();
  });

  it('names what is closest to a deployment', () => {
    expect(branchObstacle([], ANY)).toBe('no_pull_request');
    expect(branchObstacle([{ ...OPEN, isOwn: false }], ANY)).toBe('fork');
    expect(
      branchObstacle([{ ...OPEN, isDraft: true }, OPEN, { ...OPEN, isOwn: false }], { ...ANY, label: 'a' }),
    ).toBe('no_label');
  });
});
