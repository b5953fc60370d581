import { describe, expect, it } from 'vitest';
import { DEPLOYMENT_STATUSES } from './deployment-state.js';
import { checkRollback, type RollbackFacts, type RollbackTarget } from './rollback.js';

const target = (over: Partial<RollbackTarget> = {}): RollbackTarget => ({
  status: 'replaced',
  imageId: 'sha256:1',
  isImageGone: false,
  ...over,
});
const facts = (over: Partial<RollbackFacts> = {}): RollbackFacts => ({
  status: 'running',
  live: { imageId: 'sha256:2' },
  inProgress: null,
  target: target(),
  ...over,
});

describe('checkRollback', () => {
  it.each<[string, Partial<RollbackFacts>, 'do' | 'same']>([
    ['a rollback to the previous version', {}, 'do'],
    ['a rollback of a paused environment', { status: 'paused' }, 'do'],
    ['a rollback during a rollback to another version', { inProgress: { imageId: 'sha256:3' } }, 'do'],
    ['a rollback during a rollback to the same version', { inProgress: { imageId: 'sha256:1' } }, 'same'],
  ])('judges %s (%j) as "%s"', (_, over, kind) => {
    expect(checkRollback(facts(over))).toEqual({ kind });
  });

  it.each<[string, Partial<RollbackFacts>, string]>([
    ['an environment that is being destroyed', { status: 'destroying' }, 'being destroyed'],
    ['a destroyed environment', { status: 'destroyed', live: null }, 'was destroyed'],
    ['an environment in which no version has gone live', { status: 'pending', live: null }, 'gone live yet'],
    [
      'an environment whose first version failed',
      { status: 'failed', live: null, target: null },
      'gone live yet',
    ],
    ['an environment without an earlier version', { target: null }, 'Push'],
    ['the live deployment', { target: target({ status: 'live', imageId: 'sha256:2' }) }, 'already live'],
    ['an earlier deployment of the live image', { target: target({ imageId: 'sha256:2' }) }, 'already live'],
    [
      'a version whose image was removed',
      { target: target({ isImageGone: true }) },
      'Deploy its commit again',
    ],
    ['a version without an image', { target: target({ imageId: null }) }, 'Deploy its commit again'],
  ])('refuses %s and gives the reason', (_, over, reason) => {
    expect(checkRollback(facts(over))).toEqual({
      kind: 'refuse',
      reason: expect.stringContaining(reason) as string,
    });
  });

  it.each(DEPLOYMENT_STATUSES.filter((status) => status !== 'live' && status !== 'replaced'))(
    'refuses a %s deployment, which was never live',
    (status) => {
      expect(checkRollback(facts({ target: target({ status, imageId: 'sha256:2' }) }))).toMatchObject({
        kind: 'refuse',
        reason: expect.stringContaining('never live') as string,
      });
    },
  );
});
