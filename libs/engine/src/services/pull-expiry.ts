import type Docker from 'dockerode';
import { LABELS, type Labels } from '../client/engine-labels.js';
import { PULL_SECONDS, type RegistryAccess } from '../images/registry-access.js';

/** Returns the reference of a service's image. */
export function imageOf({ TaskTemplate: task }: Docker.ServiceSpec): string {
  return (task as Docker.ContainerTaskSpec | undefined)?.ContainerSpec?.Image ?? '';
}

/** Notes on a service how long the token lasts with which nodes pull its image. Tasks do not restart for it. */
export function withPullExpiry(
  spec: Docker.ServiceSpec,
  access: RegistryAccess,
  now = Date.now(),
): Docker.ServiceSpec {
  if (!access.hasToken(imageOf(spec), spec.Labels)) return spec;
  const until = String(Math.floor(now / 1000) + PULL_SECONDS);
  return { ...spec, Labels: { ...spec.Labels, [LABELS.pullUntil]: until } };
}

/** Reports whether a service needs a new token: less than half of its life is left. */
export function needsNewToken(
  spec: Docker.ServiceSpec | undefined,
  access: RegistryAccess,
  now = Date.now(),
): boolean {
  if (spec === undefined || !access.hasToken(imageOf(spec), spec.Labels)) return false;
  const until = Number((spec.Labels as Labels)[LABELS.pullUntil] ?? 0);
  return until - now / 1000 < PULL_SECONDS / 2;
}
