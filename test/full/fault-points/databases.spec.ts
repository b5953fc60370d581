import { afterAll, beforeAll, describe, inject, it } from 'vitest';
import { casesOf } from './points.js';
import { Stage } from './stage.js';

describe('the lifecycle worker', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.start(inject('system'));
  });
  afterAll(() => stage.stop());

  it.each(casesOf('databases'))('completes %s after a crash at %s', (action, point) =>
    stage.recovers(action, point),
  );
});
