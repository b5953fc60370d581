import { comparePush, newId } from '@nexos/domain';
import type { DataSource } from 'typeorm';
import { isDeployedByPush, mayBeOlderThanSeen, type BranchMove } from '../branches/take-push.js';
import type { Commit } from '../deployments/queue-deployment.js';
import { specOf } from '../deployments/spec-of.js';
import type { BranchEntity } from '../entities/branch.entity.js';
import type { ProjectEntity } from '../entities/project.entity.js';
import { postgresErrorCode } from '../postgres-error-code.js';
import { runPrepared } from '../prepared-query.js';
import type { UnitOfWork } from '../unit-of-work.js';
import { LOOK_AT_PUSH, TAKE_PUSH } from './push-statements.js';

/** Something was not as it had been seen: a null where none may be, a delivery or deployment that is there already. */
const NOT_AS_SEEN = ['23502', '23505', '40P01'];

/** A delivery of a push to a branch. */
export interface DeliveredPush {
  readonly deliveryId: string;
  readonly repository: string;
  readonly installationId: string | null;
  readonly move: BranchMove & { readonly commit: Commit };
}

type Row = Pick<
  ProjectEntity,
  | 'installationId'
  | 'autoDeploy'
  | 'branchInclude'
  | 'branchExclude'
  | 'dockerfile'
  | 'buildContext'
  | 'buildTimeoutSeconds'
  | 'port'
  | 'healthCheckPath'
  | 'cpu'
  | 'memoryMb'
> &
  Pick<BranchEntity, 'headSha' | 'beforeSha' | 'pushedAt' | 'inDoubtSince' | 'askedAt'> & {
    projectId: string;
    /** JavaScript's dates end at the millisecond. */
    askedAtToTheDigit: string | null;
    branchId: string | null;
    environmentId: string | null;
    latestDeploymentId: string | null;
  };

/**
 * Takes the push that is by far the most common one with two questions to Postgres rather than with a dozen: one
 * project names the repository, its branch has an environment, and the push follows on what is known. It is looked at
 * first, and then taken on the condition that all is still as it was seen.
 *
 * @returns false when it is not that simple, or not any more: nothing was changed, and it is to be taken step by step
 */
export async function takePushAtOnce(
  dataSource: DataSource,
  unitOfWork: UnitOfWork,
  push: DeliveredPush,
): Promise<boolean> {
  const { move } = push;
  const found = await runPrepared<Row>(dataSource, LOOK_AT_PUSH, [
    push.repository.toLowerCase(),
    move.branch,
  ]);
  const [row] = found;
  if (row === undefined || found.length > 1 || !isSimple(row, push)) return false;
  try {
    const rows = await unitOfWork.runStatement(TAKE_PUSH, [
      move.after,
      move.before ?? row.headSha,
      move.pushedAt,
      row.branchId,
      row.headSha,
      row.projectId,
      row.beforeSha,
      newId('deployment'),
      row.environmentId,
      row.latestDeploymentId,
      push.deliveryId,
      push.repository,
      move.branch,
      move.commit.message,
      move.commit.author,
      JSON.stringify(specOf(row)),
      row.askedAtToTheDigit,
    ]);
    return rows.length > 0;
  } catch (error) {
    if (NOT_AS_SEEN.includes(postgresErrorCode(error) ?? '')) return false;
    throw error;
  }
}

function isSimple(row: Row, { move, installationId }: DeliveredPush): boolean {
  if (row.branchId === null || row.environmentId === null || row.inDoubtSince !== null) return false;
  if (installationId !== null && row.installationId !== installationId) return false;
  const head = { sha: row.headSha, before: row.beforeSha, pushedAt: row.pushedAt };
  return (
    isDeployedByPush(row, move.branch) &&
    comparePush(head, move) === 'newer' &&
    !mayBeOlderThanSeen(row, move)
  );
}
