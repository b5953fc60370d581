import { type DeploymentEntity, type EnvironmentEntity, type Lease } from '@nexos/database';
import { type LogWriter } from '@nexos/logs';

/** A worker's turn at one environment. */
export interface ReconcileContext {
  /** The environment as read when the current step began. */
  readonly environment: EnvironmentEntity;
  /** The environment's lease, or the execution's when a command runs beside a live version. */
  readonly lease: Lease;
  /** Aborted when the lease is lost or the process stops; another worker then continues. */
  readonly signal: AbortSignal;
}

/** A turn in which a worker starts something of a deployment. */
export interface DeploymentContext extends ReconcileContext {
  readonly deployment: DeploymentEntity;
  /** The log that the deployment's users read. */
  readonly log: LogWriter;
}

/** Names the environment and the lease epoch under which its row may be changed. */
export function heldBy({ environment, lease }: ReconcileContext): { environmentId: string; epoch: string } {
  return { environmentId: environment.id, epoch: lease.epoch };
}
