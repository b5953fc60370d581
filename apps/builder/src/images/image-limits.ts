import { BuilderConfig } from '@nexos/config';
import { ImagesRepository } from '@nexos/state';
import { DeploymentFailure } from '@nexos/domain';
import { type BuiltImageFacts, EngineNotFoundError, type ImageLayer, Images } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import type { BuildTask } from '../builds/build-task.js';

const MIB = 1024 * 1024;

/** A newly built image. */
export interface NewImage {
  readonly id: string;
  /** The stage of the Dockerfile that `hooks.target` names. */
  readonly target?: string;
  /** The containers beside the app that run it. Without either, it is the app's image. */
  readonly containers?: readonly string[];
}

type LayersByImage = Map<string, ImageLayer[]>;

/**
 * Limits the disk space that one project's images take on this machine. A layer shared within the project counts once;
 * one shared with other projects, such as a base image, counts for each project.
 */
@Injectable()
export class ImageLimits {
  constructor(
    private readonly images: Images,
    private readonly imageRows: ImagesRepository,
    private readonly config: BuilderConfig,
  ) {}

  /**
   * Makes room for the newly built images of a deployment by evicting unused versions, oldest first. Concurrent builds of a project see
   * each other's images, so the last to finish counts them all.
   *
   * @throws {DeploymentFailure} `image_too_large`, or `image_limit` when evicting does not free enough
   */
  async makeRoom(task: BuildTask, built: readonly NewImage[]): Promise<void> {
    const { imageMaxMb, projectImagesMaxMb } = this.config;
    const [sizes, images] = await Promise.all([
      Promise.all(
        built.map(async (image) => {
          const { sizeBytes } = await this.images.inspect(image.id);
          return { sizeBytes, purpose: purposeOf(image) };
        }),
      ),
      this.images.list({ projectId: task.project.id }),
    ]);
    const { sizeBytes, purpose } = sizes.reduce((most, one) => (one.sizeBytes > most.sizeBytes ? one : most));
    if (sizeBytes > imageMaxMb * MIB) {
      throw new DeploymentFailure(
        'image_too_large',
        `The image${purpose} is ${formatMib(sizeBytes)}; the limit is ${imageMaxMb} MiB. Make it smaller, for example with a smaller base image or a multi-stage build, or ask the operator to raise IMAGE_MAX_MB.`,
      );
    }
    // An upper bound, since shared layers count twice here; it avoids asking the engine for the layers of each image.
    const upperBound = images.reduce((sum, image) => sum + image.sizeBytes, 0);
    if (upperBound <= projectImagesMaxMb * MIB) return;
    const layers = await this.layersOf(images);
    const size = formatMib(sizeBytes);
    const image = purpose === '' ? `this image of ${size}` : `the image${purpose}, which is ${size}`;
    const limitExceeded = (taken: number) =>
      new DeploymentFailure(
        'image_limit',
        `With ${image}, the project's images take ${formatMib(taken)}; the limit is ${projectImagesMaxMb} MiB. Make the image smaller, destroy environments that you no longer need, or ask the operator to raise PROJECT_IMAGES_MAX_MB.`,
      );
    // Evicting other images would not help then.
    const own = totalBytes(built.map(({ id }) => layers.get(id) ?? []));
    if (own > projectImagesMaxMb * MIB) throw limitExceeded(own);
    const oldestFirst = images.filter(({ deploymentId }) => deploymentId !== task.deployment.id).reverse();
    for (const image of oldestFirst) {
      if (totalBytes(layers.values()) <= projectImagesMaxMb * MIB) return;
      if (await this.evict(image, task)) layers.delete(image.id);
    }
    const taken = totalBytes(layers.values());
    if (taken > projectImagesMaxMb * MIB) throw limitExceeded(taken);
  }

  /** Returns false when the image stays; one that a stopping container still holds is removed by the next cleanup. */
  private async evict(
    { id, environmentId, deploymentId }: BuiltImageFacts,
    task: BuildTask,
  ): Promise<boolean> {
    const old = await this.imageRows.evictOld(environmentId, [deploymentId], { keepPrevious: false });
    if (!old.includes(deploymentId)) return false;
    if ((await this.images.remove(id, task.guard)) === 'in-use') return false;
    task.log.note(`removed the image of ${deploymentId} to make room for this one`);
    return true;
  }

  /** Returns the layers by image, without images that were removed meanwhile. */
  private async layersOf(images: readonly BuiltImageFacts[]): Promise<LayersByImage> {
    const found: LayersByImage = new Map();
    for (const { id } of images) {
      try {
        found.set(id, await this.images.layers(id));
      } catch (error) {
        if (!(error instanceof EngineNotFoundError)) throw error;
      }
    }
    return found;
  }
}

function purposeOf({ target, containers }: NewImage): string {
  if (target !== undefined) return ` of the stage ${target} (hooks.target)`;
  return containers === undefined ? '' : ` of the container ${containers.join(', ')}`;
}

function totalBytes(images: Iterable<readonly ImageLayer[]>): number {
  const sizes = new Map([...images].flat().map(({ id, sizeBytes }) => [id, sizeBytes]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

function formatMib(bytes: number): string {
  return `${Math.ceil(bytes / MIB)} MiB`;
}
