import { comparePush, newId } from '@nexos/domain';
import {
  type BranchEntity,
  postgresErrorCode,
  type ProjectEntity,
  runPrepared,
  type UnitOfWork,
} from '@nexos/database';
import { deploymentSettings } from '@nexos/settings';
import type { DataSource } from 'typeorm';
import { isDeployedByPush, mayBeOlderThanSeen, type BranchMove } from '../branches/take-push.js';
import type { Commit } from '../deployments/transitions/queue.js';
import { LOOK_AT_PUSHES, TAKE_PUSHES } from './push-statements.js';

/** Somebody else was busy with the same rows: with a deployment that waits, or in another order. */
const CROSSED = ['23505', '40P01'];

/** A delivery of a push to a branch. */
export interface DeliveredPush {
  readonly deliveryId: string;
  readonly repository: string;
  readonly installationId: string | null;
  readonly move: BranchMove & { readonly commit: Commit };
}

interface Row extends SeenProject, SeenBranch {
  /** Which push this was seen for, from 1 on. */
  readonly at: number;
  readonly projectId: string;
  /** JavaScript's dates end at the millisecond. */
  readonly askedAtToTheDigit: string | null;
  readonly branchId: string | null;
  readonly environmentId: string | null;
  readonly latestDeploymentId: string | null;
}

type SeenBranch = Pick<BranchEntity, 'headSha' | 'beforeSha' | 'pushedAt' | 'inDoubtSince' | 'askedAt'>;
type SeenProject = Pick<
  ProjectEntity,
  'settings' | 'installationId' | 'autoDeploy' | 'branchInclude' | 'branchExclude'
>;

/**
 * Takes pushes of the kind that is by far the most common, however many, with two questions to Postgres rather than with
 * a dozen for each: one project names the repository, its branch has an environment, and the push follows on what is
 * known. They are looked at first, and then each is taken on the condition that all is still as it was seen.
 *
 * @returns false for one that is not that simple, or not any more: nothing was changed for it, and it is to be taken
 *   step by step
 */
export async function takePushesAtOnce(
  dataSource: DataSource,
  unitOfWork: UnitOfWork,
  pushes: readonly DeliveredPush[],
): Promise<boolean[]> {
  const seen = await lookAt(dataSource, pushes);
  const deployments = new Map<DeliveredPush, string>();
  const simple: object[] = [];
  const branches = new Set<string>();
  pushes.forEach((push, at) => {
    const row = seen[at];
    // A second push to the branch would follow on the first one.
    if (row?.branchId == null || branches.has(row.branchId) || !isSimple(row, push)) return;
    branches.add(row.branchId);
    const deploymentId = newId('deployment');
    deployments.set(push, deploymentId);
    simple.push(toTake(row, push, deploymentId));
  });
  if (simple.length === 0) return pushes.map(() => false);
  const taken = await take(unitOfWork, simple);
  return pushes.map((push) => taken.has(deployments.get(push) ?? ''));
}

/** What is known for each push; null where no project, or more than one, names its repository. */
async function lookAt(dataSource: DataSource, pushes: readonly DeliveredPush[]): Promise<(Row | null)[]> {
  const rows = await runPrepared<Row>(dataSource, LOOK_AT_PUSHES, [
    pushes.map(({ repository }) => repository.toLowerCase()),
    pushes.map(({ move }) => move.branch),
  ]);
  const seen = new Map<number, Row | null>();
  for (const row of rows) seen.set(row.at, seen.has(row.at) ? null : row);
  return pushes.map((_, index) => seen.get(index + 1) ?? null);
}

/** @returns the ids of the deployments that are queued now */
async function take(unitOfWork: UnitOfWork, pushes: readonly object[]): Promise<Set<string>> {
  try {
    const rows = await unitOfWork.runStatement(TAKE_PUSHES, [JSON.stringify(pushes, wholeCharacters)]);
    const builds = rows.filter(({ job }) => job.queue === 'build');
    return new Set(builds.map(({ job }) => (job.payload as { deploymentId: string }).deploymentId));
  } catch (error) {
    if (CROSSED.includes(postgresErrorCode(error) ?? '')) return new Set();
    throw error;
  }
}

/** Half of a surrogate pair is no character: text parameters are sent with U+FFFD for it, and jsonb would refuse it. */
function wholeCharacters(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value;
}

/** A push and what was seen of its branch, as TAKE_PUSHES wants them. */
function toTake(row: Row, { deliveryId, repository, move }: DeliveredPush, deploymentId: string): object {
  return {
    delivery_id: deliveryId,
    repository,
    branch: move.branch,
    project_id: row.projectId,
    branch_id: row.branchId,
    environment_id: row.environmentId,
    seen_head: row.headSha,
    seen_before: row.beforeSha,
    seen_asked_at: row.askedAtToTheDigit,
    seen_deployment_id: row.latestDeploymentId,
    deployment_id: deploymentId,
    after_sha: move.after,
    before_sha: move.before ?? row.headSha,
    pushed_at: move.pushedAt,
    message: move.commit.message,
    author: move.commit.author,
    spec: deploymentSettings(row.settings),
  };
}

function isSimple(row: Row, { move, installationId }: DeliveredPush): boolean {
  if (row.environmentId === null || row.inDoubtSince !== null) return false;
  if (installationId !== null && row.installationId !== installationId) return false;
  const head = { sha: row.headSha, before: row.beforeSha, pushedAt: row.pushedAt };
  return (
    isDeployedByPush(row, move.branch) &&
    comparePush(head, move) === 'newer' &&
    !mayBeOlderThanSeen(row, move)
  );
}
