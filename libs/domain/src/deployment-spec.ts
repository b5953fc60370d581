/**
 * How a deployment is built and run: a copy of the project's settings taken when the deployment was queued,
 * so that a later change of settings never alters a version that runs already.
 */
export interface DeploymentSpec {
  /** Relative to the root of the repository. */
  readonly dockerfile: string;
  /** Relative to the root of the repository; `.` is the root. */
  readonly build_context: string;
  readonly build_timeout_seconds: number;
  /** The port that the app listens on, told to it as `PORT`. */
  readonly port: number;
  /** A new version gets traffic once this path answers with a status below 500. */
  readonly health_check_path: string;
  /** Cores. */
  readonly cpu: number;
  readonly memory_mb: number;
}
