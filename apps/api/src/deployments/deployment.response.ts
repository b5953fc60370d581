import type { DeploymentEntity, DeploymentTrigger } from '@nexos/database';
import type { DeploymentStatus, FailureCode } from '@nexos/domain';

/** A deployment on the wire. */
export interface DeploymentResponse {
  id: string;
  project_id: string;
  environment_id: string;
  trigger: DeploymentTrigger;
  status: DeploymentStatus;
  branch: string;
  /** Null until a builder has asked where the branch stands. */
  commit_sha: string | null;
  commit_message: string | null;
  commit_author: string | null;
  url: string;
  /** The image that was built, by its digest. */
  image_digest: string | null;
  /** Why it ended `failed`: a stable code, and what to change. */
  failure: { code: FailureCode; message: string } | null;
  queued_at: string;
  started_at: string | null;
  built_at: string | null;
  live_at: string | null;
  finished_at: string | null;
}

export function toDeploymentResponse(deployment: DeploymentEntity, url: string): DeploymentResponse {
  const { failureCode, failureMessage } = deployment;
  return {
    id: deployment.id,
    project_id: deployment.projectId,
    environment_id: deployment.environmentId,
    trigger: deployment.trigger,
    status: deployment.status,
    branch: deployment.branch,
    commit_sha: deployment.commitSha,
    commit_message: deployment.commitMessage,
    commit_author: deployment.commitAuthor,
    url,
    image_digest: deployment.imageId,
    failure: failureCode === null ? null : { code: failureCode, message: failureMessage ?? '' },
    queued_at: deployment.queuedAt.toISOString(),
    started_at: deployment.startedAt?.toISOString() ?? null,
    built_at: deployment.builtAt?.toISOString() ?? null,
    live_at: deployment.liveAt?.toISOString() ?? null,
    finished_at: deployment.finishedAt?.toISOString() ?? null,
  };
}
