import { type HealthSubject } from '@nexos/state';

/** Identifies a container of a live version. */
export function containerKey(
  { environmentId, deploymentId }: Pick<HealthSubject, 'environmentId' | 'deploymentId'>,
  { name }: { readonly name: string },
): string {
  return `${environmentId} ${deploymentId} ${name}`;
}
