import { afterAll, beforeAll, describe, inject, it } from 'vitest';
import { casesOf } from './points.js';
import { Stage } from './stage.js';

describe('a lifecycle worker that dies', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set(inject('system'));
  });
  afterAll(() => stage.nexos.stop());

  it.each(casesOf('databases'))(
    'in %s at %s is followed by one that comes to the same end',
    (action, point) => stage.dies(action, point),
  );
});
