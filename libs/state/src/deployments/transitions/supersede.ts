import { limitsOf, type OwnLimits, type PlanName, systemCause } from '@nexos/domain';
import type { Transaction } from '@nexos/database';
import { excessOfBuildMinutes } from '../../build-usage/build-minutes-excess.js';
import { lockEnvironment } from '../../environments/lock-environment.js';
import { findStartableBuilds } from '../waiting-accounts.js';
import { moveDeployments } from './move-deployments.js';
import { enqueueNextBuild } from './queue.js';
import { takePlace } from './take-place.js';

/** A build that has begun, and the newer deployment that waits behind it. */
interface OutdatedBuild {
  readonly olderId: string;
  readonly newerId: string;
  readonly accountId: string;
  readonly plan: PlanName;
  readonly ownLimits: OwnLimits;
}

/**
 * Supersedes the running build of an environment, if a newer deployment has waited behind it for long enough and would be the
 * next to be built. Otherwise the build goes on: its environment would wait for a build while others have their turn, or get none
 * at all without build minutes. Its builder notices when it next renews its lease.
 */
export async function supersedeBuild(
  transaction: Transaction,
  environmentId: string,
  waitedMs: number,
): Promise<boolean> {
  const { manager } = transaction;
  await lockEnvironment(manager, environmentId);
  const build = await findOutdated(transaction, environmentId, waitedMs);
  if (build === null || !(await hasMinutes(transaction, build))) return false;
  const [next] = await findStartableBuilds(manager, { quietMs: waitedMs, endedId: build.olderId }, 1);
  return next?.id === build.newerId && (await supersede(transaction, environmentId, build));
}

/**
 * Supersedes a build whose builder was lost, if a newer deployment waits behind it and the account has build minutes left. Call
 * it with the environment locked.
 */
export async function supersedeLostBuild(transaction: Transaction, environmentId: string): Promise<boolean> {
  const build = await findOutdated(transaction, environmentId, 0);
  if (build === null || !(await hasMinutes(transaction, build))) return false;
  return supersede(transaction, environmentId, build);
}

/** The environment is locked, so that the deployment which waits is still waiting when the build is superseded. */
async function findOutdated(
  { manager }: Transaction,
  environmentId: string,
  waitedMs: number,
): Promise<OutdatedBuild | null> {
  const [build] = await manager.query<OutdatedBuild[]>(
    `SELECT older.id AS "olderId", newer.id AS "newerId", account.id AS "accountId", account.plan,
       account.limits AS "ownLimits"
     FROM deployments newer
     JOIN deployments older ON older.environment_id = newer.environment_id AND older.status = 'building'
     JOIN projects project ON project.id = newer.project_id
     JOIN accounts account ON account.id = project.account_id
     WHERE newer.environment_id = $1 AND newer.status = 'queued'
       AND newer.queued_at <= now() - make_interval(secs => $2 / 1000.0)`,
    [environmentId, waitedMs],
  );
  return build ?? null;
}

async function hasMinutes(
  { manager }: Transaction,
  { accountId, plan, ownLimits }: OutdatedBuild,
): Promise<boolean> {
  const account = { id: accountId, limits: limitsOf(plan, ownLimits) };
  return (await excessOfBuildMinutes(manager, account)) === null;
}

async function supersede(
  transaction: Transaction,
  environmentId: string,
  { olderId, newerId }: OutdatedBuild,
): Promise<boolean> {
  const moved = await moveDeployments(transaction, 'superseded', {
    from: ['building'],
    where: 'deployment.id = :olderId',
    parameters: { olderId },
    cause: systemCause('newer_deployment'),
    data: { by: newerId },
  });
  if (moved.length === 0) return false;
  await takePlace(transaction.manager, newerId, olderId);
  await enqueueNextBuild(transaction, environmentId);
  return true;
}
