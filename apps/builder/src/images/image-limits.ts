import { BuilderConfig } from '@nexos/config';
import { ImagesRepository } from '@nexos/state';
import { DeploymentFailure } from '@nexos/domain';
import { type BuiltImageFacts, EngineNotFoundError, type ImageLayer, Images } from '@nexos/engine';
import { Injectable } from '@nestjs/common';
import type { BuildTask } from '../builds/build-task.js';

const MIB = 1024 * 1024;

type LayersByImage = Map<string, ImageLayer[]>;

/**
 * How much the images of one project may take on this machine. A layer that several of them share counts once; one that
 * they share with other projects, such as the base, counts for each project.
 */
@Injectable()
export class ImageLimits {
  constructor(
    private readonly images: Images,
    private readonly needed: ImagesRepository,
    private readonly config: BuilderConfig,
  ) {}

  /**
   * Makes room for an image that was built: versions that nobody uses are given up, the oldest first. Whoever builds
   * for the same project at the same time sees this image, and this one theirs: the last of them sees all.
   *
   * @throws {DeploymentFailure} `image_too_large`, or `image_limit` when there is not enough room even so
   */
  async makeRoom(order: BuildTask, imageId: string): Promise<void> {
    const { imageMaxMb, projectImagesMaxMb } = this.config;
    const [{ sizeBytes }, images] = await Promise.all([
      this.images.inspect(imageId),
      this.images.list({ projectId: order.project.id }),
    ]);
    if (sizeBytes > imageMaxMb * MIB) {
      throw new DeploymentFailure(
        'image_too_large',
        `The image has ${inMib(sizeBytes)}, and may have ${imageMaxMb} MiB. Make it smaller, for example with a smaller base image or a second build stage, or ask the operator to raise IMAGE_MAX_MB.`,
      );
    }
    // Without what they share they take less than that, and which layers they have is asked of each.
    const atMost = images.reduce((sum, image) => sum + image.sizeBytes, 0);
    if (atMost <= projectImagesMaxMb * MIB) return;
    const layers = await this.layersOf(images);
    const tooMuch = (taken: number) =>
      new DeploymentFailure(
        'image_limit',
        `With this image of ${inMib(sizeBytes)} the project's images take ${inMib(taken)}, and may take ${projectImagesMaxMb} MiB. Make the image smaller, destroy environments that are not needed, or ask the operator to raise PROJECT_IMAGES_MAX_MB.`,
      );
    // Then no other image's going would help.
    const own = bytesOf([layers.get(imageId) ?? []]);
    if (own > projectImagesMaxMb * MIB) throw tooMuch(own);
    const oldestFirst = images.filter(({ deploymentId }) => deploymentId !== order.deployment.id).reverse();
    for (const image of oldestFirst) {
      if (bytesOf(layers.values()) <= projectImagesMaxMb * MIB) return;
      if (await this.giveUp(image, order)) layers.delete(image.id);
    }
    const taken = bytesOf(layers.values());
    if (taken > projectImagesMaxMb * MIB) throw tooMuch(taken);
  }

  /** A container that is on its way out may still hold the image; then it is removed with the next clean-up. */
  private async giveUp(
    { id, environmentId, deploymentId }: BuiltImageFacts,
    order: BuildTask,
  ): Promise<boolean> {
    const old = await this.needed.giveUpOld(environmentId, [deploymentId], { keepPrevious: false });
    if (!old.includes(deploymentId)) return false;
    if ((await this.images.remove(id, order.guard)) === 'in-use') return false;
    order.log.say(`removed the image of ${deploymentId}, to make room for this one`);
    return true;
  }

  /** By image; one that has gone meanwhile takes nothing. */
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

function bytesOf(images: Iterable<readonly ImageLayer[]>): number {
  const sizes = new Map([...images].flat().map(({ id, sizeBytes }) => [id, sizeBytes]));
  return [...sizes.values()].reduce((sum, size) => sum + size, 0);
}

function inMib(bytes: number): string {
  return `${Math.ceil(bytes / MIB)} MiB`;
}
