import { type DeploymentEntity } from '@nexos/database';
import { type Container } from '@nexos/settings';

/** Returns the image of a container of a version: its own, or the app's; null when it has none. */
export function imageOf(
  { imageId, containerImageIds }: Pick<DeploymentEntity, 'imageId' | 'containerImageIds'>,
  { index }: Pick<Container, 'index'>,
): string | null {
  return index === 0 ? imageId : (containerImageIds[index - 1] ?? imageId);
}
