import { expect, it } from 'vitest';
import { ConfigurationError, FAULT_POINTS, FaultConfig, faultPoint, loadConfig } from './index.js';

const load = (point?: string) => loadConfig({ fault: FaultConfig }, { NEXOS_FAULT_POINT: point }).fault;

it('arms a fault point only when NEXOS_FAULT_POINT names one', () => {
  expect(load().armedPoint).toBeUndefined();
  expect(load('').armedPoint).toBeUndefined();
  for (const point of FAULT_POINTS) expect(load(point).armedPoint).toBe(point);
});

it('rejects an unknown fault point and lists the known ones', () => {
  expect(() => load('rollout.nowhere')).toThrow(ConfigurationError);
  expect(() => load('rollout.nowhere')).toThrow(
    `NEXOS_FAULT_POINT must be one of the following values: ${FAULT_POINTS.join(', ')}`,
  );
});

it('does nothing at a fault point that is not armed', () => {
  for (const point of FAULT_POINTS) faultPoint(point);
});

it('gives each fault point a unique name', () => {
  expect(new Set(FAULT_POINTS).size).toBe(FAULT_POINTS.length);
});
