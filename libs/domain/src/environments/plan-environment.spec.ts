import { describe, expect, it } from 'vitest';
import { planEnvironment, type EnvironmentFacts } from './plan-environment.js';

const facts = (over: Partial<EnvironmentFacts>): EnvironmentFacts => ({
  status: 'running',
  desiredState: 'running',
  isResetting: false,
  areHooksDue: false,
  desired: { id: 'dep_2', status: 'live' },
  liveDeploymentId: 'dep_2',
  services: [{ deploymentId: 'dep_2', drainUntil: null, replicas: 1 }],
  ...over,
});

describe('planEnvironment', () => {
  it.each<[string, Partial<EnvironmentFacts>, ReturnType<typeof planEnvironment>]>([
    ['rests when the wanted version is live', {}, { kind: 'settle', remove: [], again: null }],
    [
      'rolls out a version that was built',
      { desired: { id: 'dep_3', status: 'deploying' } },
      { kind: 'roll-out', deploymentId: 'dep_3' },
    ],
    [
      'destroys before anything else',
      { desiredState: 'destroyed', desired: { id: 'dep_3', status: 'deploying' } },
      { kind: 'destroy' },
    ],
    [
      'runs the hooks of the live version for its new database',
      { areHooksDue: true },
      { kind: 'run-hooks', deploymentId: 'dep_2' },
    ],
    [
      'makes the database before it runs hooks for it',
      { areHooksDue: true, isResetting: true },
      { kind: 'reset' },
    ],
    [
      'leaves hooks that are due to the rollout of a version that was built',
      { areHooksDue: true, desired: { id: 'dep_3', status: 'deploying' } },
      { kind: 'roll-out', deploymentId: 'dep_3' },
    ],
    [
      'leaves a destroyed environment alone',
      { status: 'destroyed', desiredState: 'destroyed' },
      { kind: 'nothing' },
    ],
    [
      'lets an old version drain and comes back when the first is done',
      {
        services: [
          { deploymentId: 'dep_2', drainUntil: null, replicas: 1 },
          { deploymentId: 'dep_1', drainUntil: 1_500, replicas: 1 },
          { deploymentId: 'dep_0', drainUntil: 1_200, replicas: 1 },
        ],
      },
      { kind: 'settle', remove: [], again: 200 },
    ],
    [
      'removes what has drained, and what never was live',
      {
        services: [
          { deploymentId: 'dep_2', drainUntil: null, replicas: 1 },
          { deploymentId: 'dep_1', drainUntil: 1_000, replicas: 1 },
          { deploymentId: 'dep_x', drainUntil: null, replicas: 1 },
        ],
      },
      { kind: 'settle', remove: ['dep_1', 'dep_x'], again: null },
    ],
    [
      'keeps the live version when the new one failed',
      {
        desired: { id: 'dep_3', status: 'failed' },
        services: [
          { deploymentId: 'dep_2', drainUntil: null, replicas: 1 },
          { deploymentId: 'dep_3', drainUntil: null, replicas: 1 },
        ],
      },
      { kind: 'settle', remove: ['dep_3'], again: null },
    ],
    ['pauses what runs', { desiredState: 'paused' }, { kind: 'pause' }],
    [
      'goes on pausing where a worker died in between',
      { status: 'paused', desiredState: 'paused' },
      { kind: 'pause' },
    ],
    [
      'lets a version that was built meanwhile wait while it is paused',
      {
        status: 'paused',
        desiredState: 'paused',
        desired: { id: 'dep_3', status: 'deploying' },
        services: [{ deploymentId: 'dep_2', drainUntil: null, replicas: 0 }],
      },
      { kind: 'settle', remove: [], again: null },
    ],
    [
      'resumes what was live',
      {
        status: 'paused',
        services: [{ deploymentId: 'dep_2', drainUntil: null, replicas: 0 }],
      },
      { kind: 'resume', deploymentId: 'dep_2', isStarted: false },
    ],
    [
      'goes on resuming what a worker had started that died in between',
      { status: 'paused' },
      { kind: 'resume', deploymentId: 'dep_2', isStarted: true },
    ],
    [
      'starts what is live and has no container, though it is not paused',
      { services: [{ deploymentId: 'dep_2', drainUntil: null, replicas: 0 }] },
      { kind: 'resume', deploymentId: 'dep_2', isStarted: false },
    ],
    [
      'starts nothing but what is live',
      {
        services: [
          { deploymentId: 'dep_2', drainUntil: null, replicas: 1 },
          { deploymentId: 'dep_1', drainUntil: null, replicas: 0 },
        ],
      },
      { kind: 'settle', remove: ['dep_1'], again: null },
    ],
    [
      'starts the live version again when its service was taken away',
      { services: [] },
      { kind: 'resume', deploymentId: 'dep_2', isStarted: false },
    ],
    [
      'resumes on the version that was built meanwhile',
      { status: 'paused', desired: { id: 'dep_3', status: 'deploying' } },
      { kind: 'roll-out', deploymentId: 'dep_3' },
    ],
    ['empties the database once that is asked for', { isResetting: true }, { kind: 'reset' }],
  ])('%s', (_name, over, step) => {
    expect(planEnvironment(facts(over), 1_000)).toEqual(step);
  });
});
