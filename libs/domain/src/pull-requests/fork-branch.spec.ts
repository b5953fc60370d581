import { describe, expect, it } from 'vitest';
import { isBranchName } from '../branches/branch-name.js';
import { hostLabel } from '../slug.js';
import { forkBranch, forkPullRequest, isForkBranch } from './fork-branch.js';

describe('the name of a fork’s environment', () => {
  it('tells the number of the pull request', () => {
    expect(forkPullRequest(forkBranch(42))).toBe(42);
    expect(isForkBranch(forkBranch(42))).toBe(true);
  });

  it('is no name that a branch can have', () => {
    expect(isBranchName(forkBranch(1))).toBe(false);
  });

  it.each(['main', 'pull/42', 'pull/42/head', 'pull-42', 'refs/pull/42/head', 'PULL/42'])(
    'is not that of the branch %s',
    (branch) => {
      expect(forkPullRequest(branch)).toBeNull();
      expect(isForkBranch(branch)).toBe(false);
    },
  );

  it.each(['pull:', 'pull:0', 'pull:x', 'pull:1:2'])('has no other number: %s', (branch) => {
    expect(forkPullRequest(branch)).toBeNull();
    expect(isForkBranch(branch)).toBe(true);
  });

  it('never gets the host name of a branch', () => {
    const labels = [0, 1, 2].map((attempt) => hostLabel('pull-42', 'shop', 'p/pull-42', attempt));
    for (const attempt of [1, 2]) {
      expect(labels).not.toContain(hostLabel(forkBranch(42), 'shop', `p/${forkBranch(42)}`, attempt));
    }
  });
});
