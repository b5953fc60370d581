import { expect, it } from 'vitest';
import { ConfigurationError, FAULT_POINTS, FaultConfig, faultPoint, loadConfig } from './index.js';

const load = (point?: string) => loadConfig({ fault: FaultConfig }, { NEXOS_FAULT_POINT: point }).fault;

it('a fault point is none unless one is named that there is', () => {
  expect(load().armedPoint).toBeUndefined();
  expect(load('').armedPoint).toBeUndefined();
  for (const point of FAULT_POINTS) expect(load(point).armedPoint).toBe(point);
});

it('an unknown fault point is refused with the names of all that there are', () => {
  expect(() => load('rollout.nowhere')).toThrow(ConfigurationError);
  expect(() => load('rollout.nowhere')).toThrow(
    `NEXOS_FAULT_POINT must be one of the following values: ${FAULT_POINTS.join(', ')}`,
  );
});

it('a fault point that nobody named does nothing', () => {
  for (const point of FAULT_POINTS) faultPoint(point);
});

it('each fault point has a name of its own', () => {
  expect(new Set(FAULT_POINTS).size).toBe(FAULT_POINTS.length);
});
