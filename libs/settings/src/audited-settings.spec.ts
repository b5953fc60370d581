import { expect, it } from 'vitest';
import { auditedSettings } from './audited-settings.js';
import { initialSettings, projectSettings } from './project-settings.js';

it('shows names of variables, masked commands, and paths without their query', () => {
  const shown = auditedSettings({
    cpu: 2,
    env: { B: 'hunter2', A: 'hunter2' },
    build_args: { V: 'hunter2' },
    health_check_path: '/health?token=hunter2',
    hooks: {
      on_deploy: 'PGPASSWORD=hunter2 npm run migrate',
      on_new: ['tool', '--password', 'hunter2'],
      seed: null,
    },
    containers: [
      {
        name: 'worker',
        command: 'worker --token=hunter2',
        env: { C: 'hunter2' },
        health_check_path: '/?hunter2',
      },
    ],
    secret_of_tomorrow: 'hunter2',
  });
  expect(shown).toEqual({
    cpu: 2,
    env: ['A', 'B'],
    build_args: ['V'],
    health_check_path: '/health?***',
    hooks: { on_deploy: 'PGPASSWORD=*** npm run migrate', on_new: ['tool', '--password', '***'], seed: null },
    containers: [{ name: 'worker', command: 'worker --token=***', env: ['C'], health_check_path: '/?***' }],
  });
});

it('shows all other settings as they are', () => {
  const all = { ...projectSettings(initialSettings()) };
  expect(auditedSettings(all)).toEqual({ ...all, env: [], build_args: [] });
});
