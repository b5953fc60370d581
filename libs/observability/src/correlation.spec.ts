import { describe, expect, it } from 'vitest';
import { correlation, withCorrelation } from './correlation.js';

describe('withCorrelation', () => {
  it('adds fields to the current ones for the duration of the work', async () => {
    await withCorrelation({ request_id: 'r1' }, async () => {
      await withCorrelation({ deployment: 'dep_1' }, async () => {
        await Promise.resolve();
        expect(correlation()).toEqual({ request_id: 'r1', deployment: 'dep_1' });
      });
      expect(correlation()).toEqual({ request_id: 'r1' });
    });
    expect(correlation()).toEqual({});
  });
});
