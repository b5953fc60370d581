import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { casesOf } from './points.js';
import { Stage } from './stage.js';

describe('a lifecycle worker that dies', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set(inject('system'));
  });
  afterAll(() => stage.nexos.stop());

  it.each(casesOf('rollouts'))('in %s at %s is followed by one that comes to the same end', (action, point) =>
    stage.dies(action, point),
  );

  it('does so only where it was told a point that there is', async () => {
    const confused = stage.nexos.another('lifecycle', { NEXOS_FAULT_POINT: 'rollout.nowhere' });
    confused.start();
    expect(await confused.untilEnded()).toBe(78);
  });
});
