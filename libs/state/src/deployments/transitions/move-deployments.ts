import { type DeploymentStatus, deploymentStatusesBefore } from '@nexos/domain';
import { type Transaction } from '@nexos/database';
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
}

/**
 * Moves deployments to another status, if the state machine allows it, and sets the status's timestamp.
 *
 * @returns the moved deployments; if one is missing, another transaction moved it first, and the caller has nothing
 *   left to do for it
 */
export function moveDeployments(
  transaction: Transaction,
  to: keyof typeof COLUMNS,
  { from, orAlready = false, set, ...move }: DeploymentMove,
): Promise<Moved<DeploymentStatus>[]> {
  const allowed = deploymentStatusesBefore(to).filter((status) => from?.includes(status) ?? true);
  return changeStatus(transaction, DEPLOYMENTS, {
    ...move,
    to,
    from: orAlready ? [...allowed, to] : allowed,
    set: set === undefined ? COLUMNS[to] : `${COLUMNS[to]}, ${set}`,
  });
}
