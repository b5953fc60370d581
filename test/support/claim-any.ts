import { claimBuild } from '@nexos/state';
import type { DeploymentEntity, UnitOfWork } from '@nexos/database';

/** Claims this build in its own transaction, whosever turn it is and whatever the limit of its account; see `claimBuild`. */
export function claimAny(
  unitOfWork: UnitOfWork,
  deploymentId: string,
  leaseMs = 60_000,
  quietMs = 0,
): Promise<DeploymentEntity | null> {
  return unitOfWork.run((transaction) => claimBuild(transaction, deploymentId, leaseMs, quietMs));
}
