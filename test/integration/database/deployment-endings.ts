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
import { at, push, SOMEBODY } from '../../support/rows.js';
import type { DeploymentsUnderWay } from './deployments-under-way.js';

export const EXITED = new DeploymentFailure('app_exited', 'It exited.');
const STEP_FAILED = new DeploymentFailure('build_step_failed', 'It failed.');
const LOST = new DeploymentFailure('builder_lost', 'It was lost.');

/** A way in which a deployment comes to its end. */
interface Ending {
  readonly name: string;
  /** Prepares everything; answers the deployment that will end, and what ends it. */
  readonly prepare: (all: DeploymentsUnderWay) => Promise<{ id: string; end: () => Promise<unknown> }>;
  readonly expected: { from: string; to: string; actor: string; reason: string };
  readonly counted: Record<string, number>;
}

const FAILED = { to: 'failed', actor: 'system' };
const REPLACED = { from: 'live', to: 'replaced', actor: 'system' };
const SUPERSEDED = { to: 'superseded', actor: 'system', reason: 'newer_deployment' };
const CANCELLED = { to: 'cancelled', actor: SOMEBODY, reason: 'requested' };
const WITH_ENVIRONMENT = { to: 'cancelled', actor: SOMEBODY, reason: 'environment_destroyed' };
const ROLLED_BACK = { to: 'superseded', actor: SOMEBODY, reason: 'rollback' };

/** Ways to end that exist in each status of a deployment on its way. */
const ON_ITS_WAY = (['queued', 'building', 'deploying'] as const).flatMap((from): Ending[] => [
  {
    name: `a request to cancel it while ${from}`,
    prepare: async (all) => {
      const id = await all.reach(from);
      return { id, end: () => all.cancel(id) };
    },
    expected: { ...CANCELLED, from },
    counted: { cancelled: 1 },
  },
  {
    name: `the end of its environment while ${from}`,
    prepare: async (all) => ({ id: await all.reach(from), end: () => all.destroy() }),
    expected: { ...WITH_ENVIRONMENT, from },
    counted: { cancelled: 1 },
  },
  {
    name: `a rollback while ${from}`,
    prepare: async (all) => {
      const first = await all.reach('live');
      await all.reach('live');
      const id = await all.reach(from);
      const end = () => all.run((transaction) => rollBack(transaction, all.environmentId, first, SOMEBODY));
      return { id, end };
    },
    expected: { ...ROLLED_BACK, from },
    counted: { superseded: 1 },
  },
]);

export const ENDINGS: readonly Ending[] = [
  ...ON_ITS_WAY,
  {
    name: 'a failed build',
    prepare: async (all) => {
      const id = await all.reach('building');
      return { id, end: () => all.run((transaction) => failBuild(transaction, all.held(id), STEP_FAILED)) };
    },
    expected: { ...FAILED, from: 'building', reason: 'build_step_failed' },
    counted: { failed: 1 },
  },
  {
    name: 'a builder that was lost for the last time',
    prepare: async (all) => {
      const id = await all.reach('building');
      await all.loseBuilder(id);
      await all.claim(id, 2);
      await all.loseBuilder(id);
      const options = { leaseIsOver: true };
      const end = () => all.run((transaction) => failBuild(transaction, all.held(id, 2), LOST, options));
      return { id, end };
    },
    expected: { ...FAILED, from: 'building', reason: 'builder_lost' },
    counted: { failed: 1 },
  },
  {
    name: 'a failed rollout',
    prepare: async (all) => {
      const id = await all.reach('deploying');
      await all.lease();
      return { id, end: () => all.run((transaction) => failRollout(transaction, all.rollout(id), EXITED)) };
    },
    expected: { ...FAILED, from: 'deploying', reason: 'app_exited' },
    counted: { failed: 1 },
  },
  {
    name: 'a newer version that goes live',
    prepare: async (all) => {
      const id = await all.reach('live');
      const newer = await all.reach('deploying');
      return { id, end: () => all.rollOut(newer) };
    },
    expected: { ...REPLACED, reason: 'newer_deployment' },
    counted: { live: 1, replaced: 1 },
  },
  {
    name: 'the last of its environment being gone',
    prepare: async (all) => {
      const id = await all.reach('live');
      await all.destroy();
      return { id, end: () => all.run((transaction) => recordDestroyed(transaction, all.rollout(id))) };
    },
    expected: { ...REPLACED, reason: 'environment_destroyed' },
    counted: { replaced: 1 },
  },
  {
    name: 'a move of its project to another repository',
    prepare: async (all) => {
      const id = await all.reach('queued');
      const cause = { actor: SOMEBODY, reason: 'repository_changed' } as const;
      return { id, end: () => all.run((transaction) => cancelQueued(transaction, all.project.id, cause)) };
    },
    expected: { ...CANCELLED, from: 'queued', reason: 'repository_changed' },
    counted: { cancelled: 1 },
  },
  {
    name: 'the deletion of its branch',
    prepare: async (all) => {
      const id = await all.reach('building');
      return { id, end: () => push(all.unitOfWork, all.project, { after: NO_COMMIT, at: at(50) }) };
    },
    expected: { ...WITH_ENVIRONMENT, from: 'building', actor: 'github' },
    counted: { cancelled: 1 },
  },
  {
    name: 'the deletion of its project',
    prepare: async (all) => {
      const id = await all.reach('building');
      return {
        id,
        end: () => all.run((transaction) => deleteProject(transaction, all.project.id, SOMEBODY)),
      };
    },
    expected: { ...WITH_ENVIRONMENT, from: 'building' },
    counted: { cancelled: 1 },
  },
  {
    name: 'the age of its environment',
    prepare: async (all) => {
      const id = await all.reach('queued');
      await all.expire();
      return { id, end: () => all.run((transaction) => expireEnvironment(transaction, all.environmentId)) };
    },
    expected: { ...WITH_ENVIRONMENT, from: 'queued', actor: 'system' },
    counted: { cancelled: 1 },
  },
  {
    name: 'a newer push before it was built',
    prepare: async (all) => ({
      id: await all.reach('queued'),
      end: () => push(all.unitOfWork, all.project, { after: 'f'.repeat(40), at: at(50) }),
    }),
    expected: { ...SUPERSEDED, from: 'queued', actor: 'github' },
    counted: { superseded: 1 },
  },
  {
    name: 'a newer push that waited while it was built',
    prepare: async (all) => {
      const id = await all.reach('building');
      await all.reach('queued');
      const end = () => all.run((transaction) => supersedeBuild(transaction, all.environmentId, 0));
      return { id, end };
    },
    expected: { ...SUPERSEDED, from: 'building' },
    counted: { superseded: 1 },
  },
  {
    name: 'a newer build while it was rolled out',
    prepare: async (all) => {
      const id = await all.reach('deploying');
      const newer = await all.reach('building');
      return { id, end: () => all.build(newer) };
    },
    expected: { ...SUPERSEDED, from: 'deploying' },
    counted: { superseded: 1 },
  },
];
