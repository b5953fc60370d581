import { describe, expect, it } from 'vitest';
import { DEPLOYMENT_STATUSES } from './deployment-state.js';
import { judgeRollback, type RollbackFacts, type RollbackTarget } from './rollback.js';

const target = (over: Partial<RollbackTarget> = {}): RollbackTarget => ({
  status: 'replaced',
  imageId: 'sha256:1',
  isImageGone: false,
  ...over,
});
const facts = (over: Partial<RollbackFacts> = {}): RollbackFacts => ({
  status: 'running',
  live: { imageId: 'sha256:2' },
  underWay: null,
  target: target(),
  ...over,
});

describe('judgeRollback', () => {
  it.each<[string, Partial<RollbackFacts>, 'do' | 'same']>([
    ['to the version before', {}, 'do'],
    ['while it is paused', { status: 'paused' }, 'do'],
    ['while another version is being rolled back to', { underWay: { imageId: 'sha256:3' } }, 'do'],
    ['while that one is being rolled back to', { underWay: { imageId: 'sha256:1' } }, 'same'],
  ])('%s: %j comes to "%s"', (_, over, kind) => {
    expect(judgeRollback(facts(over))).toEqual({ kind });
  });

  it.each<[string, Partial<RollbackFacts>, string]>([
    ['one that is being destroyed', { status: 'destroying' }, 'being destroyed'],
    ['one that was destroyed', { status: 'destroyed', live: null }, 'was destroyed'],
    ['one that has not come up', { status: 'pending', live: null }, 'come up yet'],
    ['one whose first version failed', { status: 'failed', live: null, target: null }, 'come up yet'],
    ['one that had no other version', { target: null }, 'Push'],
    ['the live deployment', { target: target({ status: 'live', imageId: 'sha256:2' }) }, 'live already'],
    ['an earlier deployment of the live image', { target: target({ imageId: 'sha256:2' }) }, 'live already'],
    ['a version whose image is gone', { target: target({ isImageGone: true }) }, 'Deploy its commit again'],
    ['a version without an image', { target: target({ imageId: null }) }, 'Deploy its commit again'],
  ])('refuses %s, and says why', (_, over, because) => {
    expect(judgeRollback(facts(over))).toEqual({
      kind: 'refuse',
      because: expect.stringContaining(because) as string,
    });
  });

  it.each(DEPLOYMENT_STATUSES.filter((status) => status !== 'live' && status !== 'replaced'))(
    'refuses a deployment that is %s, which never was live',
    (status) => {
      expect(judgeRollback(facts({ target: target({ status, imageId: 'sha256:2' }) }))).toMatchObject({
        kind: 'refuse',
        because: expect.stringContaining('never live') as string,
      });
    },
  );
});
