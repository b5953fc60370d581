import type { DeploymentStatus } from '../deployments/deployment-state.js';
import { durationText } from '../notifications/plain-text.js';
import { reportedSeconds, type ReportedDeployment } from './report-facts.js';

/** The states of a GitHub Deployment that Nexos uses. */
export type GithubDeploymentState = 'queued' | 'in_progress' | 'success' | 'failure' | 'inactive';

/** A status of a GitHub Deployment. */
export interface DeploymentReport {
  readonly state: GithubDeploymentState;
  readonly description: string;
  /** Null unless the URL serves it. */
  readonly environmentUrl: string | null;
}

const STATES: Readonly<Record<DeploymentStatus, readonly [GithubDeploymentState, string]>> = {
  queued: ['queued', 'Queued'],
  building: ['in_progress', 'Building'],
  deploying: ['in_progress', 'Deploying'],
  live: ['success', 'Live'],
  replaced: ['inactive', 'Replaced'],
  failed: ['failure', 'Failed'],
  cancelled: ['inactive', 'Cancelled'],
  superseded: ['inactive', 'Superseded by a newer deployment'],
};

/**
 * Returns the status of a deployment.
 *
 * @param isDestroyed whether its environment is destroyed, or being destroyed
 */
export function deploymentReport(
  deployment: ReportedDeployment,
  url: string,
  isDestroyed: boolean,
): DeploymentReport {
  if (isDestroyed)
    return { state: 'inactive', description: 'The environment is destroyed', environmentUrl: null };
  const [state, text] = STATES[deployment.status];
  const isLive = state === 'success';
  const after = isLive ? durationText(reportedSeconds(deployment)) : null;
  return {
    state,
    description: after === null ? text : `${text} after ${after}`,
    environmentUrl: isLive ? url : null,
  };
}
