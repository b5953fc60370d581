/** Which services a project's environments share. */
export interface SharedServices {
  readonly postgres: boolean;
  readonly redis: boolean;
  readonly s3: boolean;
}

/** What is run when something happens to an environment; null: nothing. Commands are lists of arguments. */
export interface Hooks {
  /** With each new version, before it gets traffic. */
  readonly on_deploy: readonly string[] | null;
  /** Once, in an environment that is new. */
  readonly on_new: readonly string[] | null;
  /** A dump that a new database begins with: a file of the commit, relative to the repository's root. */
  readonly seed: string | null;
}

/**
 * How a deployment is built and run: a copy of the project's settings taken when the deployment was queued, so that a
 * later change of settings never alters a version that runs already. When it is built, what the commit's own file says
 * is merged into it (`mergeSpec`).
 */
export interface DeploymentSpec {
  /** Relative to the root of the repository. */
  readonly dockerfile: string;
  /** Relative to the root of the repository; `.` is the root. */
  readonly build_context: string;
  readonly build_timeout_seconds: number;
  /** They can be read back from the image: no secrets. */
  readonly build_args: Readonly<Record<string, string>>;
  /** The port that the app listens on, told to it as `PORT`. */
  readonly port: number;
  /** A new version gets traffic once this path answers with a status below 500. */
  readonly health_check_path: string;
  /** Cores. */
  readonly cpu: number;
  readonly memory_mb: number;
  readonly services: SharedServices;
  /** Variables that are no secrets; those of the project win over them. */
  readonly env: Readonly<Record<string, string>>;
  readonly hooks: Hooks;
}
