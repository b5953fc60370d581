import { describe, expect, it } from 'vitest';
import { planEnvironment, type EnvironmentFacts } from './plan-environment.js';

const facts = (over: Partial<EnvironmentFacts>): EnvironmentFacts => ({
  status: 'running',
  desiredState: 'running',
  isResetting: false,
  areHooksDue: false,
  hasFailed: false,
  desired: { id: 'dep_2', status: 'live' },
  liveDeploymentId: 'dep_2',
  liveContainers: ['app'],
  services: [{ deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 1, isHeld: false }],
  ...over,
});

const RUNNING = { deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 1, isHeld: false };
const SETTLED = { kind: 'settle', remove: [], again: null } as const;
const STOPPED = [{ deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 0, isHeld: false }];
const HELD = [{ deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 0, isHeld: true }];

describe('planEnvironment', () => {
  it.each<[string, Partial<EnvironmentFacts>, ReturnType<typeof planEnvironment>]>([
    ['does nothing when the desired version is live', {}, { kind: 'settle', remove: [], again: null }],
    [
      'rolls out a version once it is built',
      { desired: { id: 'dep_3', status: 'deploying' } },
      { kind: 'roll-out', deploymentId: 'dep_3', after: [], remove: [] },
    ],
    [
      'makes room for a version by removing those that were superseded or have drained',
      {
        desired: { id: 'dep_3', status: 'deploying' },
        services: [
          { deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 1, isHeld: false },
          { deploymentId: 'dep_3', container: 'app', drainUntil: null, replicas: 1, isHeld: false },
          { deploymentId: 'dep_1', container: 'app', drainUntil: 1_000, replicas: 1, isHeld: false },
          { deploymentId: 'dep_0', container: 'app', drainUntil: 1_200, replicas: 1, isHeld: false },
          { deploymentId: 'dep_x', container: 'app', drainUntil: null, replicas: 1, isHeld: false },
        ],
      },
      { kind: 'roll-out', deploymentId: 'dep_3', after: [], remove: ['dep_1', 'dep_x'] },
    ],
    [
      'destroys before anything else',
      { desiredState: 'destroyed', desired: { id: 'dep_3', status: 'deploying' } },
      { kind: 'destroy' },
    ],
    [
      'runs the hooks of the live version for a new database',
      { areHooksDue: true },
      { kind: 'run-hooks', deploymentId: 'dep_2' },
    ],
    [
      'creates the database before it runs hooks for it',
      { areHooksDue: true, isResetting: true },
      { kind: 'reset' },
    ],
    [
      'leaves due hooks to the rollout of a newly built version',
      { areHooksDue: true, desired: { id: 'dep_3', status: 'deploying' } },
      { kind: 'roll-out', deploymentId: 'dep_3', after: [], remove: [] },
    ],
    [
      'leaves a destroyed environment alone',
      { status: 'destroyed', desiredState: 'destroyed' },
      { kind: 'nothing' },
    ],
    [
      'lets old versions drain and looks again when the first has drained',
      {
        services: [
          { deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 1, isHeld: false },
          { deploymentId: 'dep_1', container: 'app', drainUntil: 1_500, replicas: 1, isHeld: false },
          { deploymentId: 'dep_0', container: 'app', drainUntil: 1_200, replicas: 1, isHeld: false },
        ],
      },
      { kind: 'settle', remove: [], again: 200 },
    ],
    [
      'removes versions that have drained or were never live',
      {
        services: [
          { deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 1, isHeld: false },
          { deploymentId: 'dep_1', container: 'app', drainUntil: 1_000, replicas: 1, isHeld: false },
          { deploymentId: 'dep_x', container: 'app', drainUntil: null, replicas: 1, isHeld: false },
        ],
      },
      { kind: 'settle', remove: ['dep_1', 'dep_x'], again: null },
    ],
    [
      'keeps the live version when the new one failed',
      {
        desired: { id: 'dep_3', status: 'failed' },
        services: [
          { deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 1, isHeld: false },
          { deploymentId: 'dep_3', container: 'app', drainUntil: null, replicas: 1, isHeld: false },
        ],
      },
      { kind: 'settle', remove: ['dep_3'], again: null },
    ],
    ['stops a running version to pause it', { desiredState: 'paused' }, { kind: 'stop' }],
    [
      'continues to stop after its worker died',
      { status: 'pausing', desiredState: 'paused' },
      { kind: 'stop' },
    ],
    [
      'stops a paused version that somebody else started',
      { status: 'paused', desiredState: 'paused' },
      { kind: 'stop' },
    ],
    [
      'takes the route of a version whose service was removed before it pauses',
      { desiredState: 'paused', services: [] },
      { kind: 'stop' },
    ],
    [
      'stops a version that was just being resumed',
      { status: 'resuming', desiredState: 'paused', services: STOPPED },
      { kind: 'stop' },
    ],
    [
      'waits for everything to stop before it is paused',
      { status: 'pausing', desiredState: 'paused', services: STOPPED },
      { kind: 'finish-pause' },
    ],
    [
      'pauses an environment that failed to start',
      { status: 'failed', desiredState: 'paused', services: STOPPED, hasFailed: true },
      { kind: 'finish-pause' },
    ],
    [
      'holds a newly built version back while the environment is paused',
      {
        status: 'paused',
        desiredState: 'paused',
        desired: { id: 'dep_3', status: 'deploying' },
        services: [{ deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 0, isHeld: false }],
      },
      { kind: 'settle', remove: [], again: null },
    ],
    [
      'resumes the live version',
      {
        status: 'paused',
        services: [{ deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 0, isHeld: false }],
      },
      { kind: 'resume', deploymentId: 'dep_2', after: [{ deploymentId: 'dep_2', container: 'app' }] },
    ],
    [
      'continues a resume after its worker died',
      { status: 'resuming' },
      { kind: 'resume', deploymentId: 'dep_2', after: [] },
    ],
    [
      'starts the live version when it has no container although it is not paused',
      {
        services: [{ deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 0, isHeld: false }],
      },
      { kind: 'resume', deploymentId: 'dep_2', after: [{ deploymentId: 'dep_2', container: 'app' }] },
    ],
    [
      'starts no version other than the live one',
      {
        services: [
          { deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 1, isHeld: false },
          { deploymentId: 'dep_1', container: 'app', drainUntil: null, replicas: 0, isHeld: false },
        ],
      },
      { kind: 'settle', remove: ['dep_1'], again: null },
    ],
    [
      'starts the live version again when its service was removed',
      { services: [] },
      { kind: 'resume', deploymentId: 'dep_2', after: [{ deploymentId: 'dep_2', container: 'app' }] },
    ],
    [
      'resumes with the version that was built meanwhile, after the live one has ended',
      { status: 'paused', desired: { id: 'dep_3', status: 'deploying' }, services: STOPPED },
      {
        kind: 'roll-out',
        deploymentId: 'dep_3',
        after: [{ deploymentId: 'dep_2', container: 'app' }],
        remove: [],
      },
    ],
    [
      'resumes while the containers are still stopping, after they have ended',
      { status: 'pausing', services: STOPPED },
      { kind: 'resume', deploymentId: 'dep_2', after: [{ deploymentId: 'dep_2', container: 'app' }] },
    ],
    [
      'leaves a version alone that failed to start',
      { status: 'failed', services: STOPPED, hasFailed: true },
      { kind: 'settle', remove: [], again: null },
    ],
    [
      'starts a failed version again when that was requested or is due',
      { status: 'failed', services: STOPPED },
      { kind: 'resume', deploymentId: 'dep_2', after: [{ deploymentId: 'dep_2', container: 'app' }] },
    ],
    [
      'gives a failed version its new database before it starts again',
      { status: 'failed', services: STOPPED, isResetting: true, areHooksDue: true },
      { kind: 'reset' },
    ],
    [
      'runs the hooks of a failed version before it starts again',
      { status: 'failed', services: STOPPED, areHooksDue: true },
      { kind: 'run-hooks', deploymentId: 'dep_2' },
    ],
    [
      'leaves hooks alone that failed',
      { areHooksDue: true, hasFailed: true },
      { kind: 'settle', remove: [], again: null },
    ],
    [
      'rolls out a version that was built after a failure',
      { status: 'failed', desired: { id: 'dep_3', status: 'deploying' }, services: STOPPED, hasFailed: true },
      {
        kind: 'roll-out',
        deploymentId: 'dep_3',
        after: [{ deploymentId: 'dep_2', container: 'app' }],
        remove: [],
      },
    ],
    [
      'starts the container that is missing of a version that otherwise runs',
      {
        liveContainers: ['app', 'api'],
        services: [{ deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 1, isHeld: false }],
      },
      { kind: 'resume', deploymentId: 'dep_2', after: [{ deploymentId: 'dep_2', container: 'api' }] },
    ],
    [
      'leaves a version alone of which all containers run',
      {
        liveContainers: ['app', 'api'],
        services: ['app', 'api'].map((container) => ({
          ...{ deploymentId: 'dep_2', container, drainUntil: null, replicas: 1, isHeld: false },
        })),
      },
      { kind: 'settle', remove: [], again: null },
    ],
    [
      'waits for every container to stop before it is paused',
      {
        status: 'pausing',
        desiredState: 'paused',
        liveContainers: ['app', 'api'],
        services: [
          { deploymentId: 'dep_2', container: 'app', drainUntil: null, replicas: 0, isHeld: false },
          { deploymentId: 'dep_2', container: 'api', drainUntil: null, replicas: 1, isHeld: false },
        ],
      },
      { kind: 'stop' },
    ],
    ['does not start a container whose restart is held back', { services: HELD }, SETTLED],
    [
      'removes a failed version while a container of the live one is held back',
      {
        desired: { id: 'dep_3', status: 'failed' },
        services: [...HELD, { ...RUNNING, deploymentId: 'dep_3' }],
      },
      { kind: 'settle', remove: ['dep_3'], again: null },
    ],
    [
      'starts a held container with its environment',
      { status: 'resuming', services: HELD },
      { kind: 'resume', deploymentId: 'dep_2', after: [{ deploymentId: 'dep_2', container: 'app' }] },
    ],
    [
      'resets the database of a version that does not run',
      { services: STOPPED, isResetting: true },
      { kind: 'reset' },
    ],
    ['resets the database on request', { isResetting: true }, { kind: 'reset' }],
  ])('%s', (_name, over, step) => {
    expect(planEnvironment(facts(over), 1_000)).toEqual(step);
  });
});
