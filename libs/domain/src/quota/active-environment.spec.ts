import { expect, it } from 'vitest';
import {
  DESIRED_STATES,
  type DesiredState,
  ENVIRONMENT_STATUSES,
  type EnvironmentStatus,
} from '../environments/environment-state.js';
import { isActive } from './active-environment.js';

/** The statuses in which an environment reserves CPU and memory, by what is desired. */
const ACTIVE: Readonly<Record<DesiredState, readonly EnvironmentStatus[]>> = {
  running: ['pending', 'running', 'pausing', 'paused', 'resuming', 'failed', 'destroying'],
  paused: ['running', 'pausing', 'resuming', 'destroying'],
  destroyed: ['running', 'pausing', 'resuming', 'destroying'],
};

it.each(DESIRED_STATES)(
  'an environment that should be %s reserves CPU and memory while it may run',
  (desiredState) => {
    const active = ENVIRONMENT_STATUSES.filter((status) => isActive({ status, desiredState }));
    expect(active).toEqual(ACTIVE[desiredState]);
  },
);
