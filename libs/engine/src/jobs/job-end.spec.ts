import { expect, it } from 'vitest';
import { type JobEnd, jobEnd } from './job-end.js';
import type { ServiceTask } from '../services/service-tasks.js';

const FULL = 'starting container failed: write /x: no space left on device';

it.each<[string, Partial<ServiceTask> | undefined, JobEnd]>([
  ['exits', { state: 'complete', exitCode: 0 }, { kind: 'exited', code: 0 }],
  [
    'exits with an error',
    { state: 'failed', exitCode: 3, error: 'task: non-zero exit (3)' },
    { kind: 'exited', code: 3 },
  ],
  [
    'is rejected',
    { state: 'rejected', error: 'No such image' },
    { kind: 'not-started', reason: 'No such image' },
  ],
  [
    'is created but has no disk space to start',
    { state: 'failed', exitCode: 128, error: FULL },
    { kind: 'not-started', reason: FULL },
  ],
  ['still runs', { state: 'running' }, { kind: 'timed-out', lastState: 'running' }],
  ['is never created', undefined, { kind: 'timed-out', lastState: 'new' }],
])('reports the end of a job whose container %s', (_when, task, end) => {
  expect(jobEnd(task as ServiceTask | undefined)).toEqual(end);
});
