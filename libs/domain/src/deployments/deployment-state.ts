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

/** Whether a value is one of them. */
export function isDeploymentStatus(value: unknown): value is DeploymentStatus {
  return (DEPLOYMENT_STATUSES as readonly unknown[]).includes(value);
}

/** Which status may follow which. Whatever is not listed here never happens. */
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

/** The statuses that a deployment may be in for a move to `to`: the `ANY(…)` of its compare-and-set. */
export function deploymentStatusesBefore(to: DeploymentStatus): DeploymentStatus[] {
  return DEPLOYMENT_STATUSES.filter((from) => NEXT[from].includes(to));
}

/** Whether the deployment still has work ahead of it. */
export function isUnfinished(status: DeploymentStatus): boolean {
  return status === 'queued' || status === 'building' || status === 'deploying';
}

/** A build that dies with its builder is tried once more, on whichever builder takes it. */
export const MAX_BUILD_ATTEMPTS = 2;
