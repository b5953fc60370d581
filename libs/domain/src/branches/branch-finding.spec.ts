import { describe, expect, it } from 'vitest';
import { findingOn, type KnownBranch } from './branch-finding.js';
import { NO_COMMIT } from './push-order.js';

const A = 'a'.repeat(40);
const B = 'b'.repeat(40);
const feat: KnownBranch = { name: 'feat', headSha: A, isMissing: false, isOverdue: false };
const heads = (tips: Record<string, string>, defaultBranch: string | null = 'main') => ({
  tips: new Map(Object.entries(tips)),
  defaultBranch,
});
const known = { formerDefault: 'main', isDefaultNew: false };

describe('findingOn', () => {
  it.each([
    ['unchanged', feat, { feat: A }],
    ['moved', feat, { feat: B }],
    ['new-head', { ...feat, headSha: null }, { feat: B }],
    ['new-head', { ...feat, headSha: NO_COMMIT }, { feat: B }],
    ['unchanged', { ...feat, isMissing: true, isOverdue: true }, { feat: A }],
    ['missing', feat, { main: B }],
    ['missing', { ...feat, isMissing: true }, { main: B }],
    ['deleted', { ...feat, isMissing: true, isOverdue: true }, { main: B }],
    ['deleted', { ...feat, headSha: NO_COMMIT, isMissing: true, isOverdue: true }, { main: B }],
  ] as const)('is %s', (kind, branch, tips) => {
    expect(findingOn(branch, heads(tips), known)).toMatchObject({ kind });
  });

  const overdue = { ...feat, isMissing: true, isOverdue: true };

  it('does not conclude anything from an empty list', () => {
    expect(findingOn(overdue, heads({}, null), known)).toMatchObject({ kind: 'unclear' });
  });

  it('never takes a default branch that was renamed for a deleted one', () => {
    const former = { formerDefault: 'feat', isDefaultNew: true };
    expect(findingOn(overdue, heads({ trunk: B }, 'trunk'), former)).toMatchObject({ kind: 'renamed' });
    const first = { formerDefault: null, isDefaultNew: true };
    expect(findingOn(overdue, heads({ trunk: A }, 'trunk'), first)).toMatchObject({ kind: 'renamed' });
  });

  it('takes a branch that had no commit of its own for a deleted one, though no push told of the default branch', () => {
    const seen = { formerDefault: 'main', isDefaultNew: true };
    expect(findingOn(overdue, heads({ main: A }), seen)).toEqual({ kind: 'deleted' });
  });

  it('takes a branch that was merged by fast-forward and deleted for a deleted one', () => {
    expect(findingOn(overdue, heads({ main: A }), known)).toEqual({ kind: 'deleted' });
  });
});
