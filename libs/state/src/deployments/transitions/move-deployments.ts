import { type DeploymentStatus, deploymentStatusesBefore } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
import { endBuilds } from '../../build-usage/end-builds.js';
import {
  changeStatus,
  type Moved,
  type StatusChange,
  type StatusTable,
} from '../../transitions/change-status.js';

const DEPLOYMENTS: StatusTable = {
  table: 'deployments',
  alias: 'deployment',
  event: { of: 'deployment', type: 'status', subject: 'id' },
};

const ENDED = 'finished_at = now(), lease_until = NULL';
/** The columns to set with each status. */
const COLUMNS: Readonly<Record<Exclude<DeploymentStatus, 'queued'>, string>> = {
  building: 'started_at = coalesce(deployment.started_at, now())',
  deploying: 'lease_until = NULL',
  live: 'live_at = now()',
  replaced: ENDED,
  failed: ENDED,
  cancelled: ENDED,
  superseded: ENDED,
};

interface DeploymentMove extends Omit<StatusChange<DeploymentStatus>, 'to' | 'from'> {
  /** Narrows the statuses that the state machine allows. */
  readonly from?: readonly DeploymentStatus[];
  /** Also includes deployments already in the status, without recording an event. */
  readonly orAlready?: boolean;
  /** Whether the builder itself ends its build, which has then run until now. */
  readonly byBuilder?: boolean;
}

/**
 * Moves deployments to another status, if the state machine allows it, and sets the status's timestamp. The runs of builds
 * that this ends are metered.
 *
 * @returns the moved deployments; if one is missing, another transaction moved it first, and the caller has nothing
 *   left to do for it
 */
export async function moveDeployments(
  transaction: Transaction,
  to: keyof typeof COLUMNS,
  { from, orAlready = false, byBuilder = false, set, ...move }: DeploymentMove,
): Promise<Moved<DeploymentStatus>[]> {
  const allowed = deploymentStatusesBefore(to).filter((status) => from?.includes(status) ?? true);
  const moved = await changeStatus(transaction, DEPLOYMENTS, {
    ...move,
    to,
    from: orAlready ? [...allowed, to] : allowed,
    set: set === undefined ? COLUMNS[to] : `${COLUMNS[to]}, ${set}`,
  });
  const ended = to === 'building' ? [] : moved.filter((deployment) => deployment.from === 'building');
  await endBuilds(
    transaction,
    ended.map(({ id }) => id),
    byBuilder,
  );
  return moved;
}
