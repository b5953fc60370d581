import { expect, it } from 'vitest';
import { quotaPeriod } from './period.js';

it.each([
  ['2026-01-01T00:00:00.000Z', '2026-01-01', '2026-02-01'],
  ['2026-02-28T23:59:59.999Z', '2026-02-01', '2026-03-01'],
  ['2026-12-31T23:59:59.999Z', '2026-12-01', '2027-01-01'],
])('the period of %s is its month', (at, start, end) => {
  expect(quotaPeriod(new Date(at))).toEqual({ start: new Date(start), end: new Date(end) });
});
