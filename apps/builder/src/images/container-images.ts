import { type DeploymentSettings, type StoredContainer } from '@nexos/settings';
import { type DeployableImage } from '@nexos/state';
import type { NewImage } from './image-limits.js';

/** What an image is made from. A Dockerfile or context that is null is the app's. */
export type ImageSource = Pick<StoredContainer, 'image' | 'dockerfile' | 'context' | 'target'>;

/** An image and the containers that run it, at least one. */
export interface SharedSource {
  readonly source: ImageSource;
  readonly containers: readonly [string, ...string[]];
}

/** Returns what the app's image is made from. */
export function appSource({ build_target: target }: DeploymentSettings): ImageSource {
  return { image: null, dockerfile: null, context: null, target };
}

/** Returns what the image of the hooks is made from; null when the app's image runs them. */
export function hookSource(settings: DeploymentSettings): ImageSource | null {
  const { target, on_deploy: onDeploy, on_new: onNew, on_rollback: onRollback } = settings.hooks;
  const hasHooks = [onDeploy, onNew, onRollback].some((command) => command !== null);
  const app = appSource(settings);
  return hasHooks && target !== null && target !== app.target ? { ...app, target } : null;
}

/** Returns what must be built beside the app's image. Containers with the same source share an image. */
export function sourcesOf({ containers }: DeploymentSettings): SharedSource[] {
  const shared = new Map<string, SharedSource>();
  for (const { name, image, dockerfile, context, target } of containers) {
    if (image === null && dockerfile === null) continue;
    const source = { image, dockerfile, context, target };
    const key = JSON.stringify(source);
    const before = shared.get(key);
    shared.set(key, { source, containers: before === undefined ? [name] : [...before.containers, name] });
  }
  return [...shared.values()];
}

/**
 * Returns the images of a deployment by their purpose.
 *
 * @param made with the app's image, which containers without one of their own run
 * @param idOf returns the id by which an image is run
 */
export function imagesOf(
  { containers }: DeploymentSettings,
  made: readonly NewImage[],
  idOf: (image: NewImage) => string,
): Omit<DeployableImage, 'nodeId' | 'seedImageId'> {
  const app = made.find((image) => image.target === undefined && image.containers === undefined);
  if (app === undefined) throw new Error('the app was not built');
  const hooks = made.find(({ target }) => target !== undefined);
  return {
    imageId: idOf(app),
    containerImageIds: containers.map(({ name }) =>
      idOf(made.find((image) => image.containers?.includes(name) === true) ?? app),
    ),
    hookImageId: hooks === undefined ? null : idOf(hooks),
  };
}
