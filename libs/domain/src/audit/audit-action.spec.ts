import { expect, it } from 'vitest';
import { ENVIRONMENT_EVENT_TYPES } from '../events/event.js';
import { auditActionOf } from './audit-action.js';

it.each([
  [{ of: 'deployment', type: 'status', data: { from: null, to: 'queued' } }, 'deployment.create'],
  [{ of: 'deployment', type: 'status', data: { from: 'queued', to: 'building' } }, 'deployment.status'],
  [{ of: 'environment', type: 'requested', data: { action: 'pause' } }, 'environment.pause'],
  [{ of: 'environment', type: 'database_reset', data: {} }, 'environment.database_reset'],
  [{ of: 'environment', type: 'health', data: { from: 'healthy', to: 'unhealthy' } }, null],
  [{ of: 'environment', type: 'execution', data: { from: null, to: 'queued' } }, null],
] as const)('records the event %j as %s', (event, action) => {
  expect(auditActionOf(event)).toBe(action);
});

it.each(ENVIRONMENT_EVENT_TYPES)('knows whether the event %s of an environment is audited', (type) => {
  expect(auditActionOf({ of: 'environment', type, data: { action: 'pause' } })).not.toBeUndefined();
});

it('fails for a request that no action is named after', () => {
  expect(() => auditActionOf({ of: 'environment', type: 'requested', data: { action: 'explode' } })).toThrow(
    'explode',
  );
});
