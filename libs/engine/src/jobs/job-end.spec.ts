import { expect, it } from 'vitest';
import { type JobEnd, jobEnd } from './job-end.js';
import type { ServiceTask } from '../services/service-tasks.js';

const FULL = 'starting container failed: write /x: no space left on device';

it.each<[string, Partial<ServiceTask> | undefined, JobEnd]>([
  ['exited', { state: 'complete', exitCode: 0 }, { kind: 'exited', code: 0 }],
  [
    'exited with an error',
    { state: 'failed', exitCode: 3, error: 'task: non-zero exit (3)' },
    { kind: 'exited', code: 3 },
  ],
  [
    'was rejected',
    { state: 'rejected', error: 'No such image' },
    { kind: 'not-started', reason: 'No such image' },
  ],
  [
    'was made and found no space to start',
    { state: 'failed', exitCode: 128, error: FULL },
    { kind: 'not-started', reason: FULL },
  ],
  ['runs', { state: 'running' }, { kind: 'timed-out', lastState: 'running' }],
  ['was never made', undefined, { kind: 'timed-out', lastState: 'new' }],
])('a job whose container %s ends like that', (_what, task, end) => {
  expect(jobEnd(task as ServiceTask | undefined)).toEqual(end);
});
