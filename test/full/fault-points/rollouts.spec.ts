import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { casesOf } from './points.js';
import { Stage } from './stage.js';

describe('the lifecycle worker', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start(inject('system'));
  });
  afterAll(() => stage.stop());

  it.each(casesOf('rollouts'))('completes %s after a crash at %s', (action, point) =>
    stage.recovers(action, point),
  );

  it('rejects an unknown fault point at start-up', async () => {
    const misconfigured = stage.nexos.secondProcess('lifecycle', { NEXOS_FAULT_POINT: 'rollout.nowhere' });
    misconfigured.start();
    expect(await misconfigured.waitForExit()).toBe(78);
  });
});
