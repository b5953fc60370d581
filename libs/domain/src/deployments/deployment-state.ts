export const DEPLOYMENT_STATUSES = [
  'queued',
  'building',
  'deploying',
  'live',
  'replaced',
  'failed',
  'cancelled',
  'superseded',
] as const;
export type DeploymentStatus = (typeof DEPLOYMENT_STATUSES)[number];

/** Returns whether a value is a deployment status. */
export function isDeploymentStatus(value: unknown): value is DeploymentStatus {
  return (DEPLOYMENT_STATUSES as readonly unknown[]).includes(value);
}

/** Why a deployment is cancelled without a build. */
export const SKIP_REASONS = ['watch_paths', 'skip_mark'] as const;
export type SkipReason = (typeof SKIP_REASONS)[number];

/** The allowed transitions. */
const NEXT: Record<DeploymentStatus, readonly DeploymentStatus[]> = {
  queued: ['building', 'deploying', 'failed', 'cancelled', 'superseded'],
  building: ['deploying', 'failed', 'cancelled', 'superseded'],
  deploying: ['live', 'failed', 'cancelled', 'superseded'],
  live: ['replaced'],
  replaced: [],
  failed: [],
  cancelled: [],
  superseded: [],
};

/** Returns the statuses from which a deployment may move to `to`: the `ANY(…)` of its compare-and-set. */
export function deploymentStatusesBefore(to: DeploymentStatus): DeploymentStatus[] {
  return DEPLOYMENT_STATUSES.filter((from) => NEXT[from].includes(to));
}

/** Returns whether work on the deployment remains. */
export function isUnfinished(status: DeploymentStatus): boolean {
  return status === 'queued' || status === 'building' || status === 'deploying';
}

/** A build whose builder dies is retried once, on whichever builder claims it. */
export const MAX_BUILD_ATTEMPTS = 2;
