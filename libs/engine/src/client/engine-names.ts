import { randomBytes } from 'node:crypto';

/** The longest name that is also one DNS label (RFC 1035, section 2.3.4). */
const MAX_NAME = 63;
const DNS_LABEL = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** The Swarm service of a deployment, which is also its name in the DNS of its project's network. */
export function serviceName(instance: string, deploymentId: string): string {
  return nameOf(instance, deploymentId);
}

/** The service of that kind that a project's environments share. */
export function sharedServiceName(instance: string, projectId: string, kind: string): string {
  return nameOf(instance, `${projectId}-${kind}`);
}

/** Its volume; without a suffix the name is the service's own. */
export function sharedVolumeName(
  instance: string,
  projectId: string,
  kind: string,
  suffix: string | null,
): string {
  const name = sharedServiceName(instance, projectId, kind);
  return suffix === null ? name : `${name}-${suffix}`;
}

/** The service of a one-off job of that kind on behalf of an environment or a deployment. */
export function jobName(instance: string, ownerId: string, kind: string): string {
  return nameOf(instance, `${ownerId}-${kind}`);
}

/** The overlay network of a project. */
export function networkName(instance: string, projectId: string): string {
  return nameOf(instance, projectId);
}

/**
 * A new tag for a deployment's image. Half of it is random: whoever knows an image's name can build `FROM` it,
 * and one project's image is none of another project's business. Find images by label, not by tag.
 */
export function newImageTag(instance: string, deploymentId: string): string {
  return `nexos-${instance}/${dashed(deploymentId)}:${randomBytes(16).toString('hex')}`;
}

function nameOf(instance: string, id: string): string {
  const name = `nexos-${instance}-${dashed(id)}`;
  if (name.length > MAX_NAME || !DNS_LABEL.test(name)) throw new RangeError(`"${name}" is no DNS label`);
  return name;
}

/** Ids hold `_`, which a DNS label may not. */
function dashed(id: string): string {
  return id.replaceAll('_', '-').toLowerCase();
}
