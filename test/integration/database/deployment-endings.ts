import {
  cancelQueued,
  deleteProject,
  expireEnvironment,
  failBuild,
  failRollout,
  recordDestroyed,
  rollBack,
  supersedeBuild,
} from '@nexos/state';
import { DeploymentFailure, NO_COMMIT } from '@nexos/domain';
import { at, push, API_ACTOR } from '../../support/rows.js';
import type { DeploymentFixture } from './deployment-fixture.js';

export const EXITED = new DeploymentFailure('app_exited', 'It exited.');
const STEP_FAILED = new DeploymentFailure('build_step_failed', 'It failed.');
const LOST = new DeploymentFailure('builder_lost', 'It was lost.');

/** A way in which a deployment ends. */
interface Ending {
  readonly name: string;
  /** Prepares a deployment; returns its id and the function that ends it. */
  readonly prepare: (fixture: DeploymentFixture) => Promise<{ id: string; end: () => Promise<unknown> }>;
  readonly expected: { from: string; to: string; actor: string; reason: string };
  readonly counted: Record<string, number>;
}

const FAILED = { to: 'failed', actor: 'system' };
const REPLACED = { from: 'live', to: 'replaced', actor: 'system' };
const SUPERSEDED = { to: 'superseded', actor: 'system', reason: 'newer_deployment' };
const CANCELLED = { to: 'cancelled', actor: API_ACTOR, reason: 'requested' };
const WITH_ENVIRONMENT = { to: 'cancelled', actor: API_ACTOR, reason: 'environment_destroyed' };
const ROLLED_BACK = { to: 'superseded', actor: API_ACTOR, reason: 'rollback' };

/** Endings that are possible in every status of a deployment in progress. */
const IN_PROGRESS = (['queued', 'building', 'deploying'] as const).flatMap((from): Ending[] => [
  {
    name: `a cancellation while ${from}`,
    prepare: async (fixture) => {
      const id = await fixture.reach(from);
      return { id, end: () => fixture.cancel(id) };
    },
    expected: { ...CANCELLED, from },
    counted: { cancelled: 1 },
  },
  {
    name: `the destruction of its environment while ${from}`,
    prepare: async (fixture) => ({ id: await fixture.reach(from), end: () => fixture.destroy() }),
    expected: { ...WITH_ENVIRONMENT, from },
    counted: { cancelled: 1 },
  },
  {
    name: `a rollback while ${from}`,
    prepare: async (fixture) => {
      const first = await fixture.reach('live');
      await fixture.reach('live');
      const id = await fixture.reach(from);
      const end = () =>
        fixture.run((transaction) => rollBack(transaction, fixture.environmentId, first, API_ACTOR));
      return { id, end };
    },
    expected: { ...ROLLED_BACK, from },
    counted: { superseded: 1 },
  },
]);

export const ENDINGS: readonly Ending[] = [
  ...IN_PROGRESS,
  {
    name: 'a failed build',
    prepare: async (fixture) => {
      const id = await fixture.reach('building');
      return {
        id,
        end: () => fixture.run((transaction) => failBuild(transaction, fixture.held(id), STEP_FAILED)),
      };
    },
    expected: { ...FAILED, from: 'building', reason: 'build_step_failed' },
    counted: { failed: 1 },
  },
  {
    name: 'the loss of the last builder',
    prepare: async (fixture) => {
      const id = await fixture.reach('building');
      await fixture.loseBuilder(id);
      await fixture.claim(id, 2);
      await fixture.loseBuilder(id);
      const options = { leaseIsOver: true };
      const end = () =>
        fixture.run((transaction) => failBuild(transaction, fixture.held(id, 2), LOST, options));
      return { id, end };
    },
    expected: { ...FAILED, from: 'building', reason: 'builder_lost' },
    counted: { failed: 1 },
  },
  {
    name: 'a failed rollout',
    prepare: async (fixture) => {
      const id = await fixture.reach('deploying');
      await fixture.lease();
      return {
        id,
        end: () => fixture.run((transaction) => failRollout(transaction, fixture.rollout(id), EXITED)),
      };
    },
    expected: { ...FAILED, from: 'deploying', reason: 'app_exited' },
    counted: { failed: 1 },
  },
  {
    name: 'a newer version going live',
    prepare: async (fixture) => {
      const id = await fixture.reach('live');
      const newer = await fixture.reach('deploying');
      return { id, end: () => fixture.rollOut(newer) };
    },
    expected: { ...REPLACED, reason: 'newer_deployment' },
    counted: { live: 1, replaced: 1 },
  },
  {
    name: 'the completed destruction of its environment',
    prepare: async (fixture) => {
      const id = await fixture.reach('live');
      await fixture.destroy();
      return {
        id,
        end: () => fixture.run((transaction) => recordDestroyed(transaction, fixture.rollout(id))),
      };
    },
    expected: { ...REPLACED, reason: 'environment_destroyed' },
    counted: { replaced: 1 },
  },
  {
    name: 'a move of its project to another repository',
    prepare: async (fixture) => {
      const id = await fixture.reach('queued');
      const cause = { actor: API_ACTOR, reason: 'repository_changed' } as const;
      return {
        id,
        end: () => fixture.run((transaction) => cancelQueued(transaction, fixture.project.id, cause)),
      };
    },
    expected: { ...CANCELLED, from: 'queued', reason: 'repository_changed' },
    counted: { cancelled: 1 },
  },
  {
    name: 'the deletion of its branch',
    prepare: async (fixture) => {
      const id = await fixture.reach('building');
      return { id, end: () => push(fixture.unitOfWork, fixture.project, { after: NO_COMMIT, at: at(50) }) };
    },
    expected: { ...WITH_ENVIRONMENT, from: 'building', actor: 'github' },
    counted: { cancelled: 1 },
  },
  {
    name: 'the deletion of its project',
    prepare: async (fixture) => {
      const id = await fixture.reach('building');
      return {
        id,
        end: () => fixture.run((transaction) => deleteProject(transaction, fixture.project.id, API_ACTOR)),
      };
    },
    expected: { ...WITH_ENVIRONMENT, from: 'building' },
    counted: { cancelled: 1 },
  },
  {
    name: 'the expiry of its environment',
    prepare: async (fixture) => {
      const id = await fixture.reach('queued');
      await fixture.expire();
      return {
        id,
        end: () => fixture.run((transaction) => expireEnvironment(transaction, fixture.environmentId)),
      };
    },
    expected: { ...WITH_ENVIRONMENT, from: 'queued', actor: 'system' },
    counted: { cancelled: 1 },
  },
  {
    name: 'a newer push before its build',
    prepare: async (fixture) => ({
      id: await fixture.reach('queued'),
      end: () => push(fixture.unitOfWork, fixture.project, { after: 'f'.repeat(40), at: at(50) }),
    }),
    expected: { ...SUPERSEDED, from: 'queued', actor: 'github' },
    counted: { superseded: 1 },
  },
  {
    name: 'a newer push that waited during its build',
    prepare: async (fixture) => {
      const id = await fixture.reach('building');
      await fixture.reach('queued');
      const end = () => fixture.run((transaction) => supersedeBuild(transaction, fixture.environmentId, 0));
      return { id, end };
    },
    expected: { ...SUPERSEDED, from: 'building' },
    counted: { superseded: 1 },
  },
  {
    name: 'a newer build during its rollout',
    prepare: async (fixture) => {
      const id = await fixture.reach('deploying');
      const newer = await fixture.reach('building');
      return { id, end: () => fixture.build(newer) };
    },
    expected: { ...SUPERSEDED, from: 'deploying' },
    counted: { superseded: 1 },
  },
];
