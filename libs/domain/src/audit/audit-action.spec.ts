import { expect, it } from 'vitest';
import { auditActionOf } from './audit-action.js';

it.each([
  ['deployment', 'status', { from: null, to: 'queued' }, 'deployment.create'],
  ['deployment', 'status', { from: 'queued', to: 'building' }, 'deployment.status'],
  ['environment', 'requested', { action: 'pause' }, 'environment.pause'],
  ['environment', 'database_reset', {}, 'environment.database_reset'],
  ['environment', 'health', { from: 'healthy', to: 'unhealthy' }, null],
  ['environment', 'execution', { from: null, to: 'queued' }, null],
] as const)('records the event %s %s %j as %s', (of, type, data, action) => {
  expect(auditActionOf(of, type, data)).toBe(action);
});

it('fails for an event that no action is named after', () => {
  expect(() => auditActionOf('environment', 'requested', { action: 'explode' })).toThrow(
    'environment.explode',
  );
});
