import type { EnvironmentEntity } from '@nexos/database';
import {
  visibleEnvironmentStatus,
  type EnvironmentIntent,
  type DeploymentStatus,
  type VisibleEnvironmentStatus,
} from '@nexos/domain';

/** An environment on the wire. */
export interface EnvironmentResponse {
  id: string;
  project_id: string;
  branch: string;
  status: VisibleEnvironmentStatus;
  url: string;
  /** The deployment that answers at the URL; null before the first one does. */
  live_deployment_id: string | null;
  /** The newest deployment, whatever became of it. */
  latest_deployment_id: string | null;
  created_at: string;
  destroyed_at: string | null;
}

/** What an environment's row alone does not tell. */
export interface EnvironmentSurroundings {
  readonly url: string;
  readonly unfinished: readonly DeploymentStatus[];
}

function intentOf(environment: EnvironmentEntity): EnvironmentIntent {
  return {
    desiredState: environment.desiredState,
    isResetting: environment.databaseGeneration > environment.observedDatabaseGeneration,
  };
}

export function toEnvironmentResponse(
  environment: EnvironmentEntity,
  { url, unfinished }: EnvironmentSurroundings,
): EnvironmentResponse {
  return {
    id: environment.id,
    project_id: environment.projectId,
    branch: environment.branch,
    status: visibleEnvironmentStatus(environment.status, intentOf(environment), unfinished),
    url,
    live_deployment_id: environment.liveDeploymentId,
    latest_deployment_id: environment.latestDeploymentId,
    created_at: environment.createdAt.toISOString(),
    destroyed_at: environment.destroyedAt?.toISOString() ?? null,
  };
}
