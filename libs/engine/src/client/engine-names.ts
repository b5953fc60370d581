import { randomBytes } from 'node:crypto';

/** The longest DNS label (RFC 1035, section 2.3.4). */
const MAX_NAME = 63;
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/**
 * Names the Swarm service of a container of a deployment; also its DNS name on its project's network.
 *
 * @param moves how often the deployment has moved to another node
 * @param index the container's place among those of the deployment; its name may be too long for a DNS label
 */
export function serviceName(instance: string, deploymentId: string, moves: number, index = 0): string {
  const moved = moves === 0 ? deploymentId : `${deploymentId}-${moves}`;
  return nameOf(instance, index === 0 ? moved : `${moved}-c${index}`);
}

/** Names the service of the given kind that a project's environments share. */
export function sharedServiceName(instance: string, projectId: string, kind: string): string {
  return nameOf(instance, `${projectId}-${kind}`);
}

/** Names the volume of a shared service; without a suffix it has the service's name. */
export function sharedVolumeName(
  instance: string,
  projectId: string,
  kind: string,
  suffix: string | null,
): string {
  const name = sharedServiceName(instance, projectId, kind);
  return suffix === null ? name : `${name}-${suffix}`;
}

/** Names the service of a one-off job of the given kind for an environment or a deployment. */
export function jobName(instance: string, ownerId: string, kind: string): string {
  return nameOf(instance, `${ownerId}-${kind}`);
}

/** Names the overlay network of a project, or of a deployment with several containers. */
export function networkName(instance: string, ownerId: string): string {
  return nameOf(instance, ownerId);
}

/** Names the bridge network over which the ingress reaches a project's containers. */
export function bridgeName(instance: string, projectId: string): string {
  return nameOf(instance, `${projectId}-edge`);
}

/** Names the service of a project's relay, through which the ingress reaches what is not on the project's bridge. */
export function relayName(instance: string, projectId: string): string {
  return nameOf(instance, `${projectId}-relay`);
}

/**
 * Makes a new tag for a deployment's image. Half of it is random, because anyone who knows an image's name can build
 * `FROM` it, and projects must not see each other's images. Find images by label, not by tag.
 */
export function newImageTag(instance: string, deploymentId: string): string {
  return `nexos-${instance}/${dashed(deploymentId)}:${randomBytes(16).toString('hex')}`;
}

function nameOf(instance: string, id: string): string {
  const name = `nexos-${instance}-${dashed(id)}`;
  if (name.length > MAX_NAME || !DNS_LABEL.test(name)) throw new RangeError(`"${name}" is not a DNS label`);
  return name;
}

/** Replaces `_`, which ids contain and DNS labels forbid. */
function dashed(id: string): string {
  return id.replaceAll('_', '-').toLowerCase();
}
