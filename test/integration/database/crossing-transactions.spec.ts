import {
  deleteProject,
  destroyEnvironment,
  failBuild,
  finishBuild,
  finishRollout,
  recordPaused,
  recordPausing,
  recordResumed,
  recordResuming,
} from '@nexos/state';
import { type Transaction } from '@nexos/database';
import { DeploymentFailure } from '@nexos/domain';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { claimAny } from '../../support/claim-any.js';
import { TestDatabase } from '../../support/database.js';
import { eventually } from '../../support/eventually.js';
import {
  insertProject,
  createQueuedDeployment,
  BY_REQUEST,
  deploymentsOf,
  environmentsOf,
  API_ACTOR,
} from '../../support/rows.js';

const IMAGE = {
  imageId: 'sha256:1',
  containerImageIds: [],
  seedImageId: null,
  hookImageId: null,
  nodeId: 'node',
};
const FAILURE = new DeploymentFailure('build_step_failed', 'It failed.');
const EPOCH = '1';
let database: TestDatabase;
beforeAll(async () => {
  database = await TestDatabase.create(inject('system'));
});
afterAll(() => database.drop());

let project: Awaited<ReturnType<typeof insertProject>>;
let environmentId: string;
beforeEach(async () => {
  project = await insertProject(database.dataSource.manager);
});

async function building(number: number): Promise<string> {
  const deployment = await createQueuedDeployment(database, { project, number });
  environmentId = deployment.environmentId;
  expect(await claimAny(database.unitOfWork, deployment.id)).not.toBeNull();
  return deployment.id;
}
const run = <T>(work: (transaction: Transaction) => Promise<T>) => database.unitOfWork.run(work);
const held = (deploymentId: string) => ({ deploymentId, environmentId, attempt: 1 });
const statuses = async () => (await deploymentsOf(database, project.id)).map(({ status }) => status);

/**
 * Runs `first` and `second` so that they cross: `second` begins once `first` has locked the environment, which is
 * its own first step anyway, and `first` goes on once `second` waits for a lock.
 */
function cross<A, B>(
  first: (transaction: Transaction) => Promise<A>,
  second: (transaction: Transaction) => Promise<B>,
): Promise<[A, B]> {
  const lock = (transaction: Transaction) =>
    transaction.manager.query('SELECT 1 FROM environments WHERE id = $1 FOR UPDATE', [environmentId]);
  return interleave(lock, first, second);
}

/** Starts `second` once `first` has done everything but commit; `first` commits once `second` waits for a lock. */
function overtake<A, B>(
  first: (transaction: Transaction) => Promise<A>,
  second: (transaction: Transaction) => Promise<B>,
): Promise<[A, B]> {
  return interleave(first, (_, result) => Promise.resolve(result), second);
}

/** Starts `second` between two steps of one transaction; `next` begins once `second` waits for a lock. */
async function interleave<T, A, B>(
  step: (transaction: Transaction) => Promise<T>,
  next: (transaction: Transaction, result: T) => Promise<A>,
  second: (transaction: Transaction) => Promise<B>,
): Promise<[A, B]> {
  let begin: () => void = () => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const one = run(async (transaction) => {
    const result = await step(transaction);
    begin();
    await untilAnotherWaits();
    return next(transaction, result);
  });
  await Promise.race([begun, one]);
  return Promise.all([one, run(second)]);
}

function untilAnotherWaits(): Promise<true> {
  return eventually('the other transaction to wait', async () => {
    const waiting = await database.rows(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return waiting.length > 0 ? true : undefined;
  });
}

describe('finishRollout', () => {
  it('does not deadlock with a newer build that finishes at the same moment', async () => {
    const older = await building(1);
    await run((transaction) => finishBuild(transaction, held(older), IMAGE));
    const newer = await building(2);
    await database.dataSource.query(
      `UPDATE environments SET lease_epoch = $2, lease_until = now() + interval '1 minute' WHERE id = $1`,
      [environmentId, EPOCH],
    );
    const rollout = { deploymentId: older, environmentId, epoch: EPOCH };
    const [rolledOut, built] = await cross(
      (transaction) => finishRollout(transaction, rollout, 0),
      (transaction) => finishBuild(transaction, held(newer), IMAGE),
    );
    expect([rolledOut, built]).toEqual([true, true]);
    expect(await statuses()).toEqual(['live', 'deploying']);
  });
});

describe('destroyEnvironment', () => {
  it('does not deadlock with a build of the environment that finishes at the same moment', async () => {
    const deployment = await building(1);
    const [destroyed, built] = await cross(
      (transaction) => destroyEnvironment(transaction, environmentId, BY_REQUEST),
      (transaction) => finishBuild(transaction, held(deployment), IMAGE),
    );
    expect([destroyed, built]).toEqual([true, false]);
    expect(await statuses()).toEqual(['cancelled']);
  });

  it('does not deadlock with a build of the environment that fails at the same moment', async () => {
    const deployment = await building(1);
    const [destroyed, failed] = await cross(
      (transaction) => destroyEnvironment(transaction, environmentId, BY_REQUEST),
      (transaction) => failBuild(transaction, held(deployment), FAILURE),
    );
    expect([destroyed, failed]).toEqual([true, false]);
    expect(await statuses()).toEqual(['cancelled']);
  });
});

/** Status changes that a worker may be about to commit when the environment is destroyed. */
describe.each<[string, (transaction: Transaction) => Promise<boolean>, string]>([
  [
    'goes live',
    async (transaction) => {
      const [deployment] = await deploymentsOf(database, project.id);
      const rollout = { deploymentId: deployment?.id ?? '', environmentId, epoch: EPOCH };
      return finishRollout(transaction, rollout, 0);
    },
    `status = 'pending'`,
  ],
  [
    'is recorded as pausing',
    (transaction) => recordPausing(transaction, { environmentId, epoch: EPOCH }),
    `status = 'running', desired_state = 'paused'`,
  ],
  [
    'is recorded as paused',
    (transaction) => recordPaused(transaction, { environmentId, epoch: EPOCH }),
    `status = 'pausing', desired_state = 'paused'`,
  ],
  [
    'is recorded as resuming',
    (transaction) => recordResuming(transaction, { environmentId, epoch: EPOCH }),
    `status = 'paused', desired_state = 'running'`,
  ],
  [
    'is recorded as resumed',
    (transaction) => recordResumed(transaction, { environmentId, epoch: EPOCH }),
    `status = 'resuming', desired_state = 'running'`,
  ],
])('an environment that %s at the same moment', (_, change, state) => {
  beforeEach(async () => {
    const deployment = await building(1);
    await run((transaction) => finishBuild(transaction, held(deployment), IMAGE));
    await database.dataSource.query(
      `UPDATE environments SET lease_epoch = $2, lease_until = now() + interval '1 minute', ${state} WHERE id = $1`,
      [environmentId, EPOCH],
    );
  });
  const environment = async () => (await environmentsOf(database, project.id))[0];

  it('destroys an environment despite a concurrent status change', async () => {
    const outcomes = await overtake(change, (transaction) =>
      destroyEnvironment(transaction, environmentId, BY_REQUEST),
    );
    expect(outcomes).toEqual([true, true]);
    expect(await environment()).toMatchObject({ status: 'destroying', desiredState: 'destroyed' });
  });

  it('destroys an environment with its project despite a concurrent status change', async () => {
    await overtake(change, (transaction) => deleteProject(transaction, project.id, API_ACTOR));
    expect(await environment()).toMatchObject({ status: 'destroying', desiredState: 'destroyed' });
  });
});

describe('recordPausing', () => {
  it('records an environment as pausing that a concurrent transaction sets to running', async () => {
    await building(1);
    await database.dataSource.query(
      `UPDATE environments SET lease_epoch = $2, desired_state = 'paused', status = 'pending' WHERE id = $1`,
      [environmentId, EPOCH],
    );
    const begin = `UPDATE environments SET status = 'running' WHERE id = $1`;
    const [, isPausing] = await overtake(
      (transaction) => transaction.manager.query(begin, [environmentId]),
      (transaction) => recordPausing(transaction, { environmentId, epoch: EPOCH }),
    );
    expect(isPausing).toBe(true);
    expect((await environmentsOf(database, project.id))[0]).toMatchObject({ status: 'pausing' });
  });
});
