import { type DeploymentService } from '@nexos/engine';

/** Returns the deployments that have two services of the same container: one that moves to another node, or has moved. */
export function doubledDeployments(services: readonly DeploymentService[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const doubled = new Set<string>();
  for (const { deploymentId, container } of services) {
    const key = `${deploymentId} ${container}`;
    if (seen.has(key)) doubled.add(deploymentId);
    seen.add(key);
  }
  return doubled;
}
