/** Stable codes of failed deployments; clients may branch on them. */
export const FAILURE_CODES = [
  'repository_unreachable',
  'repository_access_denied',
  'commit_not_found',
  'branch_not_found',
  'config_invalid',
  'context_not_found',
  'context_too_large',
  'file_name_invalid',
  'dockerfile_missing',
  'dockerfile_invalid',
  'build_source_forbidden',
  'base_image_unavailable',
  'build_step_failed',
  'push_failed',
  'build_timeout',
  'image_too_large',
  'image_limit',
  'builder_lost',
  'quota_exceeded',
  'image_missing',
  'secrets_unreadable',
  'variables_invalid',
  'service_not_ready',
  'hook_failed',
  'no_capacity',
  'app_exited',
  'app_not_answering',
  'app_unhealthy',
  'disk_full',
  'engine_unavailable',
  'internal_error',
] as const;
export type FailureCode = (typeof FAILURE_CODES)[number];

/**
 * Why a deployment ended `failed`: a stable code, and a message that says what happened and what to do. Users see the
 * message, so it contains no secret, no path of this machine and no internal address.
 */
export class DeploymentFailure extends Error {
  constructor(
    readonly code: FailureCode,
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options);
    this.name = 'DeploymentFailure';
  }
}
